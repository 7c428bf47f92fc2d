import { describe, expect, test } from "vitest";

import type { AuditAction } from "../gql/graphql";
import { auditCsv } from "./auditCsv";
import { actionLabel, actorOf, AUDIT_ACTIONS, type AuditEvent, detailsOf, outcomeLabel, subjectOf } from "./auditWords";

const EVENT: AuditEvent = {
  id: "1",
  at: "2026-11-28T19:45:18.677Z",
  action: "LOGIN",
  refusal: null,
  actor: "ann",
  subject: "ann",
  session: "s1",
  address: "192.0.2.1",
  field: null,
  model: null,
  weightsDigest: null,
  cost: null,
  milliseconds: null,
};
const NEWER = "USER_RENAMED" as AuditAction;

describe("an audit event", () => {
  test("has words for each kind, also for one of a newer server", () => {
    expect(new Set(AUDIT_ACTIONS.map(actionLabel)).size).toBe(AUDIT_ACTIONS.length);
    expect(actionLabel(NEWER)).toBe("User renamed");
    expect(subjectOf({ ...EVENT, action: NEWER, subject: "x" })).toEqual({ text: "x", account: null });
  });

  test("says why it was refused", () => {
    expect(outcomeLabel(null)).toBe("Succeeded");
    expect(outcomeLabel("INVALID_CREDENTIALS")).toBe("Refused: wrong username or password");
    expect(outcomeLabel("NEW_REASON")).toBe("Refused: new reason");
  });

  test("names the actor: an account, a visitor, the operator or the server", () => {
    expect(actorOf(EVENT)).toEqual({ text: "ann", account: "ann" });
    expect(actorOf({ ...EVENT, actor: null }).text).toBe("Visitor");
    expect(actorOf({ ...EVENT, action: "REGISTERED", actor: null, address: null }).text).toBe("Visitor");
    expect(actorOf({ ...EVENT, action: "USER_CREATED", actor: null, address: null }).text).toBe("Operator");
    expect(actorOf({ ...EVENT, action: "TOKEN_REUSED", actor: null, address: null }).text).toBe("Server");
    expect(actorOf({ ...EVENT, actor: "erased-abc" }).account).toBeNull();
  });

  test("links the account that was affected, and nothing else", () => {
    expect(subjectOf({ ...EVENT, action: "USER_DISABLED", subject: "bob" }).account).toBe("bob");
    expect(subjectOf({ ...EVENT, action: "SESSION_ENDED", subject: "s2" })).toEqual({ text: "session s2", account: null });
    expect(subjectOf({ ...EVENT, action: "SESSION_ENDED", actor: null }).account).toBe("ann");
    expect(subjectOf({ ...EVENT, action: "ROLE_PUT", subject: "USER" })).toEqual({ text: "role USER", account: null });
    expect(subjectOf({ ...EVENT, action: "JOBS_ADDED", subject: "12" }).text).toBe("12 jobs");
    expect(subjectOf({ ...EVENT, action: "USER_REMOVED", subject: "bob" }).account).toBeNull();
    expect(subjectOf({ ...EVENT, action: "ACCESS", subject: null, field: "Query.users" }).text).toBe("Query.users");
  });

  test("has its details", () => {
    const run = { ...EVENT, action: "INFERENCE" as const, subject: null, field: "Query.predict", model: "m@1", milliseconds: 40, session: "key:1" };
    expect(detailsOf(run)).toBe("m@1, 40 ms, with an API key");
    expect(detailsOf(EVENT)).toBe("");
  });
});

test("the CSV has words and exact values, and no formulas", () => {
  const [head, row] = auditCsv([{ ...EVENT, subject: "=cmd()", cost: 40 }]).split("\r\n");
  expect(head).toBe("id,time,action,action_code,outcome,refusal_code,who,on,session,address,field,model,weights_digest,cost,milliseconds");
  expect(row).toBe("1,2026-11-28T19:45:18.677Z,Sign-in,LOGIN,Succeeded,,ann,'=cmd(),s1,192.0.2.1,,,,40,");
});
