// Hands two texts to a match page in another tab of this browser, as when a row of a ranking is opened in a new tab. The
// address of that page has a random id only; the texts are sent from tab to tab, and no storage contains them.
import type { Handover } from "./handover";

type Message =
  | { readonly kind: "wanted"; readonly id: string }
  | { readonly kind: "given"; readonly id: string; readonly pair: Handover }
  | { readonly kind: "gone"; readonly id: string };

const CHANNEL = "portcullis-match";
const HASH = /^#from=([\w-]+)\.(.+)$/;
/** Milliseconds to wait for the other tab, which may be busy or have to load a job. */
const PATIENCE = 10_000;

/** Not `randomUUID`, which is absent in pages that the browser does not consider secure. */
const randomId = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** Answers the match pages of other tabs. `find` returns undefined for a name whose texts are gone. */
export function offerPairs(find: (name: string) => Promise<Handover | undefined>): { hashOf(name: string): string; close(): void } {
  const offer = randomId();
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    const name = data.kind === "wanted" && data.id.startsWith(`${offer}.`) ? data.id.slice(offer.length + 1) : undefined;
    if (name !== undefined) {
      const gone = { kind: "gone", id: data.id } satisfies Message;
      find(name)
        .then((pair) => channel.postMessage(pair ? { kind: "given", id: data.id, pair } : gone))
        .catch(() => channel.postMessage(gone));
    }
  });
  return { hashOf: (name) => `#from=${offer}.${name}`, close: () => channel.close() };
}

/** Whether the fragment of an address names a pair of another tab. */
export const namesPair = (hash: string): boolean => HASH.test(hash);

/** Asks the other tabs for the pair that the fragment of the address names; undefined if none has it any more. */
export function requestPair(hash: string, patience = PATIENCE): Promise<Handover | undefined> {
  const id = hash.slice("#from=".length);
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise<Handover | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience);
    channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
      if (data.kind !== "wanted" && data.id === id) {
        clearTimeout(timer);
        resolve(data.kind === "given" ? data.pair : undefined);
      }
    });
    channel.postMessage({ kind: "wanted", id } satisfies Message);
  }).finally(() => channel.close());
}
