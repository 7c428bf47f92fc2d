import { expect, test } from "vitest";

import { isFixed, roleName, roleNote } from "./roleWords";

test("a typed name becomes one that the server accepts, where it can", () => {
  expect(roleName("  team lead ")).toBe("TEAM_LEAD");
  expect(roleName("hr-2")).toBe("HR_2");
  expect(roleName("RECRUITER")).toBe("RECRUITER");
  expect(roleName("é!")).toBe("É!");
});

test("only ADMIN is fixed, and only built-in roles have a note", () => {
  expect(isFixed({ name: "ADMIN", builtIn: true })).toBe(true);
  expect(isFixed({ name: "USER", builtIn: true })).toBe(false);
  expect(roleNote({ name: "GUEST", builtIn: true })).toBe("Visitors who are not signed in");
  expect(roleNote({ name: "GUEST2", builtIn: false })).toBe("");
});
