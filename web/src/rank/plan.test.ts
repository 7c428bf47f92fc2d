import { describe, expect, it } from "vitest";

import { MESSAGE_BYTES, USUAL_MESSAGE_BYTES } from "./limits";
import { encodedSize, largestFile, planRequests, textsWithin } from "./plan";

const texts = (count: number, size: number) => Array.from({ length: count }, (_, id) => ({ id, size }));

describe("planRequests", () => {
  it("sends few small texts in one request, which costs 20 a text and 20 for the one", () => {
    const plan = planRequests(1_000, texts(5, 4_000));
    expect(plan.batches).toEqual([[0, 1, 2, 3, 4]]);
    expect(plan.cost).toBe(120);
  });

  it("divides 200 files of 100 KB, each request within the usual size", () => {
    const size = encodedSize(100_000);
    const plan = planRequests(4_000, texts(200, size));
    expect(plan.batches.flat()).toEqual(texts(200, 0).map(({ id }) => id));
    for (const batch of plan.batches) {
      expect(batch.length * size).toBeLessThanOrEqual(USUAL_MESSAGE_BYTES);
    }
    expect(plan.cost).toBe(20 * (200 + plan.batches.length));
  });

  it("sends a file above the usual size by itself, and refuses one above the limit", () => {
    const plan = planRequests(1_000, [
      { id: 1, size: 10 },
      { id: 2, size: MESSAGE_BYTES - 1_000 },
      { id: 3, size: MESSAGE_BYTES - 999 },
      { id: 4, size: 10 },
    ]);
    expect(plan.batches).toEqual([[1], [2], [4]]);
    expect(plan.tooLarge).toEqual([3]);
    expect(plan.cost).toBe(20 * (3 + 3));
  });

  it("respects the most texts of a request", () => {
    expect(planRequests(0, texts(5, 1), 2).batches).toEqual([[0, 1], [2, 3], [4]]);
  });

  it("costs nothing without texts", () => {
    expect(planRequests(0, [])).toEqual({ batches: [], tooLarge: [], cost: 0 });
  });
});

it("states the largest file that still fits", () => {
  const one = 12_345;
  const largest = largestFile(one);
  expect(encodedSize(largest)).toBeLessThanOrEqual(MESSAGE_BYTES - one);
  expect(encodedSize(largest + 3)).toBeGreaterThan(MESSAGE_BYTES - one);
});

it("counts the texts within a maximum cost", () => {
  expect(textsWithin(200)).toBe(9);
  expect(textsWithin(39)).toBe(0);
});
