// Errors of the server in the words of the console.
import { CombinedError } from "@urql/core";

import { relativeTime, time } from "../lib/format";

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
  const message = sentence(first.message);
  switch (first.extensions["code"]) {
    case "UNAUTHENTICATED":
      return { kind: "signed-out", title: "You are signed out", message: "Sign in, then try again." };
    case "FORBIDDEN":
      return { kind: "refused", title: "Not allowed", message };
    case "QUOTA_EXCEEDED":
      return { kind: "quota", title: "Your quota for this hour is used up", message: `${message}${resets(first.extensions)}` };
    case "RATE_LIMITED":
    case "OVERLOADED":
    case "TIMEOUT":
      return { kind: "busy", title: "The server is busy", message: `${message} Try again in a moment.` };
    case "BAD_USER_INPUT":
    case "GRAPHQL_VALIDATION_FAILED":
    case "UNSUPPORTED_DOCUMENT":
    case "INVALID_INPUT":
      return { kind: "invalid", title: "This input cannot be used", message };
    default:
      return failed(message);
  }
}

function failed(message: string): Problem {
  return { kind: "failed", title: "Something went wrong", message: message || "Try again. If it happens again, tell the operator of this server." };
}

function resets(extensions: Record<string, unknown>): string {
  const seconds = Number(extensions["retryAfter"] ?? Number.NaN);
  if (!Number.isFinite(seconds)) {
    return "";
  }
  const at = new Date(Date.now() + seconds * 1000).toISOString();
  return ` It resets ${relativeTime(at)}, at ${time(at)}.`;
}

/** Begins with a capital letter and ends with a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed && `${trimmed[0]?.toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? "" : "."}`;
}
