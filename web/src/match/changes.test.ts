import { expect, test } from "vitest";

import type { Gap, RescoreSettings } from "./api";
import { changeLines, openGaps, shownMatch } from "./changes";
import { EXAMPLE_MATCH } from "./example_match";
import { plainText } from "./report";
import { useRescoring } from "./rescoring";

const match = { ...EXAMPLE_MATCH, id: "m" };

/** A server that scores every change 0.9, with the gap on French open. */
const scorer = () => ({
  rescore: async (_: string, { weights }: RescoreSettings) => ({
    score: 0.9,
    components: match.components.map((component) => ({ ...component, contribution: 0.18, weight: 0.2 })),
    weights: weights ?? match.weights,
    gaps: match.gaps.filter(({ text }) => text === "French").map((gap): Gap => ({ ...gap, scoreIfAdded: 0.94, required: true })),
  }),
  rematch: async () => match,
  isExpired: () => false,
});

const requirement = (text: string) => match.requirements.find((one) => one.text === text) ?? expect.fail(text);

test("without changes, the match is handed over as it is", () => {
  const rescoring = useRescoring(match, scorer());
  expect(shownMatch(match, rescoring)).toBe(match);
  expect(shownMatch(match, undefined)).toBe(match);
  expect(changeLines(rescoring)).toEqual([]);
});

test("what is handed over is what the page shows, with the changes listed", async () => {
  const rescoring = useRescoring(match, scorer());
  await rescoring.toggle(rescoring.gaps.value.find(({ text }) => text === "SAP") ?? expect.fail());
  await rescoring.setMustHave(requirement("Knowledge of French"), true);
  await rescoring.setMustHave(requirement("Microsoft Excel"), false);
  const shown = shownMatch(match, rescoring);
  expect(shown.score).toBe(0.9);
  expect(shown.gaps.map(({ text, required }) => [text, required])).toEqual([["French", true]]);
  expect(shown.requirements.find(({ text }) => text === "Knowledge of French")).toMatchObject({ kind: "MUST_HAVE", mustHave: true });
  expect(shown.requirements.find(({ text }) => text === "Microsoft Excel")).toMatchObject({ kind: "NICE_TO_HAVE", mustHave: false });

  const text = plainText(shown, changeLines(rescoring), match.score);
  expect(text).toContain("Score: 0.90 of 1.00, with changes. Without them: 0.77");
  expect(text).toContain("- Counted as shown: “SAP”. The requirements are listed as the resume meets them, without this.\n- Made a must-have: “Knowledge of French”\n- No longer a must-have: “Microsoft Excel”");
  expect(text).toContain(`Without the changes: ${match.summary}`);
  expect(text).toContain("- Knowledge of French [Must-have]");
  expect(text).toContain("- Skill: French [Must-have], to 0.94 (+0.04)");
  expect(text).not.toContain("Weights changed");
});

test("changed weights are listed as the sliders and the table show them", async () => {
  const rescoring = useRescoring(match, scorer());
  await rescoring.setShare("SKILLS", 0.5);
  const [line = ""] = changeLines(rescoring);
  expect(line).toMatch(/^Weights changed: Skills 0\.20 \(was 0\.13\), Requirements 0\.20 \(was 0\.56\)/);
});

test("must-haves come before what brings more", () => {
  const gap = (id: string, required: boolean, scoreIfAdded: number): Gap => ({ id, kind: "SKILL", text: id, required, scoreIfAdded });
  expect(openGaps([gap("a", false, 0.9), gap("b", true, 0.6), gap("c", true, 0.7)], new Set(), 0.5).map(({ id }) => id)).toEqual(["c", "b", "a"]);
});

test("gaps that bring nothing more are not listed", () => {
  const gap = (id: string, scoreIfAdded: number): Gap => ({ id, kind: "SKILL", text: id, required: false, scoreIfAdded });
  expect(openGaps([gap("a", 0.6), gap("b", 0.8), gap("c", 0.5), gap("d", 0.9)], new Set(["d"]), 0.5).map(({ id }) => id)).toEqual(["b", "a"]);
});
