import { describe, expect, it, vi } from "vitest";

import { parseLease, renewalDelay } from "./tabs";

describe("the shared lifetime of the cookie", () => {
  it("ignores stored text that is not one", () => {
    for (const text of [null, "", "1", "null", "{}", "[1]", '{"login":"a","renewedAt":1}', '{"login":1,"renewedAt":1,"until":2}']) {
      expect(parseLease(text)).toBeNull();
    }
    expect(parseLease('{"login":"a","renewedAt":1,"until":2,"more":3}')).toEqual({ login: "a", renewedAt: 1, until: 2 });
  });

  it("is over a minute early, or a third of a short lifetime", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    const now = Date.now();
    expect(renewalDelay({ login: "a", renewedAt: now, until: now + 900_000 })).toBe(840_000);
    expect(renewalDelay({ login: "a", renewedAt: now, until: now + 30_000 })).toBe(20_000);
    expect(renewalDelay({ login: "a", renewedAt: now - 10, until: now - 5 })).toBe(0);
    expect(renewalDelay({ login: "a", renewedAt: now, until: now + 10 ** 12 })).toBe(2 ** 31 - 1);
    vi.useRealTimers();
  });
});
