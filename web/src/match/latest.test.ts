import { expect, test } from "vitest";

import { latestOnly } from "./latest";

function deferred() {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test("the first input runs at once, and only the newest of the others runs after it", async () => {
  const started: number[] = [];
  const gates = [deferred(), deferred()];
  const push = latestOnly(async (input: number) => {
    started.push(input);
    await gates[started.length - 1]?.promise;
  });
  const done = push(1);
  expect(started).toEqual([1]);
  void push(2);
  void push(3);
  expect(started).toEqual([1]);
  gates[0]?.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect(started).toEqual([1, 3]);
  gates[1]?.resolve();
  await done;
  await push(4);
  expect(started).toEqual([1, 3, 4]);
});

test("a failed run does not prevent the next one", async () => {
  const started: string[] = [];
  const push = latestOnly(async (input: string) => {
    started.push(input);
    if (input === "bad") {
      throw new Error("failed");
    }
  });
  await expect(push("bad")).rejects.toThrow("failed");
  await push("good");
  expect(started).toEqual(["bad", "good"]);
});
