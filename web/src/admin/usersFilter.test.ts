import { expect, test } from "vitest";

import { filterOf, orderBy } from "./usersFilter";

test("only filters that are set are sent", () => {
  const order = { field: "USERNAME", direction: "ASC" } as const;
  expect(filterOf({ search: "  ", state: "any", role: "", order })).toEqual({});
  expect(filterOf({ search: " Ann ", state: "disabled", role: "USER", order })).toEqual({ search: "Ann", enabled: false, role: "USER" });
});

test("pressing a column orders by it, and again turns the order around", () => {
  const first = orderBy({ field: "USERNAME", direction: "DESC" }, "CREATED_AT");
  expect(first).toEqual({ field: "CREATED_AT", direction: "ASC" });
  expect(orderBy(first, "CREATED_AT")).toEqual({ field: "CREATED_AT", direction: "DESC" });
  expect(orderBy({ field: "CREATED_AT", direction: "DESC" }, "CREATED_AT").direction).toBe("ASC");
});
