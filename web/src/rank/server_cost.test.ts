// The costs that are shown before a ranking or a batch, compared with those of the server: `estimate` is tested with the
// cases of the server's own tests, and the schema is that of the server.
import { readFileSync } from "node:fs";
import { buildSchema, parse } from "graphql";
import { expect, it } from "vitest";

import { estimate, operationsOf } from "../explore/cost";
import { rulesOf } from "../explore/rules";
import { costOf, planRequests as planPredictions } from "../predict/plan";
import { planRequests, textsWithin } from "./plan";

const schema = buildSchema(readFileSync(new URL("../../../schema.graphql", import.meta.url), "utf8"), { assumeValid: true });
const known = { schema, rules: rulesOf(schema) };
const caller = { signedIn: true, permissions: new Set(["MATCH_RESUME", "PREDICT"]) };

function serverCost(text: string, input: Record<string, unknown>): number {
  const document = parse(text);
  const [operation] = operationsOf(document);
  if (!operation) {
    throw new Error("no operation");
  }
  return estimate(known, document, operation, { input }, caller).units;
}

const RESUMES = "subscription($input: RankResumesInput!) { rankResumesProgress(input: $input) { total result { index match { score gaps { text } } } } }";
const JOBS = "subscription($input: RankJobsInput!) { rankJobsProgress(input: $input) { total result { index match { score } } } }";

it.each([
  [1, 5_000],
  [12, 5_000],
  [200, 5_000],
  [200, 4_019],
  [200, 1_000],
  [200, 50],
  [7, 40],
])("the cost of %i texts is that of all requests with a max_cost of %i", (count, maxCost) => {
  const texts = Array.from({ length: count }, (_, id) => ({ id, size: 4_000 }));
  const { batches, cost } = planRequests(1_000, texts, textsWithin(maxCost));
  const source = { text: "x" };
  const resumes = batches.map(({ length }) => serverCost(RESUMES, { job: source, resumes: Array.from({ length }, () => source) }));
  const jobs = batches.map(({ length }) => serverCost(JOBS, { resume: source, jobs: Array.from({ length }, () => source) }));
  const sum = (costs: readonly number[]) => costs.reduce((total, each) => total + each, 0);
  expect([sum(resumes), sum(jobs)]).toEqual([cost, cost]);
  expect(Math.max(...resumes)).toBeLessThanOrEqual(maxCost);
});

it.each([1, 256, 257, 5_000])("the cost of %i predictions is that of all requests", (count) => {
  const inputs = Array.from({ length: count }, (_, line) => ({ line, instance: { text: "x" } }));
  const costs = planPredictions(inputs).map((request) =>
    serverCost("query($input: PredictInput!) { predict(input: $input) { predictions { label score scores { label score } truncated } } }", {
      model: "occupation",
      inputs: request.map(({ instance }) => instance),
    }),
  );
  expect(costs.reduce((total, each) => total + each, 0)).toBe(costOf(inputs));
});
