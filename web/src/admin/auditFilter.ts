// The filters of the audit page, as the API takes them.
import type { AuditAction, AuditEventFilter } from "../gql/graphql";

export type Outcome = "any" | "succeeded" | "refused";

export interface AuditView {
  /** The id of an account, as typed. */
  account: string;
  /** Empty for any. */
  action: AuditAction | "";
  outcome: Outcome;
  /** Local times as of the browser's input, such as `2026-11-28T19:45`; empty for none. */
  since: string;
  until: string;
}

export const EMPTY_VIEW: AuditView = { account: "", action: "", outcome: "any", since: "", until: "" };

/** A local time as the API takes it; null while it is incomplete. */
function instant(local: string): string | null {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/u.test(local) ? new Date(local) : null;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : null;
}

/** Usernames are normalized to ids: NFKC and lower case. Ids of identity providers begin with `~` and are exact. */
function accountId(typed: string): string {
  const id = typed.trim();
  return id.startsWith("~") ? id : id.normalize("NFKC").toLowerCase();
}

export function filterOf({ account, action, outcome, since, until }: AuditView): AuditEventFilter {
  const [from, to] = [instant(since), instant(until)];
  return {
    ...(account.trim() && { account: accountId(account) }),
    ...(action && { action }),
    ...(outcome !== "any" && { refused: outcome === "refused" }),
    ...(from && { since: from }),
    ...(to && { until: to }),
  };
}
