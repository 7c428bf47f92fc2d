import { expect, test } from "vitest";

import type { Gap, Match, Rescored, Weights } from "./api";
import { useRescoring } from "./rescoring";

const gap = (id: string, text: string, scoreIfAdded: number): Gap => ({ id, kind: "SKILL", text, required: false, scoreIfAdded });
const match = { id: "m1", score: 0.5, gaps: [gap("a", "SAP", 0.6), gap("b", "French", 0.55)] } as Match;
const weights: Weights = { skills: 1, requirements: 1, experience: 1, education: 1, occupation: 1 };
const answer = (score: number, gaps: Gap[]): Rescored => ({ score, gaps, components: [], weights });

function scorer(answers: (() => Rescored)[], rematched: Match = match) {
  const sent: [string, Weights | null, string[]][] = [];
  let rematches = 0;
  return {
    sent,
    rematches: () => rematches,
    rescore: async (id: string, wanted: Weights | null, closed: string[]) => {
      sent.push([id, wanted, closed]);
      return (answers.shift() as () => Rescored)();
    },
    rematch: async () => {
      rematches += 1;
      return rematched;
    },
    isExpired: (error: unknown) => error instanceof Error && error.message === "expired",
  };
}
const expired = (): Rescored => {
  throw new Error("expired");
};

test("a closed gap stays in its place, and the others show what they bring now", async () => {
  const server = scorer([() => answer(0.6, [gap("b", "French", 0.65), gap("c", "Power BI", 0.64)])]);
  const scoring = useRescoring(match, server);
  await scoring.toggle(scoring.gaps.value[0] as Gap);
  expect(server.sent).toEqual([["m1", null, ["a"]]]);
  expect(scoring.result.value?.score).toBe(0.6);
  expect(scoring.gaps.value.map(({ text, scoreIfAdded }) => [text, scoreIfAdded])).toEqual([["SAP", 0.6], ["French", 0.65], ["Power BI", 0.64]]);
  expect(scoring.isChanged.value).toBe(true);
});

test("without changes, the match is shown as it was, and nothing is asked", async () => {
  const server = scorer([() => answer(0.7, [])]);
  const scoring = useRescoring(match, server);
  await scoring.setWeights(weights);
  await scoring.reset();
  expect(server.sent).toHaveLength(1);
  expect(scoring.result.value).toBeNull();
  expect(scoring.gaps.value.map(({ scoreIfAdded }) => scoreIfAdded)).toEqual([0.6, 0.55]);
});

test("a match that has expired is computed again, and its gaps are found by their text", async () => {
  const server = scorer([expired, () => answer(0.62, [])], { id: "m2", gaps: [gap("x", "SAP", 0.6)] } as Match);
  const scoring = useRescoring(match, server);
  await scoring.toggle(scoring.gaps.value[0] as Gap);
  expect(server.rematches()).toBe(1);
  expect(server.sent).toEqual([["m1", null, ["a"]], ["m2", null, ["x"]]]);
  expect(scoring.result.value?.score).toBe(0.62);
  expect(scoring.problem.value).toBeNull();
});

test("an error keeps the old number, and the next answer clears it", async () => {
  const fail = (): Rescored => {
    throw new Error("broken");
  };
  const server = scorer([() => answer(0.6, []), fail, () => answer(0.8, [])]);
  const scoring = useRescoring(match, server);
  await scoring.toggle(scoring.gaps.value[0] as Gap);
  await scoring.toggle(scoring.gaps.value[1] as Gap);
  expect(scoring.result.value?.score).toBe(0.6);
  expect(scoring.problem.value?.kind).toBe("failed");
  await scoring.update();
  expect(scoring.result.value?.score).toBe(0.8);
  expect(scoring.problem.value).toBeNull();
});

test("a match that the server does not keep cannot be scored again", () => {
  expect(useRescoring({ ...match, id: null }, scorer([])).isAvailable).toBe(false);
});
