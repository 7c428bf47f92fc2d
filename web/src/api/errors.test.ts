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
    expect(problemOf(refused("FORBIDDEN", "requires PREDICT"))).toMatchObject({ kind: "refused", message: "Requires PREDICT." });
    expect(problemOf(refused("UNAUTHENTICATED", "no token")).kind).toBe("signed-out");
  });

  it("says when a quota resets", () => {
    const { kind, message } = problemOf(refused("QUOTA_EXCEEDED", "the quota is used up", { retryAfter: 600 }));
    expect(kind).toBe("quota");
    expect(message).toMatch(/^The quota is used up\. It resets .+, at .+\.$/);
  });

  it("recognises work that was stopped", () => {
    expect(problemOf(new DOMException("aborted", "AbortError")).kind).toBe("cancelled");
    expect(problemOf(new CombinedError({ networkError: new DOMException("aborted", "AbortError") as Error })).kind).toBe("cancelled");
  });
});
