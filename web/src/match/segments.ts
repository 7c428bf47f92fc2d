// Cuts a text at the borders of its marks. Offsets count UTF-16 code units, as JavaScript strings do.
import type { Match } from "./api";

export type MarkKind = "met" | "unmet" | "evidence" | "near" | "matched-skill" | "missing-skill" | "redacted";

/** A marked span of a text. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly kind: MarkKind;
  /** The index of the requirement that the mark leads to, where it belongs to one. */
  readonly requirement?: number;
}

/** A part of a text in which the same marks apply. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly kinds: readonly MarkKind[];
}

/** Neighbouring segments that belong to the same requirements. */
export interface Run {
  readonly start: number;
  readonly requirements: readonly number[];
  readonly segments: readonly Segment[];
}

/** The whole text in runs, in order. Marks may overlap; a mark outside of the text is cut or left out. */
export function runs(text: string, marks: readonly Mark[]): Run[] {
  const valid = marks
    .map((mark) => ({ ...mark, start: Math.max(0, mark.start), end: Math.min(text.length, mark.end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const borders = new Set([0, text.length]);
  for (const { start, end } of valid) {
    borders.add(start).add(end);
  }
  const places = [...borders].sort((a, b) => a - b);

  const result: Run[] = [];
  let open: typeof valid = [];
  let next = 0;
  let last = "";
  for (let index = 0; index + 1 < places.length; index += 1) {
    const [start, end] = [places[index] ?? 0, places[index + 1] ?? 0];
    open = open.filter((mark) => mark.end > start);
    for (let mark = valid[next]; mark && mark.start <= start; mark = valid[next]) {
      open.push(mark);
      next += 1;
    }
    const requirements = [...new Set(open.flatMap(({ requirement }) => requirement ?? []))].sort((a, b) => a - b);
    const segment = { start, end, text: text.slice(start, end), kinds: [...new Set(open.map(({ kind }) => kind))].sort() };
    const key = requirements.join();
    const previous = result.at(-1);
    if (previous && key === last) {
      (previous.segments as Segment[]).push(segment);
    } else {
      result.push({ start, requirements, segments: [segment] });
    }
    last = key;
  }
  return result;
}

const HIGHLIGHTS = {
  MET: "met",
  UNMET: "unmet",
  EVIDENCE: "evidence",
  MATCHED_SKILL: "matched-skill",
  MISSING_SKILL: "missing-skill",
} as const satisfies Record<Match["jobHighlights"][number]["kind"], MarkKind>;

type Highlights = Match["jobHighlights"];

/** Highlights, without those that requirements mark themselves. */
const others = (highlights: Highlights, kinds: readonly string[]): Mark[] =>
  highlights.filter(({ kind }) => !kinds.includes(kind)).map(({ kind, span }) => ({ start: span.start, end: span.end, kind: HIGHLIGHTS[kind] }));

/** The marks of the job posting: its requirements and skills. */
export function jobMarks({ requirements, jobHighlights }: Match): Mark[] {
  const own = requirements.map(({ jobSpan: { start, end }, met }, requirement): Mark => ({ start, end, kind: met ? "met" : "unmet", requirement }));
  return [...own, ...others(jobHighlights, ["MET", "UNMET"])];
}

/** The marks of the resume: the evidence of requirements, what comes closest to unmet ones, skills, and the spans that
 *  are not compared. */
export function resumeMarks({ requirements, resumeHighlights, redactions }: Match): Mark[] {
  const own = requirements.flatMap(({ evidence, met }, requirement): Mark[] =>
    evidence ? [{ start: evidence.start, end: evidence.end, kind: met ? "evidence" : "near", requirement }] : [],
  );
  const hidden = redactions.map(({ start, end }): Mark => ({ start, end, kind: "redacted" }));
  return [...own, ...others(resumeHighlights, ["EVIDENCE"]), ...hidden];
}
