// Figures of a confusion matrix.

export interface Matrix {
  readonly labels: readonly string[];
  /** The counts: a row for each true label, a column for each predicted one. */
  readonly rows: readonly (readonly number[])[];
}

/** A label in the test examples. */
export interface LabelReport {
  readonly label: string;
  /** The number of test examples with the label. */
  readonly examples: number;
  /** The number of them that were predicted so. */
  readonly found: number;
  /** The share of them that was predicted so; null without examples. */
  readonly recall: number | null;
  /** The label that is predicted instead most often, with the number of times; null if there is none. */
  readonly mistakenFor: { readonly label: string; readonly times: number } | null;
}

export function labelReports({ labels, rows }: Matrix): readonly LabelReport[] {
  return labels.map((label, index) => {
    const row = rows[index] ?? [];
    const examples = row.reduce((total, times) => total + times, 0);
    const found = row[index] ?? 0;
    const wrong = row.map((times, column) => (column === index ? 0 : times));
    const times = Math.max(0, ...wrong);
    return {
      label,
      examples,
      found,
      recall: examples > 0 ? found / examples : null,
      mistakenFor: times > 0 ? { label: labels[wrong.indexOf(times)] ?? "", times } : null,
    };
  });
}
