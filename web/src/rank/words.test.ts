import { expect, it } from "vitest";

import { costNote, unitsLeft } from "./cost";
import { gapLabels, shorten } from "./gaps";
import { distinctNames } from "./names";
import { canCompareAgain, reasonText } from "./reason";

const NOW = Date.parse("2026-01-31T12:30:00Z");
const quota = { limit: 1_000, used: 340, resetsAt: "2026-01-31T13:00:00Z" };

it("tells files with the same name apart, also from names that look numbered", () => {
  expect(distinctNames(["cv.pdf", "cv.pdf", "cv.pdf (2)", "cv.pdf", "a.txt"])).toEqual([
    "cv.pdf",
    "cv.pdf (3)",
    "cv.pdf (2)",
    "cv.pdf (4)",
    "a.txt",
  ]);
});

it("states the cost and what is left", () => {
  expect(costNote(420, quota, NOW)).toEqual({ text: "This will cost 420 of your 660 units left this hour.", isEnough: true });
  expect(costNote(660, quota, NOW).isEnough).toBe(true);
  expect(costNote(420, { ...quota, limit: null }, NOW).text).toContain("no limit");
  expect(costNote(420, undefined, NOW).isEnough).toBe(true);
});

it("says when a quota that does not suffice resets, unless it never suffices", () => {
  const later = costNote(680, quota, NOW);
  expect(later.isEnough).toBe(false);
  expect(later.text).toContain("660 left");
  expect(later.text).toContain("Wait until");
  expect(costNote(1_020, quota, NOW).text).toContain("1,000 an hour: choose fewer");
});

it("counts the whole limit after the reset", () => {
  expect(unitsLeft(quota, NOW)).toBe(660);
  expect(unitsLeft(quota, NOW + 3_600_000)).toBe(1_000);
  expect(unitsLeft({ ...quota, used: 1_200 }, NOW)).toBe(0);
});

it("gives the reason of an error in plain words", () => {
  expect(reasonText({ code: "UNSUPPORTED_DOCUMENT", message: "input.resumes[3]: the document ...", reason: "SCANNED" })).toMatch(/^Scanned/);
  expect(reasonText({ code: "OVERLOADED", message: "the server is busy" })).toBe("The server was too busy to read it.");
  expect(reasonText({ code: "BAD_USER_INPUT", message: "input.resumes[3]: the text is empty", reason: null })).toBe("The text is empty.");
  expect(reasonText({ code: "UNSUPPORTED_DOCUMENT", message: "resume: a new reason", reason: "NEW" })).toBe("A new reason.");
});

it("offers to compare again only what can succeed", () => {
  expect(["OVERLOADED", "INTERNAL"].every(canCompareAgain)).toBe(true);
  expect(["UNSUPPORTED_DOCUMENT", "BAD_USER_INPUT"].some(canCompareAgain)).toBe(false);
});

it("shows the first gaps in few words, without fragments and repetitions", () => {
  const gap = (text: string, scoreIfAdded: number) => ({ text, scoreIfAdded, required: true });
  const labels = gapLabels({ score: 0.5, gaps: [gap("or", 0.9), gap("or 2.", 0.8), gap("SAP", 0.58), gap(" •  a  doctorate", 0.56), gap("a doctorate", 0.56), gap("Rust", 0.501)] });
  expect(labels).toEqual([
    { text: "SAP", gain: "+0.08", full: "SAP" },
    { text: "a doctorate", gain: "+0.06", full: "a doctorate" },
    { text: "Rust", gain: "", full: "Rust" },
  ]);
});

it("shortens a text at a word", () => {
  expect(shorten("experience of supervising, planning and more", 27)).toBe("experience of supervising…");
  expect(shorten("x".repeat(60), 10)).toBe(`${"x".repeat(10)}…`);
  expect(shorten("short")).toBe("short");
});
