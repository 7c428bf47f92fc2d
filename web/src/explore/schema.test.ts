import { isObjectType, parse } from "graphql";
import { expect, it } from "vitest";

import type { Caller } from "./rules";
import { schemaFor } from "./schema";

const document = parse(`
  enum Permission { PREDICT READ_USERS }
  directive @cost(weight: Int!, per: String) on FIELD_DEFINITION
  directive @auth(requires: Permission!, orOwner: Boolean! = false) on FIELD_DEFINITION
  directive @signedIn on FIELD_DEFINITION
  type Query {
    "First.\\n\\nSecond."
    predict: Int @auth(requires: PREDICT) @cost(weight: 10)
    rank(list: [Int], first: Int = 20): Int @auth(requires: PREDICT) @cost(weight: 20, per: "list")
    mine: Int @signedIn
    open: User
  }
  type User {
    email: String @auth(requires: READ_USERS, orOwner: true)
    "The name."
    name: String
  }`);

function description(caller: Caller, type: string, field: string): string | null | undefined {
  const found = schemaFor(document, caller).getType(type);
  return isObjectType(found) ? found.getFields()[field]?.description : undefined;
}

const ann: Caller = { signedIn: true, permissions: new Set(["PREDICT"]) };
const bob: Caller = { signedIn: true, permissions: new Set() };
const guest: Caller = { signedIn: false, permissions: new Set() };

it("states permission and cost at the end of the first paragraph", () => {
  expect(description(ann, "Query", "predict")).toBe("First.  \n**Requires PREDICT** · you may use it · costs 10\n\nSecond.");
  expect(description(bob, "Query", "predict")).toContain("your account lacks it");
  expect(description(guest, "Query", "predict")).toContain("you are not signed in");
});

it("states costs for each item", () => {
  expect(description(ann, "Query", "rank")).toBe(
    "**Requires PREDICT** · you may use it · costs 20, and 20 for each item of `list` · what is selected inside counts once for each item of the page",
  );
});

it("states what needs a session, an owner, or nothing", () => {
  expect(description(bob, "Query", "mine")).toBe("**Requires a session** · you may use it · costs nothing by itself");
  expect(description(guest, "Query", "mine")).toContain("you are not signed in");
  expect(description(bob, "User", "email")).toBe("**Requires READ_USERS** · you may use it on what is yours");
  expect(description(guest, "Query", "open")).toBe("**Requires no permission** · costs nothing by itself");
  expect(description(guest, "User", "name")).toBe("The name.");
});
