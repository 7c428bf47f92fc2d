// The ranking as CSV.
import { csv } from "../lib/csv";
import type { ComponentKind } from "../gql/graphql";
import { type Entry, mustHaves } from "./entries";

const COMPONENTS: readonly ComponentKind[] = ["SKILLS", "REQUIREMENTS", "EXPERIENCE", "EDUCATION", "OCCUPATION"];
const HEAD = [
  "rank",
  "file",
  "score",
  ...COMPONENTS.map((kind) => kind.toLowerCase()),
  "must_haves_met",
  "must_haves",
  "gaps",
  "warnings",
  "error",
];

/** The entries in the given order. Components are their contributions, which add up to the score. */
export function rankingCsv(entries: readonly Entry[], nameHead = "file"): string {
  const rows = entries.map(({ name, outcome }, index) => {
    if (outcome?.kind !== "match") {
      return ["", name, ...Array<string>(COMPONENTS.length + 5).fill(""), outcome?.message ?? ""];
    }
    const { match } = outcome;
    const { met, all } = mustHaves(match);
    const contributions = COMPONENTS.map((kind) => {
      const component = match.components.find((other) => other.kind === kind);
      return component ? component.contribution.toFixed(4) : "";
    });
    const gaps = match.gaps.map(({ text }) => text.replace(/\s+/g, " ").trim()).join("; ");
    return [index + 1, name, match.score.toFixed(4), ...contributions, met, all, gaps, match.warnings.join("; "), ""];
  });
  return csv([HEAD.map((head) => (head === "file" ? nameHead : head)), ...rows]);
}
