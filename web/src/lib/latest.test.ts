import { describe, expect, test } from "vitest";

import { latest } from "./latest";

/** A request that is answered when the test says so. */
function request<Result>() {
  let answer!: (result: Result) => void;
  let fail!: (error: Error) => void;
  const promise = new Promise<Result>((resolve, reject) => {
    [answer, fail] = [resolve, reject];
  });
  return { answer, fail, promise };
}

describe("the latest request", () => {
  test("is answered", async () => {
    expect(await latest().run(() => Promise.resolve(1))).toBe(1);
  });

  test("wins over an older one, in whatever order they are answered", async () => {
    const requests = latest();
    const [old, young] = [request<string>(), request<string>()];
    const results = [requests.run(() => old.promise), requests.run(() => young.promise)];
    young.answer("young");
    old.answer("old");
    expect(await Promise.all(results)).toEqual([undefined, "young"]);
  });

  test("cancels the older one, whose failure is not reported", async () => {
    const requests = latest();
    let signal: AbortSignal | undefined;
    const old = request<string>();
    const first = requests.run((given) => {
      signal = given;
      return old.promise;
    });
    const second = requests.run(() => Promise.resolve("young"));
    expect(signal?.aborted).toBe(true);
    old.fail(new Error("aborted"));
    expect(await first).toBeUndefined();
    expect(await second).toBe("young");
  });

  test("reports its own failure, unless it was cancelled", async () => {
    const requests = latest();
    await expect(requests.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    const open = request<string>();
    const result = requests.run(() => open.promise);
    requests.cancel();
    open.fail(new Error("aborted"));
    expect(await result).toBeUndefined();
  });
});
