// Errors of the server in the words of the console.
import { CombinedError } from "@urql/core";

import type { Permission } from "../gql/graphql";
import { number, relativeTime, time } from "../lib/format";
import { PERMISSION_WORDS } from "../lib/permissions";

export type ProblemKind = "offline" | "refused" | "quota" | "signed-out" | "busy" | "invalid" | "cancelled" | "failed";

/** A problem as a person reads it: what is wrong, and what to do. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly title: string;
  readonly message: string;
}

/** A problem that the client can correct, as mutations return it. */
export interface UserProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

/** Returns the message for one argument, such as `username` for the path `["input", "username"]`. */
export function messageFor(errors: readonly UserProblem[], name: string): string {
  return errors
    .filter((error) => error.path.at(-1) === name)
    // The label beside the message names the field already.
    .map(({ message }) => sentence(message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message))
    .join(" ");
}

/** The seconds after which the server accepts another attempt; undefined if the errors name no time. */
export function retrySeconds(errors: readonly UserProblem[]): number | undefined {
  const error = errors.find(({ code }) => code === "TOO_MANY_ATTEMPTS");
  const seconds = /(\d+) s\b/.exec(error?.message ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Returns the messages that concern none of the named arguments. */
export function otherMessages(errors: readonly UserProblem[], names: readonly string[]): string {
  return errors
    .filter((error) => !names.includes(error.path.at(-1) ?? ""))
    .map((error) => sentence(error.message))
    .join(" ");
}

export function problemOf(error: unknown): Problem {
  if (error instanceof DOMException && error.name === "AbortError") {
    return { kind: "cancelled", title: "Stopped", message: "The work was stopped." };
  }
  if (!(error instanceof CombinedError)) {
    return failed(error instanceof Error ? error.message : "");
  }
  const [first] = error.graphQLErrors;
  if (!first) {
    return error.networkError?.name === "AbortError"
      ? { kind: "cancelled", title: "Stopped", message: "The work was stopped." }
      : {
          kind: "offline",
          title: "The server cannot be reached",
          message: "Nothing you typed is lost. Check the connection, then try again.",
        };
  }
  return refusal(first.message, first.extensions);
}

/** The problem of a code; docs/clients.md and schema.graphql list them. */
function refusal(text: string, extensions: Record<string, unknown>): Problem {
  const message = sentence(text.replace(/^input[\w.[\]]*: /, ""));
  const amount = (name: string): string | undefined => (Number.isFinite(Number(extensions[name] ?? Number.NaN)) ? number(Number(extensions[name])) : undefined);
  switch (extensions["code"]) {
    case "UNAUTHENTICATED":
      return { kind: "signed-out", title: "You are signed out", message: "Sign in, then try again." };
    case "FORBIDDEN":
      return { kind: "refused", title: "Not allowed", message: forbidden(message, extensions["requires"]) };
    case "QUOTA_EXCEEDED": {
      const limit = /\bof (\d+) cost units\b/.exec(text)?.[1];
      const units = limit ? `the ${number(Number(limit))} units` : "the units";
      return { kind: "quota", title: "Your quota for this hour is used up", message: `Too few are left of ${units} that your account has for each hour.${resets(extensions)}` };
    }
    case "RATE_LIMITED": {
      const seconds = amount("retryAfter");
      const when = seconds ? `in ${seconds} s` : "in a moment";
      return { kind: "busy", title: "Too much at once", message: `Your account may send only so much work in a short time. Try again ${when}.` };
    }
    case "QUERY_TOO_COMPLEX": {
      const [cost, maximum] = [amount("cost"), amount("maximum")];
      const limit = cost && maximum ? `This would cost ${cost} units at once, and your account may use ${maximum}.` : "This is more than your account may ask for at once.";
      return { kind: "invalid", title: "Too much at once", message: `${limit} Choose less, or ask an administrator of this server for a higher limit.` };
    }
    case "OVERLOADED":
      return { kind: "busy", title: "The server is busy", message: "It has too much work at the moment and did not begin with yours. Try again in a minute." };
    case "UNAVAILABLE":
      return {
        kind: "busy",
        title: "Nothing can be saved at the moment",
        message: "The server cannot write to its database. Nothing you typed is lost. Tell an administrator of this server, and try again later.",
      };
    case "TIMEOUT":
      return {
        kind: "busy",
        title: "The server took too long",
        message: "It stopped at its time limit, before there was a result. Try again in a minute. If you were saving a change, look first whether it was saved.",
      };
    case "BAD_USER_INPUT":
    case "UNSUPPORTED_DOCUMENT":
    case "INVALID_INPUT":
      return { kind: "invalid", title: "This input cannot be used", message };
    case "MODEL_NOT_FOUND":
      return { kind: "invalid", title: "This model is gone", message: "The server no longer has it. Load this page again to see the models that it has." };
    case "GRAPHQL_PARSE_FAILED":
    case "GRAPHQL_VALIDATION_FAILED":
    case "PERSISTED_QUERY_NOT_FOUND":
    case "PERSISTED_QUERY_ID_REQUIRED":
      return {
        kind: "failed",
        title: "This page does not fit the server",
        message: "The server has probably been updated since the page was loaded. Copy what you typed, then load the page again.",
      };
    case "INTERNAL": {
      const id = extensions["requestId"];
      const report = typeof id === "string" ? ` and give the number ${id}` : "";
      return {
        kind: "failed",
        title: "The server made an error",
        message: `This is not your fault. Try again. If it happens again, tell the operator of this server${report}.`,
      };
    }
    default:
      return failed(message);
  }
}

function forbidden(message: string, requires: unknown): string {
  if (typeof requires === "string" && Object.hasOwn(PERMISSION_WORDS, requires)) {
    return `Your account does not have the permission ${requires} (${PERMISSION_WORDS[requires as Permission]}). Ask an administrator of this server for it.`;
  }
  return /password login/.test(message) ? "This needs a sign-in with a password. Sign out, then sign in with your password." : message;
}

function failed(message: string): Problem {
  return { kind: "failed", title: "Something went wrong", message: message || "Try again. If it happens again, tell the operator of this server." };
}

function resets(extensions: Record<string, unknown>): string {
  const seconds = Number(extensions["retryAfter"] ?? Number.NaN);
  if (!Number.isFinite(seconds)) {
    return " Try again in the next hour.";
  }
  const at = new Date(Date.now() + seconds * 1000).toISOString();
  return ` There are new ones ${relativeTime(at)}, at ${time(at)}.`;
}

/** Begins with a capital letter and ends with a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed && `${trimmed[0]?.toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? "" : "."}`;
}
