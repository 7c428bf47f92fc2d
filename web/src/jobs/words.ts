// Jobs, their relevance and their problems in words.
import type { UserProblem } from "../api/errors";

/** Similarities of meaning and the words for them, from the highest. */
const MEANINGS: readonly [number, string][] = [
  [0.6, "Very close in meaning"],
  [0.45, "Close in meaning"],
  [0.3, "Related"],
  [Number.NEGATIVE_INFINITY, "Loosely related"],
];

/** The relevance of a job for a search, in words. */
export function relevanceText({ words, similarity }: { readonly words: number; readonly similarity: number }): string {
  const meaning = MEANINGS.find(([least]) => similarity >= least)?.[1] ?? "";
  return words > 0 ? `${meaning}, with words of your search` : meaning;
}

/** The text of a posting behind its title. */
export const bodyOf = ({ title, text }: { readonly title: string; readonly text: string }): string =>
  (text.startsWith(title) ? text.slice(title.length) : text).trim();

/** The beginning of a posting behind its title, on one line. */
export function firstLines({ title, text }: { readonly title: string; readonly text: string }, length = 220): string {
  const rest = bodyOf({ title, text }).replace(/\s+/g, " ");
  if (rest.length <= length) {
    return rest;
  }
  const end = rest.lastIndexOf(" ", length);
  return `${rest.slice(0, end > 0 ? end : length).replace(/[\s,;:.…]+$/, "")}…`;
}

/** The index of the job that an error is about; null if it concerns the whole request. */
export function jobIndex({ path }: Pick<UserProblem, "path">): number | null {
  const index = Number(path[path.indexOf("jobs") + 1] ?? Number.NaN);
  return path.includes("jobs") && Number.isInteger(index) ? index : null;
}
