import { expect, it } from "vitest";

import { labelReports } from "./confusion";

it("reports the recall of each label and its most frequent mistake", () => {
  const labels = ["a", "b", "c"];
  const rows = [
    [8, 1, 3],
    [0, 0, 0],
    [0, 0, 5],
  ];
  expect(labelReports({ labels, rows })).toEqual([
    { label: "a", examples: 12, found: 8, recall: 8 / 12, mistakenFor: { label: "c", times: 3 } },
    { label: "b", examples: 0, found: 0, recall: null, mistakenFor: null },
    { label: "c", examples: 5, found: 5, recall: 1, mistakenFor: null },
  ]);
});
