import { expect, test } from "vitest";

import { addingUp, difference, figure, fineFigure } from "./figures";

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

test("a zero has no sign", () => {
  expect([figure(-0), figure(-0.001), figure(-0.01)]).toEqual(["0.00", "0.00", "-0.01"]);
});

test("exact hundredths stay", () => {
  expect(addingUp([0.29, 0.57, 0.14])).toEqual([0.29, 0.57, 0.14]);
});

test("a difference is that of the numbers as shown", () => {
  expect(difference(0.7680098616220886, 0.8346956708618377)).toBe("+0.06");
  expect(difference(0.5, 0.618)).toBe("+0.12");
  expect(difference(0.618, 0.5)).toBe("−0.12");
  expect(difference(0.7749, 0.7761)).toBe("+0.01");
  for (let step = 0; step < 500; step += 1) {
    const [from, to] = [(step * 0.377) % 1, (step * 0.619) % 1];
    const shown = difference(from, to);
    const expected = Math.round(100 * Number(figure(to))) - Math.round(100 * Number(figure(from)));
    if (expected !== 0) {
      expect(Math.round(100 * Number(shown.replace("−", "-")))).toBe(expected);
    } else {
      expect(shown).toMatch(/^(0|under 0\.01 (more|less))$/);
    }
  }
});

test("a difference that two decimals do not show is said in words", () => {
  expect(difference(0.3, 0.3)).toBe("0");
  expect(difference(0.301, 0.3022)).toBe("under 0.01 more");
  expect(difference(0.3022, 0.301)).toBe("under 0.01 less");
  expect([fineFigure(0.301), fineFigure(0.3022)]).toEqual(["0.3010", "0.3022"]);
});
