import { expect, it } from "vitest";

import { type Entry, inOrder, mustHaves, type RankMatch, sharedWarnings } from "./entries";
import { rankingCsv } from "./table_csv";

const match = (score: number, changes: Partial<RankMatch> = {}): RankMatch => ({
  score,
  summary: "",
  warnings: [],
  components: [{ kind: "SKILLS", contribution: score }],
  requirements: [
    { mustHave: true, met: true },
    { mustHave: true, met: false },
    { mustHave: false, met: true },
  ],
  gaps: [],
  ...changes,
});
const entry = (id: number, name: string, outcome: Entry["outcome"]): Entry => ({ id, name, source: { jobId: "x" }, outcome });
const ranked = (id: number, name: string, score: number): Entry => entry(id, name, { kind: "match", match: match(score) });
const failed = (id: number, name: string): Entry => entry(id, name, { kind: "error", message: "Scanned.", canRetry: false });

it("orders by score, ties and errors as in the input, without what has no result", () => {
  const entries = [ranked(0, "a", 0.2), failed(1, "b"), ranked(2, "c", 0.9), entry(3, "d", null), ranked(4, "e", 0.2), failed(5, "f"), ranked(6, "g", 0)];
  expect(inOrder(entries).map(({ name }) => name)).toEqual(["c", "a", "e", "g", "b", "f"]);
});

it("counts must-haves only", () => {
  expect(mustHaves(match(1))).toEqual({ met: 1, all: 2 });
});

it("writes a row for each entry, with as many cells as the head", () => {
  const gaps = [
    { text: "Rust,\n \"async\"", scoreIfAdded: 0.6, required: true },
    { text: "SQL", scoreIfAdded: 0.5, required: false },
  ];
  const entries = [entry(0, "a.pdf", { kind: "match", match: match(0.4, { gaps }) }), failed(1, "b.pdf")];
  expect(rankingCsv(entries)).toBe(
    "rank,file,score,skills,requirements,experience,education,occupation,must_haves_met,must_haves,gaps,warnings,error\r\n" +
      '1,a.pdf,0.4000,0.4000,,,,,1,2,"Rust, ""async""; SQL",,\r\n' +
      ",b.pdf,,,,,,,,,,,Scanned.\r\n",
  );
});

it.each(["=1+1", "+1", "-1", "@x", "\tx"])("does not let %j begin a formula", (name) => {
  expect(rankingCsv([ranked(0, name, 1)], "job")).toContain(`1,'${name},1.0000`);
});

it("finds the warnings that all matches share", () => {
  const warned = (id: number, ...warnings: string[]): Entry => entry(id, "x", { kind: "match", match: match(1, { warnings }) });
  expect(sharedWarnings([warned(0, "a", "b"), failed(1, "y"), warned(2, "b", "c")])).toEqual(["b"]);
  expect(sharedWarnings([warned(0, "a")])).toEqual([]);
  expect(sharedWarnings([])).toEqual([]);
});
