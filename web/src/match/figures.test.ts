import { expect, test } from "vitest";

import { addingUp, difference, figure } from "./figures";

test("printed contributions add up to the printed score", () => {
  const cases = [
    [0.018997445721583652, 0.19902085994040014, 0.02713920817369093, 0.07145592112056798],
    [0.005, 0.005, 0.005],
    [0.29, 0.58],
    [0.333333, 0.333333, 0.333334],
    [0],
    [],
  ];
  for (const values of cases) {
    const printed = addingUp(values).map(figure);
    const cents = printed.reduce((sum, text) => sum + Math.round(Number(text) * 100), 0);
    const total = values.reduce((sum, value) => sum + value, 0);
    expect(cents, String(values)).toBe(Math.round(total * 100));
    values.forEach((value, index) => expect(Math.abs(value - Number(printed[index]))).toBeLessThan(0.01));
  }
});

test("exact hundredths stay", () => {
  expect(addingUp([0.29, 0.57, 0.14])).toEqual([0.29, 0.57, 0.14]);
});

test("differences have a sign and show small values", () => {
  expect(difference(0)).toBe("0");
  expect(difference(0.118)).toBe("+0.12");
  expect(difference(-0.118)).toBe("−0.12");
  expect(difference(0.0012)).toBe("+0.0012");
  expect(difference(-1e-9)).toBe("less than 0.0001");
});
