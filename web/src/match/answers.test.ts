// Answers reach the page whatever else happens: over the real client, with a server whose answers are held back.
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { EXAMPLE_MATCH } from "./example_match";

interface Request {
  readonly signal: AbortSignal | null | undefined;
  answer(score: number): void;
  respond(response: Response): void;
  fail(): void;
}
const requests: Request[] = [];

/** As `fetch`: rejected when its signal is aborted. */
function fetchLike(_: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { signal } = init ?? {};
    const abort = (): void => reject(new DOMException("The operation was aborted.", "AbortError"));
    if (signal?.aborted) {
      abort();
    }
    signal?.addEventListener("abort", abort);
    requests.push({
      signal,
      respond: resolve,
      answer: (score) => resolve(Response.json({ data: { matchResume: { ...EXAMPLE_MATCH, id: `m${requests.length}`, score } } })),
      fail: () => reject(new TypeError("Failed to fetch")),
    });
  });
}

/** Lets everything that is waiting go on. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve));
  }
};

async function load() {
  const { useMatching } = await import("./matching");
  const { connectSession } = await import("../api/client");
  return { matching: useMatching(), connectSession };
}

beforeEach(() => {
  vi.resetModules();
  requests.length = 0;
  vi.stubGlobal("location", new URL("http://127.0.0.1/match"));
  vi.stubGlobal("fetch", fetchLike);
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const pair = { resume: { text: "a resume" }, job: { text: "a posting" } };

test("the same texts matched again right after a stop have their own request and answer", async () => {
  const { matching } = await load();
  const first = matching.run(pair);
  await settle();
  matching.stop();
  const second = matching.run(pair);
  await settle();
  expect(requests).toHaveLength(2);
  expect(await first).toBe(false);
  requests[1]?.answer(0.5);
  expect(await second).toBe(true);
  expect(matching.matched.value?.match.score).toBe(0.5);
  expect(matching.problem.value).toBeNull();
  expect(matching.isRunning.value).toBe(false);
});

test("of two matches, the newer one is shown, in whatever order their answers arrive", async () => {
  const { matching } = await load();
  const first = matching.run(pair);
  await settle();
  const second = matching.run({ ...pair, job: { text: "another posting" } });
  await settle();
  expect(requests.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  requests[1]?.answer(0.7);
  expect([await first, await second]).toEqual([false, true]);
  expect(matching.matched.value?.match.score).toBe(0.7);
});

test("an invalid pair does not end the match in progress", async () => {
  const { matching } = await load();
  const first = matching.run(pair);
  await settle();
  expect(await matching.run({ ...pair, job: { text: " " } })).toBe(false);
  expect(matching.messages.job).not.toBe("");
  requests[0]?.answer(0.6);
  expect(await first).toBe(true);
  expect(matching.matched.value?.match.score).toBe(0.6);
});

test("a session that is renewed in mid-request does not cost the answer", async () => {
  const { matching, connectSession } = await load();
  let finishRenewal = (_: "renewed" | "ended" | "unreachable"): void => undefined;
  const renewal = () => new Promise<"renewed" | "ended" | "unreachable">((resolve) => (finishRenewal = resolve));
  connectSession({ isOwn: async () => true, renew: renewal, freshen: async () => undefined, continues: async () => true });
  const unauthorized = () => Response.json({ errors: [{ message: "expired", extensions: { code: "UNAUTHENTICATED" } }] }, { status: 401 });

  const renewed = matching.run(pair);
  await settle();
  requests[0]?.respond(unauthorized());
  await settle();
  expect(matching.isRunning.value).toBe(true);
  finishRenewal("renewed");
  await settle();
  requests[1]?.answer(0.4);
  expect(await renewed).toBe(true);
  expect(matching.matched.value?.match.score).toBe(0.4);

  for (const [outcome, kind] of [["ended", "signed-out"], ["unreachable", "offline"]] as const) {
    const refused = matching.run(pair);
    await settle();
    requests.at(-1)?.respond(unauthorized());
    await settle();
    finishRenewal(outcome);
    expect(await refused).toBe(false);
    expect(matching.problem.value?.kind).toBe(kind);
    expect(matching.isRunning.value).toBe(false);
  }
  // The result of before stays.
  expect(matching.matched.value?.match.score).toBe(0.4);
});

test("a request without an answer is told, whatever the server sends", async () => {
  const { matching } = await load();
  for (const end of [
    (request: Request) => request.fail(),
    (request: Request) => request.respond(new Response("Bad Gateway", { status: 502, statusText: "Bad Gateway" })),
    (request: Request) => request.respond(new Response("", { status: 200 })),
    (request: Request) => request.respond(Response.json({ data: null })),
  ]) {
    const done = matching.run(pair);
    await settle();
    end(requests.at(-1) as Request);
    expect(await done).toBe(false);
    expect(matching.problem.value).not.toBeNull();
    expect(matching.isRunning.value).toBe(false);
  }
});
