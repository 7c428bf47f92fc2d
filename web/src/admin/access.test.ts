import { describe, expect, test } from "vitest";

import type { Permission } from "../gql/graphql";
import { alternatives, explain, type Question } from "./access";

const ROLES: NonNullable<Question["roles"]> = [
  { name: "ADMIN", permissions: ["MATCH_RESUME", "READ_AUDIT", "READ_USERS"] },
  { name: "USER", permissions: ["MATCH_RESUME"] },
];

function question(
  requires: Permission | null,
  names: readonly string[],
  { allowed, enabled = true, ...rest }: { allowed: boolean; enabled?: boolean } & Partial<Question>,
): Question {
  const roles = names.map((role) => {
    const permissions = [...(ROLES.find(({ name }) => name === role)?.permissions ?? [])];
    return { role, permissions, grants: requires === null || permissions.includes(requires) };
  });
  const access = { enabled, decision: { field: "Query.x", allowed, requires }, roles };
  return { username: "Ann", isExternal: false, access, roles: ROLES, ...rest };
}

describe("an access decision", () => {
  test("names each role that grants the permission", () => {
    const { allowed, steps, remedy } = explain(question("MATCH_RESUME", ["USER", "TRAINEE"], { allowed: true }));
    expect(allowed).toBe(true);
    expect(steps).toContainEqual({ kind: "yes", text: 'Role USER grants "Match a resume".' });
    expect(steps).toContainEqual({ kind: "note", text: "Role TRAINEE does not grant it." });
    expect(remedy).toBe("");
  });

  test("says what is missing and which roles would grant it", () => {
    const { allowed, steps, conclusion, remedy } = explain(question("READ_AUDIT", ["USER"], { allowed: false }));
    expect(allowed).toBe(false);
    expect(steps.at(-1)).toEqual({ kind: "no", text: "Role USER does not grant it." });
    expect(conclusion).toBe("Not allowed: Ann may not do this.");
    expect(remedy).toBe('Missing: "Read the audit trail". The role that grants it: ADMIN.');
    expect(explain(question("MATCH_RESUME", [], { allowed: false })).remedy).toMatch(/A role that grants it: ADMIN or USER\.$/);
  });

  test("does not list roles that the reader may not see", () => {
    const { remedy } = explain(question("READ_AUDIT", ["USER"], { allowed: false, roles: null }));
    expect(remedy).not.toContain("ADMIN");
    expect(remedy).toContain("Manage roles");
  });

  test("puts a disabled account first, and needs it enabled", () => {
    const granted = explain(question("MATCH_RESUME", ["USER"], { allowed: false, enabled: false }));
    expect(granted.allowed).toBe(false);
    expect(granted.steps[0]).toEqual({ kind: "no", text: "The account is disabled, so every request of it is refused." });
    expect(granted.remedy).toBe("Enable the account.");
    const both = explain(question("READ_AUDIT", ["USER"], { allowed: false, enabled: false }));
    expect(both.remedy).toMatch(/^Enable the account\. Missing/);
    expect(explain(question(null, ["USER"], { allowed: false, enabled: false })).allowed).toBe(false);
  });

  test("explains fields that need a sign-in only, and data of the own account", () => {
    expect(explain(question(null, [], { allowed: true })).steps).toEqual([{ kind: "yes", text: "Needs no permission: a sign-in is enough." }]);
    const own = explain(question("READ_USERS", ["USER"], { allowed: true }));
    expect(own.allowed).toBe(true);
    expect(own.steps.at(-1)?.text).toContain("own account");
  });

  test("leaves the decision open for accounts of an identity provider", () => {
    const open = explain(question("READ_USERS", [], { allowed: false, isExternal: true }));
    expect(open.allowed).toBeNull();
    expect(open.conclusion).toContain("identity provider");
    expect(explain(question("READ_USERS", [], { allowed: false, isExternal: true, enabled: false })).allowed).toBe(false);
  });
});

test("names are listed as in a sentence", () => {
  expect([[], ["A"], ["A", "B"], ["A", "B", "C"]].map(alternatives)).toEqual(["", "A", "A or B", "A, B or C"]);
});
