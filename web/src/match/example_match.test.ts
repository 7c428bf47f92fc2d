import { expect, test } from "vitest";

import { EXAMPLE_MATCH } from "./example_match";

test("the committed answer belongs to the texts of the example", () => {
  const { resumeText, jobText, requirements, redactions, resumeHighlights, jobHighlights, components, score } = EXAMPLE_MATCH;
  for (const { start, end, text } of [...redactions, ...resumeHighlights.map(({ span }) => span), ...requirements.flatMap(({ evidence }) => evidence ?? [])]) {
    expect(resumeText.slice(start, end)).toBe(text);
  }
  for (const { start, end, text } of [...jobHighlights.map(({ span }) => span), ...requirements.map(({ jobSpan }) => jobSpan)]) {
    expect(jobText.slice(start, end)).toBe(text);
  }
  expect(requirements.length).toBeGreaterThan(0);
  expect(components.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(score, 10);
});
