// The continuation of a ranking after a request of it was refused.
import { CombinedError } from "@urql/core";

import { textsWithin } from "./plan";

/** Send fewer texts in each request, send the same again after a time, or end. */
export type Recovery =
  | { readonly kind: "split"; readonly maxTexts: number }
  | { readonly kind: "wait"; readonly milliseconds: number }
  | { readonly kind: "end" };

/** `sent` is the number of texts in the refused request. */
export function recoveryFrom(error: unknown, sent: number): Recovery {
  const extensions = error instanceof CombinedError ? (error.graphQLErrors[0]?.extensions ?? {}) : {};
  // Fewer than before in any case, so that a request is not refused for ever.
  const maxTexts = extensions["code"] === "QUERY_TOO_COMPLEX" ? Math.min(textsWithin(Number(extensions["maximum"])), sent - 1) : 0;
  if (maxTexts >= 1) {
    return { kind: "split", maxTexts };
  }
  const seconds = extensions["code"] === "RATE_LIMITED" ? Number(extensions["retryAfter"]) : 0;
  return seconds > 0 ? { kind: "wait", milliseconds: seconds * 1000 } : { kind: "end" };
}

/** Resolves after the time, or when the signal is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
