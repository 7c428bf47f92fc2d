// The metrics of a model card in words.
import { finePercent, number } from "../../lib/format";

export interface Metric {
  readonly name: string;
  readonly value: number;
}

export interface NamedMetric {
  readonly label: string;
  readonly text: string;
  /** Its meaning; empty if the label says it. */
  readonly meaning: string;
}

/** A row of the comparison: the same measures for this model and for simpler ones. */
export interface Compared {
  readonly label: string;
  readonly values: readonly string[];
}

export interface Report {
  /** The quality on the test examples. */
  readonly main: readonly NamedMetric[];
  readonly comparison: { readonly columns: readonly string[]; readonly rows: readonly Compared[] };
  /** The remaining metrics. */
  readonly other: readonly NamedMetric[];
}

interface Meaning {
  readonly label: string;
  readonly meaning: string;
  readonly unit?: "count" | "number";
}

const MEASURES: Readonly<Record<string, Meaning>> = {
  accuracy: { label: "Accuracy", meaning: "The share of test examples whose most probable label is the true one." },
  top3_accuracy: { label: "Top-3 accuracy", meaning: "The share of test examples whose true label is among the three most probable ones." },
  macro_f1: {
    label: "Macro F1",
    meaning: "The mean over the labels of F1, the harmonic mean of precision and recall. Rare labels count as much as frequent ones.",
  },
};
const MAIN: Readonly<Record<string, Meaning>> = {
  ...MEASURES,
  calibration_error: {
    label: "Calibration error",
    meaning: "The mean difference between the stated probability and the share that is right. At 2 %, of the answers given with 70 %, about 68 to 72 % are right.",
  },
};
const OTHER: Readonly<Record<string, Meaning>> = {
  calibration_error_untempered: {
    label: "Calibration error without temperature",
    meaning: "The calibration error before the probabilities are scaled with one number, the temperature, fitted on other examples.",
  },
  gain_over_logistic_regression_low: {
    label: "Gain over logistic regression, low end",
    meaning: "The low end of the 95 % interval of the gain in accuracy. Above 0, the gain is significant.",
  },
  gain_over_logistic_regression_high: {
    label: "Gain over logistic regression, high end",
    meaning: "The high end of the 95 % interval of the gain in accuracy.",
  },
  train_examples: { label: "Training examples", meaning: "", unit: "count" },
  valid_examples: { label: "Validation examples", meaning: "For early stopping and the temperature.", unit: "count" },
  test_examples: { label: "Test examples", meaning: "Used for these figures only.", unit: "count" },
  seed: { label: "Seed", meaning: "The number with which training repeats exactly.", unit: "count" },
};
/** The prefixes of the models compared with. */
const COMPARED: readonly (readonly [string, string])[] = [
  ["logistic_regression_", "Logistic regression, a simpler model"],
  ["naive_bayes_", "Naive Bayes, a simpler model"],
];

export function reportOf(metrics: readonly Metric[]): Report {
  const values = new Map(metrics.map(({ name, value }) => [name, value]));
  const shown = new Set<string>();
  const take = (name: string): number | undefined => {
    const value = values.get(name);
    if (value !== undefined) {
      shown.add(name);
    }
    return value;
  };
  const main = named(MAIN, take);
  const measures = Object.keys(MEASURES).filter((measure) => values.has(measure));
  const rows = [
    { label: "This model", values: measures.map((measure) => percentOf(values.get(measure))) },
    { label: "A single network of the ensemble", values: measures.map((measure) => spread(take(`single_${measure}_mean`), take(`single_${measure}_spread`))) },
    ...COMPARED.map(([prefix, label]) => ({ label, values: measures.map((measure) => percentOf(take(prefix + measure))) })),
  ].filter((row) => row.values.some((value) => value !== ""));
  const other = named(OTHER, take);
  const unknown = metrics
    .filter(({ name }) => !shown.has(name))
    .map(({ name, value }) => ({ label: humanized(name), text: number(value), meaning: "" }));
  return {
    main,
    comparison: { columns: measures.map((measure) => MEASURES[measure]?.label ?? ""), rows: rows.length > 1 ? rows : [] },
    other: [...other, ...unknown],
  };
}

function named(meanings: Readonly<Record<string, Meaning>>, take: (name: string) => number | undefined): readonly NamedMetric[] {
  return Object.entries(meanings).flatMap(([name, { label, meaning, unit }]) => {
    const value = take(name);
    return value === undefined ? [] : [{ label, meaning, text: unit ? number(value) : finePercent(value) }];
  });
}

const percentOf = (value: number | undefined): string => (value === undefined ? "" : finePercent(value));

const spread = (mean: number | undefined, deviation: number | undefined): string =>
  mean === undefined ? "" : deviation === undefined ? finePercent(mean) : `${finePercent(mean)} ± ${finePercent(deviation)}`;

const humanized = (name: string): string => {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
