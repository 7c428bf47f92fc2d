// A match as plain text, to hand over.
import type { Match, Requirement } from "./api";
import { addingUp, difference, figure } from "./figures";
import { BY_ALL, byImportance, COMPONENT_NAMES, credentialWords, duration, educationSentence, experienceSentence, gapKind, month, occupationSentence, oneLine, quote, REQUIREMENT_KINDS, ROUNDING } from "./words";

/** `match` as the page shows it, and the changes by which it differs from the one without them, which scored `before`. */
export function plainText(match: Match, changes: readonly string[] = [], before = match.score): string {
  return `${[
    heading("Match of a resume with a job posting", "="),
    `Score: ${figure(match.score)} of 1.00${changes.length > 0 ? `, with changes. Without them: ${figure(before)}` : ""}`,
    section("Changes", changes.map(item)),
    changes.length > 0 ? `Without the changes: ${match.summary}` : match.summary,
    section("Read with care", match.warnings.map(item)),
    section("How the score adds up", contributions(match)),
    section("Requirements met", requirements(match, true)),
    section("Requirements not met", requirements(match, false)),
    section("What would raise the score", gaps(match)),
    section("Skills", skills(match)),
    section("Experience, education and occupation", facts(match)),
    section("Not looked at", [
      "The name, pronouns, age, contact details and similar data of the person were left out before the comparison and cannot change the score.",
    ]),
    "The score is an aid for reading a resume. It is not a decision about a person.",
  ]
    .filter(Boolean)
    .join("\n\n")}\n`;
}

const heading = (title: string, line: string): string => `${title}\n${line.repeat(title.length)}`;
const section = (title: string, lines: readonly string[]): string => (lines.length > 0 ? [heading(title, "-"), ...lines].join("\n") : "");
const item = (text: string): string => `- ${oneLine(text)}`;

function contributions({ components, score }: Match): string[] {
  const printed = addingUp(components.map(({ contribution }) => contribution));
  const width = Math.max(...Object.values(COMPONENT_NAMES).map((name) => name.length));
  const lines = components.map(
    ({ kind, score: result, weight, reason }, index) => `${COMPONENT_NAMES[kind].padEnd(width)}  ${figure(printed[index] ?? 0)}  (${figure(result)}, weight ${figure(weight)}; ${oneLine(reason)})`,
  );
  return [...lines, `${"Score".padEnd(width)}  ${figure(score)}`, ROUNDING];
}

function requirements(match: Match, met: boolean): string[] {
  return byImportance(match.requirements, met).flatMap(({ requirement }) => [
    item(`${requirement.text} [${REQUIREMENT_KINDS[requirement.kind]}]`),
    ...evidence(requirement, match),
  ]);
}

function evidence({ evidence: span, met }: Requirement, { redactions }: Match): string[] {
  if (!span) {
    return met ? [`  ${BY_ALL}`] : [];
  }
  return [`  ${met ? "Shown by" : "Closest"}: "${quote(span, redactions)}"`];
}

function gaps({ gaps: all, score }: Match): string[] {
  return all.map((gap) => item(`${gapKind(gap)}: ${gap.text}${gap.required ? " [Must-have]" : ""}, to ${figure(gap.scoreIfAdded)} (${difference(score, gap.scoreIfAdded)})`));
}

function skills({ skills: { matched, missing, additional } }: Match): string[] {
  const list = (title: string, labels: readonly string[]): string[] => (labels.length > 0 ? [item(`${title}: ${labels.join(", ")}`)] : []);
  return [
    ...list("In both texts", matched.map(({ skill }) => skill.label)),
    ...list("Only in the posting", missing.map(({ skill }) => skill.label)),
    ...list("Only in the resume", additional.map(({ label }) => label)),
  ];
}

function facts({ experience, education, occupation, credentials }: Match): string[] {
  return [
    item(experienceSentence(experience)),
    ...experience.periods.map(({ from, until, months }) => `  ${month(from)} to ${until ? month(until) : "now"}, ${duration(months)}`),
    ...experience.breaks.map(({ from, until, months }) => `  No dated work: ${month(from)} to ${month(until)}, ${duration(months)} (does not affect the score)`),
    item(educationSentence(education)),
    item(occupationSentence(occupation)),
    ...credentials.map((credential) => item(`${credential.name}: ${credentialWords(credential)}`)),
  ];
}
