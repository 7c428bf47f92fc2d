import { expect, it } from "vitest";

import { csv } from "../lib/csv";
import { parseCsv } from "./csv";
import { resultRows } from "./export";
import { readInputs } from "./inputs";

const scores = [
  { label: "b, c", score: 0.75 },
  { label: "a", score: 0.25 },
];

it("exports texts with the probabilities of all labels", () => {
  const model = { task: "TEXT_CLASSIFICATION", inputSize: null, features: [], labels: ["a", "b, c"] };
  const { inputs } = readInputs('text\n"one, ""two"""\n', model);
  const rows = resultRows(model, inputs, [{ label: "b, c", score: 0.75, scores, truncated: true }]);
  expect(parseCsv(csv(rows)).records.map(({ cells }) => cells)).toEqual([
    ["line", "text", "end ignored", "label", "probability", "probability of a", "probability of b, c"],
    ["2", 'one, "two"', "yes", "b, c", "0.75", "0.25", "0.75"],
  ]);
});

it("exports rows that can be read again", () => {
  const model = { task: "TABULAR_CLASSIFICATION", inputSize: 2, features: ["x", "y"], labels: ["a", "b, c"] };
  const { inputs } = readInputs("y,x\n-2,1e-7", model);
  const text = csv(resultRows(model, inputs, [{ label: "a", score: 0.25, scores, truncated: false }]));
  expect(readInputs(text.replace(/^/u, "\uFEFF"), model)).toEqual({ inputs: [{ ...inputs[0], line: 2 }], problems: [] });
});
