// Tabs of one browser whose storage reaches the others late, as that of processes does on a busy computer.
import { expect, it } from "vitest";

import { createSession } from "./session-core";
import { done, pass, server, setUp } from "./session-setup";
import { connectTabs } from "./tabs";

setUp();

/** A browser: messages arrive after 1 ms, stored values after `lag`, and locks are granted in order. */
class Browser {
  private readonly handlers: ((event: MessageEvent) => void)[] = [];
  private readonly held = new Map<object, string>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly stores: Map<string, string>[] = [];

  constructor(private readonly lag: number) {}

  tab() {
    const stored = new Map<string, string>();
    this.stores.push(stored);
    const set = (values: Map<string, string>, key: string, value: string | null) =>
      value === null ? values.delete(key) : values.set(key, value);
    let own: ((event: MessageEvent) => void) | undefined;
    const request = async (name: string, ...rest: unknown[]): Promise<unknown> => {
      const work = rest.at(-1) as () => Promise<unknown>;
      const run = async (): Promise<unknown> => {
        const lock = {};
        this.held.set(lock, name);
        return work().finally(() => this.held.delete(lock));
      };
      if (rest.length > 1) {
        return run();
      }
      const result = this.queue.then(run);
      this.queue = result.catch(() => undefined);
      return result;
    };
    return connectTabs({
      read: (key) => stored.get(key) ?? null,
      store: (key, value) => {
        set(stored, key, value);
        for (const other of this.stores.filter((values) => values !== stored)) {
          setTimeout(() => set(other, key, value), this.lag);
        }
      },
      locks: { request, query: async () => ({ held: [...this.held.values()].map((name) => ({ name })) }) } as unknown as LockManager,
      channel: {
        postMessage: (data: unknown) => {
          for (const handle of this.handlers.filter((handle) => handle !== own)) {
            setTimeout(() => handle({ data } as MessageEvent), 1);
          }
        },
        addEventListener: (_: string, handle: unknown) => {
          own = handle as (event: MessageEvent) => void;
          this.handlers.push(own);
        },
      } as unknown as BroadcastChannel,
    });
  }
}

async function openTabs(lag: number) {
  const browser = new Browser(lag);
  const first = createSession(server.tab(), browser.tab());
  await done(first.check());
  await done(first.signIn("ann", "ann-password"));
  const others = [createSession(server.tab(), browser.tab()), createSession(server.tab(), browser.tab())];
  await pass(lag);
  await done(Promise.all(others.map((tab) => tab.check())));
  return [first, ...others];
}

it.each([0, 300, 5_000])("tabs renew once although their storage is %i ms late", async (lag) => {
  const tabs = await openTabs(lag);
  for (let round = 1; round <= 5; round += 1) {
    await pass(840_000 + 100);
    expect(server.refreshes).toBe(round);
  }
  expect(tabs.map(({ state }) => state.status)).toEqual(["signed-in", "signed-in", "signed-in"]);
});

it("a tab uses a renewal that it learns of only by the lock", async () => {
  const [first, second] = await openTabs(60_000);
  const since = Date.now();
  await pass(10);
  const outcomes = await done(Promise.all([first?.renew(since), second?.renew(since)]));
  expect(outcomes).toEqual(["renewed", "renewed"]);
  expect(server.refreshes).toBe(1);
});
