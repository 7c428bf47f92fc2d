import { expect, it } from "vitest";

import { endedSessions, removedKeys } from "./credentialWords";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const key = (expiresAt: string, lastUsedAt: string | null = null) => ({ expiresAt, lastUsedAt });
const [past, future] = ["2026-02-01T00:00:00Z", "2027-02-01T00:00:00Z"] as const;

it.each([
  [[], "no API keys: it has none"],
  [[key(future)], "1 API key, never used: programs that use it stop working"],
  [[key(past)], "1 API key, which has expired"],
  [[key(past), key(past)], "2 API keys, all of which have expired"],
  [
    [key(future, "2026-03-01T09:00:00Z"), key(past, "2026-01-01T09:00:00Z"), key(future)],
    "3 API keys, 1 of them expired, last used 3 hours ago: programs that use them stop working",
  ],
])("%j", (keys, text) => {
  expect(removedKeys(keys, NOW)).toBe(text);
});

it("counts sessions", () => {
  expect([0, 1, 1_200].map(endedSessions)).toEqual([
    "no sessions: it is not signed in",
    "1 open session: it is signed out at once, on every device",
    "1,200 open sessions: it is signed out at once, on every device",
  ]);
});
