import { describe, expect, it } from "vitest";

import { type Metric, reportOf } from "./metrics";

const metrics = (values: Record<string, number>): Metric[] => Object.entries(values).map(([name, value]) => ({ name, value }));

describe("reportOf", () => {
  it("names the known metrics and compares models", () => {
    const report = reportOf(
      metrics({
        accuracy: 0.5698,
        macro_f1: 0.5096,
        calibration_error: 0.0244,
        logistic_regression_accuracy: 0.5375,
        logistic_regression_macro_f1: 0.4885,
        naive_bayes_accuracy: 0.5084,
        single_accuracy_mean: 0.5607,
        single_accuracy_spread: 0.0016,
        test_examples: 4093,
      }),
    );
    expect(report.main.map(({ label, text }) => [label, text])).toEqual([
      ["Accuracy", "57.0%"],
      ["Macro F1", "51.0%"],
      ["Calibration error", "2.4%"],
    ]);
    expect(report.comparison).toEqual({
      columns: ["Accuracy", "Macro F1"],
      rows: [
        { label: "This model", values: ["57.0%", "51.0%"] },
        { label: "A single network of the ensemble", values: ["56.1% ± 0.2%", ""] },
        { label: "Logistic regression, a simpler model", values: ["53.8%", "48.9%"] },
        { label: "Naive Bayes, a simpler model", values: ["50.8%", ""] },
      ],
    });
    expect(report.other).toEqual([{ label: "Test examples", text: "4,093", meaning: "Used for these figures only." }]);
  });

  it("shows unknown metrics by their names", () => {
    expect(reportOf(metrics({ mean_rank: 12.34567 }))).toEqual({
      main: [],
      comparison: { columns: [], rows: [] },
      other: [{ label: "Mean rank", text: "12.346", meaning: "" }],
    });
  });

  it("compares with nothing if there is only this model", () => {
    expect(reportOf(metrics({ accuracy: 0.5 })).comparison.rows).toEqual([]);
  });

  it("shows every metric once", () => {
    const names = ["accuracy", "top3_accuracy", "macro_f1", "calibration_error", "calibration_error_untempered", "seed"];
    const { main, other } = reportOf(names.map((name) => ({ name, value: 1 })));
    expect(main.length + other.length).toBe(names.length);
  });
});
