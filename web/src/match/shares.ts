// The weights of a match as a person reads and sets them: the shares of the components that apply to it, with the sum 1.
//
// The server's settings are another scale: it multiplies the weight of the skills by a factor that grows with their number, leaves
// out components that do not apply, and scales the rest to the sum 1. The match states both scales, so that one can be
// computed from the other.
import type { Component, Match, Weights } from "./api";

export type ComponentKind = Component["kind"];
export type Shares = ReadonlyMap<ComponentKind, number>;

/** The order of the server. */
export const KINDS = ["SKILLS", "REQUIREMENTS", "EXPERIENCE", "EDUCATION", "OCCUPATION"] as const satisfies readonly ComponentKind[];

type Weighted = Pick<Match, "components" | "weights">;

const nameOf = (kind: ComponentKind) => kind.toLowerCase() as keyof Weights;

/** The shares of the kinds that any of the answers has; a component with the weight 0 is absent from an answer. */
export function sharesOf(components: readonly Component[], match: Weighted): Shares {
  const weights = new Map(components.map(({ kind, weight }) => [kind, weight]));
  const known = KINDS.filter((kind) => weights.has(kind) || match.components.some((other) => other.kind === kind));
  return new Map(known.map((kind) => [kind, weights.get(kind) ?? 0]));
}

/** Sets one share. The others change in proportion; if they are all 0, in the proportions given. */
export function withShare(shares: Shares, kind: ComponentKind, share: number, proportions: Shares): Shares {
  const others = [...shares].filter(([other]) => other !== kind);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  let parts = others.map(([, value]) => value);
  if (sum(parts) === 0) {
    parts = others.map(([other]) => proportions.get(other) ?? 0);
  }
  const whole = sum(parts);
  if (whole === 0) {
    return shares;
  }
  const changed = new Map(others.map(([other], index) => [other, ((parts[index] ?? 0) / whole) * (1 - share)]));
  return new Map([...shares.keys()].map((other) => [other, changed.get(other) ?? share]));
}

/** The settings with which the server gives these shares. */
export function weightsFor(shares: Shares, match: Weighted): Weights {
  const factors = new Map(match.components.map(({ kind, weight }) => [kind, weight / match.weights[nameOf(kind)]]));
  const common = [...factors].find(([kind, factor]) => kind !== "SKILLS" && factor > 0)?.[1] ?? 1;
  const weight = (kind: ComponentKind): number => {
    const share = shares.get(kind);
    // One that does not apply now can apply with other must-haves; then it has the weight that it would have had.
    return share === undefined ? match.weights[nameOf(kind)] : share / (factors.get(kind) || common);
  };
  return {
    skills: weight("SKILLS"),
    requirements: weight("REQUIREMENTS"),
    experience: weight("EXPERIENCE"),
    education: weight("EDUCATION"),
    occupation: weight("OCCUPATION"),
  };
}
