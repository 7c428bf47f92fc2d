import { expect, test } from "vitest";

import { EMPTY_VIEW, filterOf } from "./auditFilter";

test("only filters that are set are sent", () => {
  expect(filterOf(EMPTY_VIEW)).toEqual({});
  expect(filterOf({ ...EMPTY_VIEW, action: "LOGIN", outcome: "refused" })).toEqual({ action: "LOGIN", refused: true });
  expect(filterOf({ ...EMPTY_VIEW, outcome: "succeeded" })).toEqual({ refused: false });
});

test("a username is normalized as the id is, an id of an identity provider is exact", () => {
  expect(filterOf({ ...EMPTY_VIEW, account: " Ann.Smith " }).account).toBe("ann.smith");
  expect(filterOf({ ...EMPTY_VIEW, account: "Ａｎｎ" }).account).toBe("ann");
  expect(filterOf({ ...EMPTY_VIEW, account: "~AbC" }).account).toBe("~AbC");
});

test("local times are sent as instants, incomplete ones not at all", () => {
  const since = "2026-11-28T19:45";
  expect(filterOf({ ...EMPTY_VIEW, since, until: "2026-11-" })).toEqual({ since: new Date(2026, 10, 28, 19, 45).toISOString() });
});
