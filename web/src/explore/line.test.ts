import { buildSchema } from "graphql";
import { expect, it } from "vitest";

import { lineOf } from "./line";
import { type Caller, rulesOf } from "./rules";

const schema = buildSchema(`
  enum Permission { READ_USERS }
  directive @cost(weight: Int!, per: String) on FIELD_DEFINITION
  directive @auth(requires: Permission!, orOwner: Boolean! = false) on FIELD_DEFINITION
  type Query {
    free: Int
    dear(n: Int): Int @cost(weight: 40)
    users: [Friend] @auth(requires: READ_USERS) @cost(weight: 5)
    friend: Friend
  }
  type Friend { friends: [Friend] }`);
const known = { schema, rules: rulesOf(schema) };
const ann: Caller = { signedIn: true, permissions: new Set() };
const quota = { limit: 10_000, used: 340, resetsAt: "2026-11-28T20:00:00.000Z" };

const text = (query: string, variables = "", of: typeof quota | null = quota) => lineOf(known, { query, variables }, ann, of);

it("states the cost and what is left", () => {
  expect(text("{ dear }")).toEqual({ kind: "normal", text: "This will cost 40 of your 9,660 left." });
  expect(text("{ free }").text).toContain("This will cost nothing.");
  expect(text("{ dear }", "", null).text).toBe("This will cost 40 units.");
  expect(text("query A { dear } query B { dear other: dear }").text).toContain("A 40, B 80");
});

it("warns if too little is left, and of fields that are refused", () => {
  const short = lineOf(known, { query: "{ dear }", variables: "" }, ann, { ...quota, used: 9_990 });
  expect(short.kind).toBe("warning");
  expect(short.text).toMatch(/^This costs 40, but you have only 10 left until /u);
  expect(text("{ dear users { friends { friends { __typename } } } }")).toEqual({
    kind: "warning",
    text: "This will cost 40 of your 9,660 left. Your account may not use Query.users.",
  });
});

it("says why there is no cost", () => {
  expect(text("{ dear").text).toBe("The operation is not complete yet.");
  expect(text("{ dear }", "[1]")).toEqual({ kind: "warning", text: "The variables are not a JSON object." });
  expect(text("{ dead }").kind).toBe("warning");
  expect(text("query($n: Int!) { dear(n: $n) }").text).toContain("$n");
  // A cyclic fragment has no cost; the server refuses it as well.
  expect(text("{ friend { ...F } } fragment F on Friend { friends { ...F } }").text).toContain("within itself");
});
