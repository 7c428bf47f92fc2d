// The texts of a ranking and their results.
import type { RankResultFragment } from "../gql/graphql";

export type RankResult = RankResultFragment["result"];
export type RankMatch = NonNullable<RankResult["match"]>;

/** The result for one text. */
export type Outcome =
  | { readonly kind: "match"; readonly match: RankMatch }
  | { readonly kind: "error"; readonly message: string; readonly canRetry: boolean };

/** One of the texts that are ranked: a file, or a job of the catalogue. */
export interface Entry {
  readonly id: number;
  readonly name: string;
  readonly source: { readonly file: File } | { readonly jobId: string };
  readonly outcome: Outcome | null;
}

/** The entries with a result, best first; ties in the order of the input, errors last. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  const score = ({ outcome }: Entry): number => (outcome?.kind === "match" ? outcome.match.score : -1);
  return entries.filter(({ outcome }) => outcome !== null).sort((a, b) => score(b) - score(a) || a.id - b.id);
}

/** The must-have requirements of the posting: those that the resume meets, and all. */
export function mustHaves({ requirements }: RankMatch): { met: number; all: number } {
  const musts = requirements.filter(({ mustHave }) => mustHave);
  return { met: musts.filter(({ met }) => met).length, all: musts.length };
}

/** The warnings of every match, which concern the text that all others are compared with. */
export function sharedWarnings(entries: readonly Entry[]): string[] {
  const all = entries.flatMap(({ outcome }) => (outcome?.kind === "match" ? [outcome.match.warnings] : []));
  const [first = []] = all;
  return all.length > 1 ? first.filter((warning) => all.every((warnings) => warnings.includes(warning))) : [];
}
