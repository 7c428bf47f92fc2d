// Predictions as the rows of a table: the input, the label, and the probability of each label.
import type { CsvValue } from "../lib/csv";
import { featureNames, type Input, type ModelShape } from "./inputs";

interface Scored {
  readonly label: string;
  readonly score: number;
  readonly scores: readonly { readonly label: string; readonly score: number }[];
  readonly truncated: boolean;
}

export function resultRows(
  model: ModelShape & { readonly labels: readonly string[] },
  inputs: readonly Input[],
  predictions: readonly Scored[],
): readonly (readonly CsvValue[])[] {
  const isText = model.task === "TEXT_CLASSIFICATION";
  const header = [
    "line",
    ...(isText ? ["text", "end ignored"] : featureNames(model)),
    "label",
    "probability",
    ...model.labels.map((label) => `probability of ${label}`),
  ];
  const rows = predictions.map((prediction, index): readonly CsvValue[] => {
    const input = inputs[index];
    const scores = new Map(prediction.scores.map(({ label, score }) => [label, score]));
    const given = input && ("text" in input.instance ? [input.instance.text, prediction.truncated ? "yes" : "no"] : input.instance.features);
    return [
      input?.line ?? null,
      ...(given ?? []),
      prediction.label,
      prediction.score,
      ...model.labels.map((label) => scores.get(label) ?? null),
    ];
  });
  return [header, ...rows];
}
