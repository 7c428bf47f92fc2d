// The refusals of `rescoreMatch` that a person can cause, in plain words.
import { CombinedError } from "@urql/core";

import type { Problem } from "../api/errors";
import type { MustHave } from "./api";
import { oneLine } from "./words";

/** Two requirements that name the same skill and are set differently; undefined for any other error. */
export function contradiction(error: unknown, mustHaves: readonly MustHave[]): Problem | undefined {
  const message = error instanceof CombinedError ? (error.graphQLErrors[0]?.message ?? "") : "";
  const found = /mustHave\[(\d+)\]: contradicts mustHave\[(\d+)\]/.exec(message);
  const [one, other] = [found?.[1], found?.[2]].map((index) => mustHaves[Number(index)]);
  if (!one || !other) {
    return undefined;
  }
  return {
    kind: "invalid",
    title: "These two must be alike",
    message: `“${oneLine(one.text)}” and “${oneLine(other.text)}” name the same skill. Make both must-haves, or neither.`,
  };
}
