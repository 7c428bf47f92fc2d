import { CombinedError } from "@urql/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { MESSAGE_BYTES, USUAL_MESSAGE_BYTES } from "../rank/limits";
import { createBatch, rest } from "./batch";
import type { Input } from "./inputs";
import { costOf, fits, inputSize, planRequests } from "./plan";

const inputs = (count: number, length = 10): Input[] =>
  Array.from({ length: count }, (_, index) => ({ line: index + 2, instance: { text: `${index} ${"é".repeat(length)}` } }));
const answer = (sent: readonly Input[]) =>
  sent.map(({ line }) => ({ label: String(line), score: 1, scores: [], truncated: false }));
const refused = (code: string, more: Record<string, unknown> = {}, message = "refused") =>
  new CombinedError({ graphQLErrors: [{ message, extensions: { code, ...more } }] });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("divides inputs by their number and their size", () => {
  expect(planRequests([])).toEqual([]);
  expect(planRequests(inputs(5_000)).map(({ length }) => length)).toEqual([...Array<number>(19).fill(256), 136]);
  expect(costOf(inputs(5_000))).toBe(200);
  expect(costOf(inputs(256))).toBe(10);
  const large = planRequests(inputs(20, 500_000));
  expect(large.flat()).toHaveLength(20);
  for (const request of large) {
    expect(request.reduce((size, input) => size + inputSize(input), 0)).toBeLessThanOrEqual(USUAL_MESSAGE_BYTES);
  }
  // One that is above the usual size is sent by itself.
  const [huge] = inputs(1, 2_000_000);
  expect(huge && planRequests([...inputs(1), huge, ...inputs(1)]).map(({ length }) => length)).toEqual([1, 1, 1]);
  expect(huge && fits(huge)).toBe(true);
  expect(fits({ line: 1, instance: { text: "x".repeat(MESSAGE_BYTES) } })).toBe(false);
});

it("sends one request after the other and keeps the order", async () => {
  let atOnce = 0;
  const batch = createBatch(async (sent) => {
    atOnce += 1;
    expect(atOnce).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    atOnce -= 1;
    return answer(sent);
  });
  const done = batch.start(inputs(600));
  await vi.advanceTimersByTimeAsync(6);
  expect(batch.state).toMatchObject({ phase: "running" });
  expect(batch.state.predictions).toHaveLength(256);
  await vi.advanceTimersByTimeAsync(20);
  await done;
  expect(batch.state.phase).toBe("done");
  expect(batch.state.predictions.map(({ label }) => label)).toEqual(inputs(600).map(({ line }) => String(line)));
});

it("keeps the predictions when a request fails, and continues with the others only", async () => {
  const sent: number[] = [];
  let isUp = true;
  const batch = createBatch(async (part) => {
    if (sent.length === 2 && isUp) {
      isUp = false;
      throw new CombinedError({ networkError: new TypeError("Failed to fetch") });
    }
    sent.push(part.length);
    return answer(part);
  });
  await batch.start(inputs(1_000));
  expect(batch.state).toMatchObject({ phase: "interrupted", problem: { kind: "offline" } });
  expect(rest(batch.state)).toHaveLength(488);
  await batch.resume();
  expect(batch.state).toMatchObject({ phase: "done", problem: null });
  expect(sent).toEqual([256, 256, 256, 232]);
  expect(batch.state.predictions.map(({ label }) => label)).toEqual(inputs(1_000).map(({ line }) => String(line)));
});

it("stops, and ignores the answer that is still under way", async () => {
  const signals: AbortSignal[] = [];
  const batch = createBatch(async (part, signal) => {
    signals.push(signal);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return answer(part);
  });
  const done = batch.start(inputs(600));
  await vi.advanceTimersByTimeAsync(7);
  batch.stop();
  await vi.advanceTimersByTimeAsync(20);
  await done;
  expect(batch.state.phase).toBe("stopped");
  expect(batch.state.predictions).toHaveLength(256);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});

it("waits as long as the server asks for, and ends with a used-up quota", async () => {
  const errors = [refused("RATE_LIMITED", { retryAfter: 4 }), undefined, refused("QUOTA_EXCEEDED", { retryAfter: 900 })];
  const batch = createBatch(async (part) => {
    const error = errors.shift();
    if (error) {
      throw error;
    }
    return answer(part);
  });
  const done = batch.start(inputs(600));
  await vi.advanceTimersByTimeAsync(3_900);
  expect(batch.state).toMatchObject({ phase: "waiting", pauseSeconds: 4 });
  await vi.advanceTimersByTimeAsync(200);
  await done;
  expect(batch.state).toMatchObject({ phase: "interrupted", problem: { kind: "quota" } });
  expect(batch.state.predictions).toHaveLength(256);
});

it("names the line that the server refuses in a later request", async () => {
  let count = 0;
  const batch = createBatch(async (part) => {
    count += 1;
    if (count === 2) {
      throw refused("BAD_USER_INPUT", {}, "input 1: the text is empty");
    }
    return answer(part);
  });
  await batch.start(inputs(300));
  expect(batch.state).toMatchObject({ phase: "interrupted", problem: null, refused: { line: 259, message: "the text is empty" } });
});

it("sends fewer inputs at once to a server that does not finish them in time", async () => {
  const sent: number[] = [];
  const batch = createBatch(async (part) => {
    sent.push(part.length);
    if (part.length > 100) {
      throw refused("TIMEOUT");
    }
    return answer(part);
  });
  await batch.start(inputs(300));
  expect(batch.state.phase).toBe("done");
  expect(sent).toEqual([256, 64, 64, 64, 64, 44]);
  expect(batch.state.predictions.map(({ label }) => label)).toEqual(inputs(300).map(({ line }) => String(line)));
});
