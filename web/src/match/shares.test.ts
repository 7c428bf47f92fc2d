import { expect, test } from "vitest";

import type { Component, Weights } from "./api";
import { EXAMPLE_MATCH } from "./example_match";
import { figure } from "./figures";
import { type ComponentKind, KINDS, type Shares, sharesOf, weightsFor, withShare } from "./shares";

const component = (kind: ComponentKind, weight: number): Component => ({ kind, weight, score: 0.5, contribution: weight / 2, reason: "" });

/** The components that the server gives for settings, as in `ScoreInput::components`. */
function answered(weights: Weights, skillFactor: number, applying: readonly ComponentKind[]): Component[] {
  const raw = applying.map((kind) => ({ kind, weight: weights[kind.toLowerCase() as keyof Weights] * (kind === "SKILLS" ? skillFactor : 1) }));
  const positive = raw.filter(({ weight }) => weight > 0);
  const whole = positive.reduce((sum, { weight }) => sum + weight, 0);
  return positive.map(({ kind, weight }) => component(kind, weight / whole));
}

const shipped: Weights = { skills: 0.14, requirements: 0.55, experience: 0.05, education: 0.06, occupation: 0.2 };

test("the shares are the weights of the table, and those of components that do not apply are absent", () => {
  const shares = sharesOf(EXAMPLE_MATCH.components, EXAMPLE_MATCH);
  expect([...shares].map(([, share]) => figure(share))).toEqual(EXAMPLE_MATCH.components.map(({ weight }) => figure(weight)));
  expect([...sharesOf([component("OCCUPATION", 1)], { components: [component("OCCUPATION", 1)], weights: shipped })]).toEqual([["OCCUPATION", 1]]);
  expect(sharesOf([component("REQUIREMENTS", 1)], EXAMPLE_MATCH).get("SKILLS")).toBe(0);
});

test("the server answers the settings with the shares that were set", () => {
  for (const applying of [KINDS, ["SKILLS", "REQUIREMENTS", "OCCUPATION"], ["SKILLS"], ["EXPERIENCE", "OCCUPATION"]] as const) {
    for (const skillFactor of [0.2, 0.91]) {
      const match = { components: answered(shipped, skillFactor, applying), weights: shipped };
      let shares = sharesOf(match.components, match);
      const start = shares;
      for (const [kind, share] of [["SKILLS", 0.5], ["OCCUPATION", 1], ["SKILLS", 0.25], ["REQUIREMENTS", 0], ["EXPERIENCE", 0.07]] as const) {
        if (shares.has(kind)) {
          shares = withShare(shares, kind, share, start);
          const answer = sharesOf(answered(weightsFor(shares, match), skillFactor, applying), match);
          for (const [other, expected] of shares) {
            expect(answer.get(other), `${other} of ${applying}`).toBeCloseTo(expected, 12);
          }
        }
      }
    }
  }
});

test("shares always have the sum 1 and keep their proportions", () => {
  const start = sharesOf(EXAMPLE_MATCH.components, EXAMPLE_MATCH);
  const moved = withShare(start, "SKILLS", 0.4, start);
  expect(moved.get("SKILLS")).toBe(0.4);
  expect((moved.get("REQUIREMENTS") ?? 0) / (moved.get("OCCUPATION") ?? 1)).toBeCloseTo((start.get("REQUIREMENTS") ?? 0) / (start.get("OCCUPATION") ?? 1), 12);
  const all = withShare(moved, "EDUCATION", 1, start);
  expect([...all.values()].filter((share) => share > 0)).toEqual([1]);
  const back = withShare(all, "EDUCATION", 0.5, start);
  for (const shares of [start, moved, all, back]) {
    expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  }
});

test("a single component keeps the share 1", () => {
  const only: Shares = new Map([["OCCUPATION", 1]]);
  expect(withShare(only, "OCCUPATION", 0.3, only)).toEqual(only);
});

test("a component that does not apply keeps its setting", () => {
  const match = { components: answered(shipped, 0.9, ["SKILLS", "REQUIREMENTS"]), weights: shipped };
  const shares = withShare(sharesOf(match.components, match), "SKILLS", 0.6, new Map());
  expect(weightsFor(shares, match).education).toBe(0.06);
});
