import { readFileSync } from "node:fs";
import { parse } from "graphql";
import { expect, it } from "vitest";

import { inlineOperations, operationOf } from "./inline-operations.mjs";

const fragments = new Map(
  parse("fragment A on Query { a { ...B } } fragment B on T { b } fragment C on T { c }").definitions.map((each) => [each.name.value, each]),
);
const folder = new URL("../src/", import.meta.url).pathname;

it("gives an operation its fragments, and those of the fragments", () => {
  expect(operationOf("query Q($id: ID!) { ...A  t(id: $id) { ...B } }", fragments)).toBe(
    "query Q($id:ID!){...A t(id:$id){...B}}fragment A on Query{a{...B}}fragment B on T{b}",
  );
});

it("removes a text that has fragments only", () => {
  expect(operationOf("fragment A on Query { a }", fragments)).toBeUndefined();
});

it("refuses an unknown fragment", () => {
  expect(() => operationOf("{ ...X }", fragments)).toThrow("the fragment X does not exist");
});

it("replaces every call in the console", () => {
  const plugin = inlineOperations(folder);
  plugin.buildStart();
  for (const name of ["api/session.ts", "admin/operations.ts", "pages/RegisterPage.vue", "predict/api.ts"]) {
    const code = readFileSync(folder + name, "utf8");
    const { code: built } = plugin.transform(code, folder + name);
    expect(code).toContain("graphql(`");
    expect(built).not.toContain("graphql(");
  }
});
