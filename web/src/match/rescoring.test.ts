import { CombinedError } from "@urql/core";
import { expect, test } from "vitest";

import type { Component, Gap, Match, Requirement, Rescored, RescoreSettings, Weights } from "./api";
import { useRescoring } from "./rescoring";
import type { ComponentKind } from "./shares";

const gap = (id: string, text: string, scoreIfAdded: number, required = false): Gap => ({ id, kind: "SKILL", text, required, scoreIfAdded });
const component = (kind: ComponentKind, weight: number): Component => ({ kind, weight, score: 0.5, contribution: weight / 2, reason: "" });
const weights: Weights = { skills: 0.25, requirements: 0.5, experience: 0.05, education: 0.1, occupation: 0.1 };
const components = [component("SKILLS", 0.2), component("REQUIREMENTS", 0.8)];
const match = { id: "m1", score: 0.5, components, weights, gaps: [gap("a", "SAP", 0.6), gap("b", "French", 0.55)] } as unknown as Match;
const answer = (score: number, gaps: Gap[], parts: Component[] = components): Rescored => ({ score, gaps, components: parts, weights });
const requirement = (text: string, mustHave: boolean) => ({ text, mustHave }) as Requirement;

/** A server that gives these answers, in their order. */
function scorer(answers: (() => Rescored | Promise<Rescored>)[], rematched: Match = match) {
  const sent: [string, RescoreSettings][] = [];
  let rematches = 0;
  return {
    sent,
    rematches: () => rematches,
    rescore: async (id: string, settings: RescoreSettings) => {
      sent.push([id, settings]);
      return (answers.shift() as () => Rescored)();
    },
    rematch: async () => {
      rematches += 1;
      return rematched;
    },
    isExpired: (error: unknown) => error instanceof Error && error.message === "expired",
  };
}
const fail = (message: string) => (): Rescored => {
  throw new Error(message);
};
const only = (changes: Partial<RescoreSettings>): RescoreSettings => ({ weights: null, mustHave: [], closedGaps: [], ...changes });

test("a closed gap stays in its place, and the others show what they bring now", async () => {
  const server = scorer([() => answer(0.6, [gap("b", "French", 0.65, true), gap("c", "Power BI", 0.64)])]);
  const scoring = useRescoring(match, server);
  await scoring.toggle(scoring.gaps.value[0] as Gap);
  expect(server.sent).toEqual([["m1", only({ closedGaps: ["a"] })]]);
  expect(scoring.shown.value.score).toBe(0.6);
  expect(scoring.gaps.value.map(({ text, required, scoreIfAdded }) => [text, required, scoreIfAdded])).toEqual([
    ["SAP", false, 0.6],
    ["French", true, 0.65],
    ["Power BI", false, 0.64],
  ]);
  expect(scoring.isChanged.value).toBe(true);
});

test("a gap that another change has closed brings nothing more", async () => {
  const scoring = useRescoring(match, scorer([() => answer(0.7, [])]));
  await scoring.toggle(scoring.gaps.value[0] as Gap);
  expect(scoring.gaps.value.map(({ scoreIfAdded }) => scoreIfAdded)).toEqual([0.7, 0.7]);
});

test("without changes, the match is shown as it was, and nothing is asked", async () => {
  const server = scorer([() => answer(0.7, [])]);
  const scoring = useRescoring(match, server);
  await scoring.setShare("SKILLS", 0.5);
  await scoring.reset();
  expect(server.sent).toHaveLength(1);
  expect(scoring.shown.value).toBe(match);
  expect(scoring.gaps.value.map(({ scoreIfAdded }) => scoreIfAdded)).toEqual([0.6, 0.55]);
});

test("a weight is set as the share that it is shown as, and the table and the sliders show the same", async () => {
  const server = scorer([() => answer(0.7, [], [component("SKILLS", 0.4), component("REQUIREMENTS", 0.6)])]);
  const scoring = useRescoring(match, server);
  expect([...scoring.shares.value]).toEqual([["SKILLS", 0.2], ["REQUIREMENTS", 0.8]]);
  const done = scoring.setShare("SKILLS", 0.4);
  // The slider does not wait for the answer.
  expect(scoring.shares.value.get("SKILLS")).toBe(0.4);
  await done;
  const [, settings] = server.sent[0] as [string, RescoreSettings];
  expect(settings.weights?.skills).toBeCloseTo(0.4 / (0.2 / 0.25), 12);
  expect(settings.weights?.requirements).toBeCloseTo(0.6 / (0.8 / 0.5), 12);
  expect(settings.weights?.education).toBe(0.1);
  expect([...scoring.shares.value.values()]).toEqual(scoring.shown.value.components.map(({ weight }) => weight));
});

