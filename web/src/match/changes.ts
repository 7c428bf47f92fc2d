// A match as the page shows it, with the changes of the person, and those changes in words.
import type { Gap, Match } from "./api";
import { figure } from "./figures";
import type { Rescoring } from "./rescoring";
import { AS_THE_RESUME, COMPONENT_NAMES, oneLine } from "./words";

/** The gaps that are still open and bring something, must-haves first, then the largest. */
export const openGaps = (gaps: readonly Gap[], closed: ReadonlySet<string>, score: number): Gap[] =>
  gaps
    .filter(({ id, scoreIfAdded }) => !closed.has(id) && scoreIfAdded > score)
    .sort((a, b) => Number(b.required) - Number(a.required) || b.scoreIfAdded - a.scoreIfAdded);

/** The match with the score, components, gaps and must-haves as changed. */
export function shownMatch(match: Match, rescoring: Rescoring | undefined): Match {
  if (!rescoring?.isChanged.value) {
    return match;
  }
  const { score, components } = rescoring.shown.value;
  return {
    ...match,
    score,
    components,
    gaps: openGaps(rescoring.gaps.value, rescoring.closed, score),
    requirements: match.requirements.map((requirement) => {
      const mustHave = rescoring.changedMustHave(requirement)?.mustHave;
      return mustHave === undefined ? requirement : { ...requirement, mustHave, kind: mustHave ? "MUST_HAVE" : "NICE_TO_HAVE" };
    }),
  };
}

/** The changes of the person, a line for each kind; empty without changes. */
export function changeLines(rescoring: Rescoring | undefined): string[] {
  if (!rescoring?.isChanged.value) {
    return [];
  }
  const quoted = (texts: readonly string[]): string => texts.map((text) => `“${oneLine(text)}”`).join(", ");
  const line = (title: string, texts: readonly string[]): string[] => (texts.length > 0 ? [`${title}: ${quoted(texts)}`] : []);
  const musts = [...rescoring.mustHaves.values()];
  const closed = rescoring.gaps.value.filter(({ id }) => rescoring.closed.has(id));
  return [
    ...line("Counted as shown", closed.map(({ text }) => text)).map((text) => `${text}. ${AS_THE_RESUME}`),
    ...line("Made a must-have", musts.filter(({ mustHave }) => mustHave).map(({ text }) => text)),
    ...line("No longer a must-have", musts.filter(({ mustHave }) => !mustHave).map(({ text }) => text)),
    ...(rescoring.isWeighted.value ? [`Weights changed: ${weightChanges(rescoring)}`] : []),
  ];
}

function weightChanges({ original, shares }: Rescoring): string {
  return [...shares.value].map(([kind, share]) => `${COMPONENT_NAMES[kind]} ${figure(share)} (was ${figure(original.get(kind) ?? 0)})`).join(", ");
}
