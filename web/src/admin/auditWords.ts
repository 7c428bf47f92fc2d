// Audit events in plain words. Kinds and error codes of a newer server are shown by their names.
import type { AdminEventFragment, AuditAction } from "../gql/graphql";
import { number } from "../lib/format";

export type AuditEvent = AdminEventFragment;

const ACTIONS: Record<AuditAction, string> = {
  LOGIN: "Sign-in",
  LOGOUT: "Sign-out",
  SESSION_ENDED: "Session ended",
  SESSION_EVICTED: "Oldest session ended by a new sign-in",
  TOKEN_REUSED: "Session ended because its token was used twice",
  REGISTERED: "Registration",
  USER_CREATED: "Account created",
  USER_ENABLED: "Account enabled",
  USER_DISABLED: "Account disabled",
  USER_ROLES_SET: "Roles of an account changed",
  USER_REMOVED: "Account removed",
  PASSWORD_CHANGED: "Password changed",
  PASSWORD_SET: "Password set by the operator",
  DATA_EXPORTED: "Personal data exported",
  USER_ERASED: "Account erased by its owner",
  ROLE_PUT: "Role created or changed",
  ROLE_REMOVED: "Role removed",
  KEY_CREATED: "API key created",
  KEY_REMOVED: "API key removed",
  JOBS_ADDED: "Jobs added or replaced",
  JOB_REMOVED: "Job removed",
  ACCESS: "Access denied",
  INFERENCE: "Model run",
};

const REFUSALS: Record<string, string> = {
  INVALID_CREDENTIALS: "wrong username or password",
  ACCOUNT_DISABLED: "account is disabled",
  TOO_MANY_ATTEMPTS: "too many attempts",
  INVALID_REFRESH_TOKEN: "refresh token not valid",
  EXPIRED: "session expired",
  FORBIDDEN: "permission missing",
  UNAUTHENTICATED: "not signed in",
  QUOTA_EXCEEDED: "quota used up",
  RATE_LIMITED: "rate limit reached",
  COST_LIMIT_EXCEEDED: "too expensive",
  OVERLOADED: "server was busy",
  TIMEOUT: "took too long",
  LAST_ADMIN: "last administrator",
  NOT_FOUND: "not found",
  REGISTRATION_CLOSED: "registration is closed",
};

/** A name of the API such as `USER_RENAMED` as words: "User renamed". */
function asWords(name: string): string {
  const words = name.toLowerCase().replaceAll("_", " ").trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

export const AUDIT_ACTIONS = Object.keys(ACTIONS) as AuditAction[];

export const actionLabel = (action: AuditAction): string => (ACTIONS[action] as string | undefined) ?? asWords(action);

export const outcomeLabel = (refusal: string | null | undefined): string =>
  !refusal ? "Succeeded" : `Refused: ${REFUSALS[refusal] ?? asWords(refusal).toLowerCase()}`;

/** An account, or something else that is named by a text. */
export interface Party {
  readonly text: string;
  /** The id of the account, which has a page; null for everything else. */
  readonly account: string | null;
}

/** Accounts that were erased have a pseudonym and no page. */
const account = (id: string): Party => ({ text: id, account: /^erased-/u.test(id) ? null : id });

/** The events that can have no account because the server itself acted. */
const BY_SERVER: readonly AuditAction[] = ["SESSION_ENDED", "SESSION_EVICTED", "TOKEN_REUSED"];

export function actorOf(event: AuditEvent): Party {
  if (event.actor) {
    return account(event.actor);
  }
  if (event.address || event.action === "REGISTERED") {
    return { text: "Visitor", account: null };
  }
  return { text: BY_SERVER.includes(event.action) ? "Server" : "Operator", account: null };
}

export function subjectOf(event: AuditEvent): Party {
  const { action, subject } = event;
  if (!subject) {
    return { text: event.field ?? "", account: null };
  }
  switch (action) {
    case "SESSION_ENDED":
      // The id of a session if its owner ended it, the account otherwise.
      return event.actor && event.actor !== subject ? { text: `session ${subject}`, account: null } : account(subject);
    case "ROLE_PUT":
    case "ROLE_REMOVED":
      return { text: `role ${subject}`, account: null };
    case "KEY_CREATED":
    case "KEY_REMOVED":
      return { text: `key ${subject}`, account: null };
    case "JOBS_ADDED":
      return { text: /^\d+$/u.test(subject) ? `${number(Number(subject))} jobs` : `job ${subject}`, account: null };
    case "JOB_REMOVED":
      return { text: `job ${subject}`, account: null };
    case "ACCESS":
    case "INFERENCE":
      return { text: subject, account: null };
    case "LOGIN":
    case "LOGOUT":
    case "SESSION_EVICTED":
    case "TOKEN_REUSED":
    case "REGISTERED":
    case "USER_CREATED":
    case "USER_ENABLED":
    case "USER_DISABLED":
    case "USER_ROLES_SET":
    case "PASSWORD_CHANGED":
    case "PASSWORD_SET":
    case "DATA_EXPORTED":
      return account(subject);
    default:
      // Removed and erased accounts, and events of a newer server.
      return { text: subject, account: null };
  }
}

/** The remaining facts: the model, the field, the duration, and the use of an API key. */
export function detailsOf(event: AuditEvent): string {
  return [
    event.model,
    event.subject ? event.field : null,
    typeof event.milliseconds === "number" ? `${number(event.milliseconds)} ms` : null,
    event.session?.startsWith("key:") ? "with an API key" : null,
    event.weightsDigest ? `weights ${event.weightsDigest.slice(0, 8)}` : null,
  ]
    .filter((detail) => detail)
    .join(", ");
}
