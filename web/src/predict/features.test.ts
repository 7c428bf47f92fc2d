import { expect, it } from "vitest";

import { exampleOf, isOutside, outside, rangeText } from "./features";

const radius = { name: "radius", minimum: 6.981, maximum: 28.11, mean: 14.284565925598145 };
const area = { name: "area", minimum: 143.5, maximum: 2501, mean: 0.0038457128684967756 };

it("knows values outside of the training data", () => {
  expect(isOutside(6.981, radius)).toBe(false);
  expect(isOutside(28.11, { ...radius, maximum: Math.fround(28.11) })).toBe(false);
  expect(isOutside(6.9, radius)).toBe(true);
  expect(isOutside(29, radius)).toBe(true);
  expect(outside(["radius", "texture", "area"], [30, 1e9, 200], [area, radius])).toEqual(["radius"]);
  expect(outside(["radius"], [30], [])).toEqual([]);
});

it("takes means as examples", () => {
  expect(exampleOf(radius)).toBe("14.28");
  expect(exampleOf(area)).toBe("0.003846");
});

it("shows small ranges", () => {
  expect(rangeText({ name: "small", minimum: 0.0008948, maximum: 0.02984, mean: 0 })).toBe("0.0008948 to 0.02984 in training");
  expect(rangeText(area)).toBe("143.5 to 2,501 in training");
});
