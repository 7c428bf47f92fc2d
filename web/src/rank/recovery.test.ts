import { CombinedError } from "@urql/core";
import { expect, it, vi } from "vitest";

import { pause, recoveryFrom } from "./recovery";

const refusal = (code: string, more: Record<string, unknown> = {}) => new CombinedError({ graphQLErrors: [{ message: "", extensions: { code, ...more } }] });

it("sends fewer texts if the request costs too much, each time fewer", () => {
  expect(recoveryFrom(refusal("QUERY_TOO_COMPLEX", { maximum: 200 }), 50)).toEqual({ kind: "split", maxTexts: 9 });
  expect(recoveryFrom(refusal("QUERY_TOO_COMPLEX", { maximum: 200 }), 9)).toEqual({ kind: "split", maxTexts: 8 });
  expect(recoveryFrom(refusal("QUERY_TOO_COMPLEX", { maximum: 200 }), 1)).toEqual({ kind: "end" });
  expect(recoveryFrom(refusal("QUERY_TOO_COMPLEX", { maximum: 39 }), 50)).toEqual({ kind: "end" });
  expect(recoveryFrom(refusal("QUERY_TOO_COMPLEX"), 50)).toEqual({ kind: "end" });
});

it("waits for the time that a rate limit names, and ends for any other error", () => {
  expect(recoveryFrom(refusal("RATE_LIMITED", { retryAfter: 3 }), 5)).toEqual({ kind: "wait", milliseconds: 3_000 });
  expect(recoveryFrom(refusal("RATE_LIMITED"), 5)).toEqual({ kind: "end" });
  expect(recoveryFrom(refusal("QUOTA_EXCEEDED", { retryAfter: 3 }), 5)).toEqual({ kind: "end" });
  expect(recoveryFrom(new TypeError("Failed to fetch"), 5)).toEqual({ kind: "end" });
});

it("a pause ends at its time, or when it is aborted", async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  let ended = 0;
  const count = (): number => (ended += 1);
  void pause(1_000, controller.signal).then(count);
  void pause(9_000, controller.signal).then(count);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ended).toBe(1);
  controller.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(ended).toBe(2);
  vi.useRealTimers();
});
