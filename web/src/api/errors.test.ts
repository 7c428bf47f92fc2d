import { CombinedError } from "@urql/core";
import { describe, expect, it } from "vitest";

import { messageFor, otherMessages, problemOf, retrySeconds } from "./errors";

const refused = (code: string, message: string, more: Record<string, unknown> = {}) =>
  new CombinedError({ graphQLErrors: [{ message, extensions: { code, ...more } }] });

describe("messages of mutations", () => {
  const errors = [
    { code: "INVALID_INPUT", message: "username: must be 2 to 64 characters long", path: ["input", "username"] },
    { code: "WEAK_PASSWORD", message: "must be at least 12 characters long", path: ["input", "password"] },
    { code: "WEAK_PASSWORD", message: "is a common password", path: ["input", "password"] },
    { code: "TOO_MANY_ATTEMPTS", message: "too many attempts; try again in 37 s", path: [] },
  ];

  it("appear beside their fields, without the name of the field", () => {
    expect(messageFor(errors, "username")).toBe("Must be 2 to 64 characters long.");
    expect(messageFor(errors, "password")).toBe("Must be at least 12 characters long. Is a common password.");
    expect(messageFor(errors, "email")).toBe("");
  });

  it("appear apart if they are about no field", () => {
    expect(otherMessages(errors, ["username", "password"])).toBe("Too many attempts; try again in 37 s.");
  });

  it("name the time of the next attempt", () => {
    expect(retrySeconds(errors)).toBe(37);
    expect(retrySeconds(errors.slice(0, 3))).toBeUndefined();
  });
});

describe("problemOf", () => {
  it("tells an unreachable server from a refusal", () => {
    expect(problemOf(new CombinedError({ networkError: new TypeError("Failed to fetch") })).kind).toBe("offline");
    expect(problemOf(refused("UNAUTHENTICATED", "no token")).kind).toBe("signed-out");
  });

  it("names the missing permission, and what it is for", () => {
    expect(problemOf(refused("FORBIDDEN", "this field requires the permission PREDICT", { requires: "PREDICT" }))).toMatchObject({
      kind: "refused",
      message: "Your account does not have the permission PREDICT (Run the classifiers). Ask an administrator of this server for it.",
    });
    expect(problemOf(refused("FORBIDDEN", "this field requires a password login; an API key is not sufficient")).message).toContain("sign in with your password");
    expect(problemOf(refused("FORBIDDEN", "something new", { requires: "toString" })).message).toBe("Something new.");
  });

  it("says when a quota resets", () => {
    const { kind, message } = problemOf(refused("QUOTA_EXCEEDED", "the quota of 1000 cost units per hour is used up; try again in 600 s", { retryAfter: 600 }));
    expect(kind).toBe("quota");
    expect(message).toMatch(/^Too few are left of the 1,000 units that your account has for each hour\. There are new ones .+, at .+\.$/);
    expect(problemOf(refused("QUOTA_EXCEEDED", "no more")).message).toContain("next hour");
  });

  it("says how much is too much at once", () => {
    expect(problemOf(refused("QUERY_TOO_COMPLEX", "...", { cost: 4020, maximum: 200 })).message).toMatch(/^This would cost 4,020 units at once, and your account may use 200\. Choose less/);
    expect(problemOf(refused("QUERY_TOO_COMPLEX", "too many values")).message).toMatch(/^This is more than your account may ask for at once\./);
    expect(problemOf(refused("RATE_LIMITED", "...", { retryAfter: 4 })).message).toContain("Try again in 4 s.");
    expect(problemOf(refused("RATE_LIMITED", "...")).message).toContain("in a moment");
  });

  it("has words of its own for every code that a person can meet", () => {
    const own = ["UNAUTHENTICATED", "QUOTA_EXCEEDED", "RATE_LIMITED", "QUERY_TOO_COMPLEX", "OVERLOADED", "TIMEOUT", "MODEL_NOT_FOUND", "INTERNAL"];
    const outdated = ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_ID_REQUIRED"];
    for (const code of [...own, ...outdated]) {
      const { title, message } = problemOf(refused(code, "a mutation of the server's words"));
      expect(message, code).not.toContain("mutation");
      expect(title, code).not.toBe("Something went wrong");
      expect(message, code).toMatch(/\b([Tt]ry again|[Ss]ign in|[Cc]hoose|[Ll]oad)\b/);
    }
  });

  it("repeats the server where only it knows what is wrong, without the path of the argument", () => {
    for (const code of ["BAD_USER_INPUT", "INVALID_INPUT", "UNSUPPORTED_DOCUMENT"]) {
      expect(problemOf(refused(code, "input.resumes[3].text: the text is empty"))).toEqual({ kind: "invalid", title: "This input cannot be used", message: "The text is empty." });
    }
  });

  it("gives the number of a request that failed on the server", () => {
    expect(problemOf(refused("INTERNAL", "internal error", { requestId: "a1b2" })).message).toContain("give the number a1b2");
    expect(problemOf(refused("INTERNAL", "internal error")).message).toMatch(/tell the operator of this server\.$/);
  });

  it("recognises work that was stopped", () => {
    expect(problemOf(new DOMException("aborted", "AbortError")).kind).toBe("cancelled");
    expect(problemOf(new CombinedError({ networkError: new DOMException("aborted", "AbortError") as Error })).kind).toBe("cancelled");
  });
});
