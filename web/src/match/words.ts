// The facts of a match in words.
import type { Component, Gap, Match, Requirement } from "./api";
import { figure } from "./figures";
import { isPronoun } from "./pronouns";

type Span = Match["redactions"][number];

export const COMPONENT_NAMES: Record<Component["kind"], string> = {
  SKILLS: "Skills",
  REQUIREMENTS: "Requirements",
  EXPERIENCE: "Years of experience",
  EDUCATION: "Education",
  OCCUPATION: "Occupation",
};

export const REQUIREMENT_KINDS: Record<Requirement["kind"], string> = {
  MUST_HAVE: "Must-have",
  DUTY: "Duty",
  NICE_TO_HAVE: "Nice to have",
};

/** The note on products that two decimals do not show exactly. */
export const ROUNDING = "All numbers are rounded. The server calculates with the exact ones, so a result times its weight can differ by 0.01.";

/** The note on the list of requirements, which the server does not judge again. */
export const AS_THE_RESUME = "The requirements are listed as the resume meets them, without this.";

/** The evidence of a requirement that is met without a sentence, such as years of experience. */
export const BY_ALL = "Shown by the resume as a whole, not by one sentence.";

/** The reasons why a component does not apply to a match. */
export const NOT_APPLIED: Record<Component["kind"], string> = {
  SKILLS: "the posting names no skills",
  REQUIREMENTS: "no requirement was found in the posting",
  EXPERIENCE: "no years are required",
  EDUCATION: "no degree is required",
  OCCUPATION: "the occupations could not be compared",
};

const GAP_KINDS: Record<Gap["kind"], string> = { SKILL: "Skill", REQUIREMENT: "Requirement", YEARS: "Experience", DEGREE: "Degree" };

export const gapKind = (gap: Gap): string => GAP_KINDS[gap.kind];

const monthFormat = new Intl.DateTimeFormat("en", { month: "short", year: "numeric", timeZone: "UTC" });
/** A month such as `2018-03` as "Mar 2018". */
export const month = (iso: string): string => monthFormat.format(new Date(`${iso}-01T00:00:00Z`));

/** A number of months as "2 years 5 months". */
export function duration(months: number): string {
  const part = (value: number, unit: string): string => (value === 0 ? "" : `${value} ${unit}${value === 1 ? "" : "s"}`);
  return [part(Math.floor(months / 12), "year"), part(months % 12, "month")].filter(Boolean).join(" ") || "0 months";
}

const years = (value: number): string => `${Number(value.toFixed(1))} ${value === 1 ? "year" : "years"}`;

export function experienceSentence({ requiredYears, foundYears }: Match["experience"]): string {
  const found = foundYears === null || foundYears === undefined ? "The resume does not tell the years of experience." : `The resume shows ${years(foundYears)}.`;
  const required = requiredYears === null || requiredYears === undefined ? "The posting states no years." : `The posting asks for ${years(requiredYears)}.`;
  return `${found} ${required}`;
}

export function educationSentence({ required, found, met }: Match["education"]): string {
  const shown = found ? `The resume shows ${found}.` : "The resume shows no degree.";
  if (!required) {
    return `${shown} The posting asks for none.`;
  }
  return `${shown} The posting asks for ${required}, which is ${met ? "met" : "not met"}.`;
}

export function occupationSentence({ resume, job, agreement }: Match["occupation"]): string {
  const titles = [resume && `Closest title of the resume: ${resume}.`, job && `Title of the posting: ${job}.`].filter(Boolean).join(" ");
  const similarity = agreement === null || agreement === undefined ? "The occupations could not be compared." : `Similarity of the occupations: ${figure(agreement)}.`;
  return [titles, similarity].filter(Boolean).join(" ");
}

export function credentialWords({ jobSpan, resumeSpan }: Match["credentials"][number]): string {
  return jobSpan && resumeSpan ? "in both texts" : resumeSpan ? "only in the resume" : "only in the posting";
}

/** Requirements with their index, must-haves first, then duties, then nice-to-haves, each in the order of the posting. */
export function byImportance(requirements: readonly Requirement[], met: boolean): { requirement: Requirement; index: number }[] {
  const order = { MUST_HAVE: 0, DUTY: 1, NICE_TO_HAVE: 2 };
  return requirements
    .map((requirement, index) => ({ requirement, index }))
    .filter(({ requirement }) => requirement.met === met)
    .sort((a, b) => order[a.requirement.kind] - order[b.requirement.kind] || a.index - b.index);
}

/** One line of a text, without the spaces and breaks inside. */
export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/**
 * Evidence as a quotation on one line, without what identifies the person. Pronouns stay, since a sentence cannot be read
 * without them.
 */
export function quote(span: Span, redactions: readonly Span[]): string {
  let text = "";
  let at = span.start;
  for (const { start, end, text: redacted } of redactions) {
    if (start < span.end && end > at && !isPronoun(redacted)) {
      text += `${span.text.slice(at - span.start, Math.max(at, start) - span.start)}[…]`;
      at = Math.min(end, span.end);
    }
  }
  return oneLine(text + span.text.slice(at - span.start));
}
