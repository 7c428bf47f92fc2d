// The cases are those of the server's own tests in src/graphql/request/cost.rs.
import { buildSchema, parse } from "graphql";
import { describe, expect, it } from "vitest";

import { estimate, operationsOf, VariableError } from "./cost";
import { type Caller, rulesOf } from "./rules";

const schema = buildSchema(`
  enum Permission { READ_AUDIT PREDICT }
  directive @cost(weight: Int!, per: String) on FIELD_DEFINITION
  directive @auth(requires: Permission!, orOwner: Boolean! = false) on FIELD_DEFINITION
  directive @signedIn on FIELD_DEFINITION
  type Query {
    a: Int @cost(weight: 3)
    free: Int
    secret: Query @auth(requires: READ_AUDIT) @cost(weight: 100)
    mine: Int @auth(requires: READ_AUDIT, orOwner: true) @cost(weight: 50)
    session: Int @signedIn @cost(weight: 60)
    page(first: Int = 20): Page @cost(weight: 2)
    many(list: [Int], input: Many): Int @cost(weight: 7, per: "list")
    deep(input: Many): Int @cost(weight: 2, per: "input.of.list")
    either: Either
  }
  input Many { of: Of }
  input Of { list: [Int] }
  type Page { items: [Item!]! }
  type Item { dear: Int @cost(weight: 5) query: Query }
  type Other { dear: Int @cost(weight: 4) }
  union Either = Item | Other`);
const known = { schema, rules: rulesOf(schema) };
const ann: Caller = { signedIn: true, permissions: new Set(["PREDICT"]) };
const guest: Caller = { signedIn: false, permissions: new Set() };

function cost(text: string, variables: Record<string, unknown> = {}, caller = ann) {
  const document = parse(text);
  const [operation] = operationsOf(document).slice(-1);
  if (!operation) {
    throw new Error("no operation");
  }
  return estimate(known, document, operation, variables, caller);
}

describe("estimate", () => {
  it.each([
    ["{ free }", 0],
    ["{ a }", 3],
    ["{ __typename __schema { types { name } } a }", 3],
    ["{ a a ... { a } }", 3],
    ["fragment F on Query { e: a } { a b: a ... { c: a } ... on Query { d: a } ...F ...F }", 15],
    ["{ secret { a } }", 0],
    ["query One { a } query Two { a b: a }", 6],
    ["{ page { items { dear } } }", 2 + 20 * 5],
    ["{ page(first: 3) { items { dear query { a } } } }", 2 + 3 * 8],
    ["{ page(first: 3) { items { dear } } page(first: 3) { items { query { a } } } }", 2 + 3 * 8],
    ["{ page(first: 0) { items { dear } } }", 2],
    ["{ page(first: -1) { items { dear } } }", 2 + 20 * 5],
    ["{ page(first: null) { items { dear } } }", 2 + 20 * 5],
    ["query($n: Int = 4) { page(first: $n) { items { dear } } }", 2 + 4 * 5],
    ["query($n: Int) { page(first: $n) { items { dear } } }", 2 + 20 * 5],
    ["{ a @skip(if: true) b: a @include(if: false) c: a @skip(if: false) }", 3],
    ["{ either { ... on Item { dear } ... on Other { dear } } }", 9],
    ["{ either { __typename ... on Other { dear } } }", 4],
  ])("counts every selection: %s", (text, units) => {
    expect(cost(text).units).toBe(units);
  });

  it("counts pages and conditions of variables", () => {
    const text = "query($n: Int, $no: Boolean!) { page(first: $n) { items { dear @skip(if: $no) } } a }";
    expect(cost(text, { n: 7, no: false }).units).toBe(2 + 7 * 5 + 3);
    expect(cost(text, { n: 7, no: true }).units).toBe(2 + 3);
    const defaults = "query($v: Boolean! = true) { a @skip(if: $v) many @include(if: $v) }";
    expect(cost(defaults).units).toBe(7);
    expect(cost(defaults, { v: false }).units).toBe(3);
  });

  it.each([
    ["{ many }", 7],
    ["{ many(list: [1, 2]) }", 7 * 3],
    ["{ many(list: 1) }", 7 * 2],
    ["query($list: [Int]) { many(list: $list) }", 7 * 4],
    ["query($one: Int!) { many(list: 5) other: many(list: [$one, $one]) }", 7 * 2 + 7 * 3],
    ["query($none: [Int]) { many(list: $none) }", 7],
    ["query($absent: [Int] = [1]) { many(list: $absent) }", 7 * 2],
    ["query($absent: [Int]) { many(list: $absent) }", 7],
    ["query($input: Many) { deep(input: $input) }", 2 * 3],
    ["query($list: [Int]) { deep(input: { of: { list: $list } }) }", 2 * 4],
    ["{ deep(input: { of: {} }) }", 2],
  ])("counts lists by their length: %s", (text, units) => {
    expect(cost(text, { list: [1, 2, 3], input: { of: { list: [5, 6] } }, none: null, one: 5 }).units).toBe(units);
  });

  it("names what the caller may not select, which costs nothing", () => {
    expect(cost("{ secret { a } mine session }")).toEqual({ units: 110, refused: ["Query.secret"] });
    expect(cost("{ secret { a } mine session }", {}, guest)).toEqual({
      units: 0,
      refused: ["Query.secret", "Query.mine", "Query.session"],
    });
    const auditor: Caller = { signedIn: true, permissions: new Set(["READ_AUDIT"]) };
    expect(cost("{ secret { a } }", {}, auditor)).toEqual({ units: 103, refused: [] });
  });

  it("has a highest cost", () => {
    let document = "dear";
    for (let depth = 0; depth < 6; depth += 1) {
      document = `query { page(first: 2000000000) { items { ${document} } } }`;
    }
    expect(cost(document.replace("query", "")).units).toBe(2 ** 32 - 1);
  });

  it("refuses variables that do not fit", () => {
    expect(() => cost("query($n: Int!) { page(first: $n) { items { dear } } }")).toThrow(VariableError);
    expect(() => cost("query($n: Int) { page(first: $n) { items { dear } } }", { n: "seven" })).toThrow(VariableError);
  });
});