test("a must-have is set by its text, and setting it back removes the change", async () => {
  const server = scorer([() => answer(0.4, []), () => answer(0.45, []), () => answer(0.4, [])]);
  const scoring = useRescoring(match, server);
  const [excel, french] = [requirement("Microsoft  Excel", true), requirement("French", false)];
  await scoring.setMustHave(french, true);
  await scoring.setMustHave(excel, false);
  expect(server.sent.map(([, { mustHave }]) => mustHave)).toEqual([
    [{ text: "French", mustHave: true }],
    [{ text: "French", mustHave: true }, { text: "Microsoft  Excel", mustHave: false }],
  ]);
  // The server compares texts without regard to case and white space, so equal ones share a setting.
  expect(scoring.isMustHave(requirement("microsoft excel", true))).toBe(false);
  expect(scoring.isMustHave(requirement("SAP", true))).toBe(true);
  await scoring.setMustHave(french, false);
  expect(server.sent[2]?.[1].mustHave).toEqual([{ text: "Microsoft  Excel", mustHave: false }]);
  await scoring.setMustHave(excel, true);
  expect(scoring.isChanged.value).toBe(false);
  expect(scoring.shown.value).toBe(match);
  expect(server.sent).toHaveLength(3);
});

test("requirements that name one skill and are set differently are told by their texts", async () => {
  const refused = new CombinedError({ graphQLErrors: [{ message: "input.mustHave[1]: contradicts mustHave[0]; set each requirement and skill once" }] });
  const scoring = useRescoring(match, scorer([() => answer(0.4, []), () => Promise.reject(refused)]));
  await scoring.setMustHave(requirement("SQL", false), true);
  await scoring.setMustHave(requirement("Knowledge of SQL", true), false);
  expect(scoring.problem.value?.message).toContain("“Knowledge of SQL” and “SQL” name the same skill");
  expect(scoring.shown.value.score).toBe(0.4);
});

test("a match that has expired is computed again with all changes, and its gaps are found by their text", async () => {
  const server = scorer([fail("expired"), () => answer(0.62, [])], { id: "m2", gaps: [gap("x", "SAP", 0.6)] } as Match);
  const states: boolean[] = [];
  const { rematch } = server;
  server.rematch = () => {
    states.push(rescoring.isRematching.value);
    return rematch();
  };
  const rescoring = useRescoring(match, server);
  await rescoring.toggle(rescoring.gaps.value[0] as Gap);
  expect(server.rematches()).toBe(1);
  expect(server.sent).toEqual([
    ["m1", only({ closedGaps: ["a"] })],
    ["m2", only({ closedGaps: ["x"] })],
  ]);
  expect(rescoring.shown.value.score).toBe(0.62);
  expect(rescoring.problem.value).toBeNull();
  expect([...states, rescoring.isRematching.value]).toEqual([true, false]);
});

test("an error keeps the old number, and the next answer clears it", async () => {
  const server = scorer([() => answer(0.6, []), fail("broken"), () => answer(0.8, [])]);
  const scoring = useRescoring(match, server);
  await scoring.toggle(scoring.gaps.value[0] as Gap);
  await scoring.toggle(scoring.gaps.value[1] as Gap);
  expect(scoring.shown.value.score).toBe(0.6);
  expect(scoring.problem.value?.kind).toBe("failed");
  await scoring.update();
  expect(scoring.shown.value.score).toBe(0.8);
  expect(scoring.problem.value).toBeNull();
});

test("only the newest of many changes is answered last, whatever the order of events", async () => {
  const server = scorer([() => answer(0.51, []), () => answer(0.55, [])]);
  const scoring = useRescoring(match, server);
  const all = [0.3, 0.35, 0.4, 0.45, 0.5].map((share) => scoring.setShare("SKILLS", share));
  await Promise.all(all);
  expect(server.sent).toHaveLength(2);
  expect(server.sent[1]?.[1].weights?.skills).toBeCloseTo(0.5 / 0.8, 12);
  expect(scoring.shown.value.score).toBe(0.55);
});

test("a match that the server does not keep cannot be scored again", () => {
  expect(useRescoring({ ...match, id: null }, scorer([])).isAvailable).toBe(false);
});
