// The gaps of a match in the few words that fit into a row.
import { difference } from "../match/figures";
import type { RankMatch } from "./entries";

export interface GapLabel {
  readonly text: string;
  /** The gain of the score as shown, such as "+0.06"; empty if two decimals do not show it. */
  readonly gain: string;
  readonly full: string;
}

const SHOWN = 3;
const MAX_LENGTH = 48;

/** Whether a text says nothing by itself, such as "or 2." */
const isFragment = (text: string): boolean => !/\p{L}/u.test(text.replace(/\b(?:a|an|and|as|at|by|for|in|of|on|or|the|to|with)\b/gi, ""));

/** The texts of the gaps with the largest gains, shortened at a word. */
export function gapLabels({ score, gaps }: Pick<RankMatch, "score" | "gaps">): GapLabel[] {
  const labels = new Map<string, GapLabel>();
  for (const { text, scoreIfAdded } of gaps) {
    const full = text.replace(/\s+/g, " ").replace(/^[\s•·*–-]+/, "").trim();
    const gain = difference(score, scoreIfAdded);
    if (!isFragment(full) && labels.size < SHOWN && !labels.has(full)) {
      labels.set(full, { text: shorten(full), gain: gain.startsWith("+") ? gain : "", full });
    }
  }
  return [...labels.values()];
}

export function shorten(text: string, length = MAX_LENGTH): string {
  if (text.length <= length) {
    return text;
  }
  const cut = text.slice(0, length);
  const end = cut.lastIndexOf(" ");
  return `${cut.slice(0, end > length / 2 ? end : length).replace(/[\s,;:.]+$/, "")}…`;
}
