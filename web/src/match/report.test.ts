import { expect, test } from "vitest";

import type { Match } from "./api";
import { EXAMPLE_MATCH } from "./example_match";
import { plainText } from "./report";
import { quote } from "./words";

test("the report has the score, what adds up to it, the evidence and the gaps", () => {
  const text = plainText(EXAMPLE_MATCH);
  const score = EXAMPLE_MATCH.score.toFixed(2);
  expect(text).toContain(`Score: ${score} of 1.00`);
  expect(text).toContain(EXAMPLE_MATCH.summary);
  for (const { text: requirement, evidence } of EXAMPLE_MATCH.requirements) {
    expect(text).toContain(`- ${requirement} [`);
    if (evidence) {
      expect(text).toContain(`"${quote(evidence, EXAMPLE_MATCH.redactions)}"`);
    }
  }
  for (const gap of EXAMPLE_MATCH.gaps) {
    expect(text).toContain(`${gap.text}${gap.required ? " [Must-have]" : ""}, to ${gap.scoreIfAdded.toFixed(2)}`);
  }
  const lines = text.split("\n");
  const from = lines.indexOf("How the score adds up") + 2;
  const parts = lines.slice(from, from + EXAMPLE_MATCH.components.length).map((line) => Number(/ {2}(\d\.\d\d) /.exec(line)?.[1]));
  expect(parts.reduce((sum, part) => sum + Math.round(part * 100), 0)).toBe(Math.round(Number(score) * 100));
});

test("must-haves come first, and nothing that identifies the person is in it", () => {
  const text = plainText(EXAMPLE_MATCH);
  const unmet = text.slice(text.indexOf("Requirements not met"));
  expect(unmet.indexOf("[Must-have]")).toBeLessThan(unmet.indexOf("[Nice to have]"));
  for (const { text: span } of EXAMPLE_MATCH.redactions.slice(0, 4)) {
    expect(text).not.toContain(span);
  }
});

test("empty parts are left out, warnings come before the numbers, and texts stay on one line", () => {
  const [first] = EXAMPLE_MATCH.requirements;
  const match: Match = {
    ...EXAMPLE_MATCH,
    gaps: [],
    warnings: ["The resume is short."],
    requirements: first ? [{ ...first, text: "Bake\n  bread", met: true }] : [],
  };
  const text = plainText(match);
  expect(text).not.toContain("What would raise the score");
  expect(text).not.toContain("Requirements not met");
  expect(text.indexOf("The resume is short.")).toBeLessThan(text.indexOf("How the score adds up"));
  expect(text).toContain("- Bake bread [");
  expect(text).not.toMatch(/\n{3}/);
});

test("a requirement that is met without a sentence says so", () => {
  const [first] = EXAMPLE_MATCH.requirements;
  const alone = (met: boolean): string => plainText({ ...EXAMPLE_MATCH, requirements: first ? [{ ...first, evidence: null, met }] : [] });
  expect(alone(true)).toContain("Shown by the resume as a whole");
  expect(alone(false)).not.toContain("Shown by the resume as a whole");
});
