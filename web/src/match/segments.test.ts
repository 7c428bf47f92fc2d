import { expect, test } from "vitest";

import { type Mark, runs } from "./segments";

const join = (text: string, marks: readonly Mark[]) =>
  runs(text, marks)
    .flatMap(({ segments }) => segments)
    .map((segment) => segment.text)
    .join("");

test("a text without marks is one segment, an empty one none", () => {
  expect(runs("abc", [])).toEqual([{ start: 0, requirements: [], segments: [{ start: 0, end: 3, text: "abc", kinds: [] }] }]);
  expect(runs("", [{ start: 0, end: 2, kind: "met" }])).toEqual([]);
});

test("overlapping marks divide the text, and each part has all of its marks", () => {
  const marks: Mark[] = [
    { start: 2, end: 6, kind: "met", requirement: 0 },
    { start: 4, end: 8, kind: "matched-skill" },
    { start: 5, end: 6, kind: "unmet", requirement: 3 },
  ];
  expect(runs("0123456789", marks).map(({ requirements, segments }) => [requirements, segments.map(({ text, kinds }) => [text, kinds])])).toEqual([
    [[], [["01", []]]],
    [[0], [["23", ["met"]], ["4", ["matched-skill", "met"]]]],
    [[0, 3], [["5", ["matched-skill", "met", "unmet"]]]],
    [[], [["67", ["matched-skill"]], ["89", []]]],
  ]);
});

test("neighbouring requirements stay apart, and one sentence can be evidence for two", () => {
  const marks: Mark[] = [
    { start: 0, end: 2, kind: "met", requirement: 0 },
    { start: 2, end: 4, kind: "met", requirement: 1 },
    { start: 2, end: 4, kind: "met", requirement: 2 },
  ];
  expect(runs("abcd", marks).map(({ requirements }) => requirements)).toEqual([[0], [1, 2]]);
});

test("offsets count UTF-16 code units", () => {
  const text = "👩‍⚕️ nurse – naïve 𝒳";
  const start = text.indexOf("nurse");
  const [, run] = runs(text, [{ start, end: start + 5, kind: "evidence", requirement: 1 }]);
  expect(run?.segments[0]?.text).toBe("nurse");
  expect(join(text, [{ start, end: start + 5, kind: "evidence" }])).toBe(text);
});

test("marks outside of the text are cut or left out, in any order", () => {
  const text = "0123456789";
  const marks: Mark[] = [
    { start: 8, end: 99, kind: "redacted" },
    { start: 20, end: 30, kind: "met" },
    { start: 5, end: 5, kind: "met" },
    { start: -3, end: 2, kind: "evidence" },
  ];
  expect(runs(text, marks).flatMap(({ segments }) => segments.map((segment) => [segment.text, ...segment.kinds]))).toEqual([
    ["01", "evidence"],
    ["234567"],
    ["89", "redacted"],
  ]);
});

test("every text is kept whole for many marks", () => {
  let seed = 7;
  const random = (limit: number): number => {
    seed = (seed * 48271) % 2147483647;
    return seed % limit;
  };
  for (let round = 0; round < 200; round += 1) {
    const text = "abc déf 👍 ghi\n".repeat(1 + random(9));
    const marks = Array.from({ length: random(12) }, (_, requirement): Mark => {
      const start = random(text.length);
      return { start, end: start + random(20), kind: "met", ...(requirement % 2 ? { requirement } : {}) };
    });
    expect(join(text, marks)).toBe(text);
  }
});
