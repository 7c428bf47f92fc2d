import { describe, expect, test } from "vitest";

import { GUARDED_FIELDS } from "../gql/guarded-fields";
import { FIELDS, fieldLabel, searchFields } from "./fieldWords";
import { PERMISSIONS } from "./permissions";

describe("the guarded fields", () => {
  test("each has words of its own", () => {
    const labels = FIELDS.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(GUARDED_FIELDS.filter(({ name }) => fieldLabel(name) === name)).toEqual([]);
  });

  test("are those of the schema, with their permissions", () => {
    expect(GUARDED_FIELDS.length).toBeGreaterThan(25);
    expect(GUARDED_FIELDS.find(({ name }) => name === "Query.matchResume")?.permission).toBe("MATCH_RESUME");
    expect(GUARDED_FIELDS.find(({ name }) => name === "User.email")?.orOwner).toBe(true);
    expect(GUARDED_FIELDS.find(({ name }) => name === "Mutation.eraseMe")?.permission).toBeNull();
    expect(GUARDED_FIELDS.some(({ name }) => name === "Query.viewer")).toBe(false);
    const permissions = new Set(GUARDED_FIELDS.map(({ permission }) => permission));
    expect(PERMISSIONS.filter((permission) => !permissions.has(permission))).toEqual([]);
  });

  test("are found by words, name and permission", () => {
    const names = (text: string) => searchFields(text).map(({ name }) => name);
    expect(names("RESUME match")).toContain("Query.matchResume");
    expect(names("query.users")).toEqual(["Query.users"]);
    expect(names("MANAGE_ROLES")).toContain("Mutation.putRole");
    expect(names("  ")).toHaveLength(FIELDS.length);
    expect(names("nothing of this kind")).toEqual([]);
  });
});
