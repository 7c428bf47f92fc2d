import { expect, test } from "vitest";

import { byImportance, duration, educationSentence, experienceSentence, month, quote } from "./words";

const text = "Ann Example taught; she led Ann's team.";
const span = (start: number, end: number) => ({ start: start + 100, end: end + 100, text: text.slice(start, end) });

test("quotations leave out what identifies the person, but no pronoun", () => {
  expect(quote(span(0, 39), [span(0, 11), span(20, 23), span(28, 33)])).toBe("[…] taught; she led […] team.");
  expect(quote(span(12, 39), [span(0, 11)])).toBe("taught; she led Ann's team.");
  expect(quote(span(4, 26), [span(0, 11), span(24, 27)])).toBe("[…] taught; she […]");
  expect(quote({ start: 5, end: 12, text: "a\n b  c" }, [])).toBe("a b c");
});

test("times are in words", () => {
  expect(month("2018-03")).toBe("Mar 2018");
  expect([0, 1, 12, 29].map(duration)).toEqual(["0 months", "1 month", "1 year", "2 years 5 months"]);
});

test("unknown and missing facts are said", () => {
  expect(experienceSentence({ requiredYears: null, foundYears: null, periods: [], breaks: [] })).toBe(
    "The resume does not tell the years of experience. The posting states no years.",
  );
  expect(experienceSentence({ requiredYears: 1, foundYears: 5.9167, periods: [], breaks: [] })).toBe("The resume shows 5.9 years. The posting asks for 1 year.");
  expect(educationSentence({ required: "a master's degree", found: null, met: false })).toBe(
    "The resume shows no degree. The posting asks for a master's degree, which is not met.",
  );
});

test("must-haves come first, and each keeps its index", () => {
  const requirement = (kind: "DUTY" | "MUST_HAVE" | "NICE_TO_HAVE", met: boolean) => ({ kind, met, mustHave: false, similarity: 0, text: "", jobSpan: span(0, 1), evidence: null });
  const all = [requirement("NICE_TO_HAVE", true), requirement("DUTY", true), requirement("MUST_HAVE", false), requirement("MUST_HAVE", true), requirement("DUTY", true)];
  expect(byImportance(all, true).map(({ index }) => index)).toEqual([3, 1, 4, 0]);
  expect(byImportance(all, false).map(({ index }) => index)).toEqual([2]);
});
