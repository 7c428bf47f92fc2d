// From the types of @graphql-codegen to what the scenario looks at.
import { type FragmentType, getFragmentData } from "./gql/index.js";
import { type MatchResumeQuery, type PredictQuery, ProblemsFragmentDoc, type UsersQuery } from "./gql/graphql.js";

import type { Match, Page, Prediction, Problem } from "./scenario.js";

export function problems(errors: readonly FragmentType<typeof ProblemsFragmentDoc>[]): readonly Problem[] {
  return getFragmentData(ProblemsFragmentDoc, errors).map(({ code, path }) => ({ code, path }));
}

export function toPredictions({ predict }: PredictQuery): readonly Prediction[] {
  return predict?.predictions.map(({ label, score }) => ({ label, score })) ?? [];
}

export function toMatch({ matchResume: match }: MatchResumeQuery): Match {
  const quoted = match?.requirements[0]?.jobSpan;
  if (!match || !quoted) {
    throw new Error("the match has no requirements");
  }
  return {
    score: match.score,
    contributions: match.components.map(({ contribution }) => contribution),
    missing: match.skills.missing.map(({ skill }) => skill.label),
    quoted,
  };
}

export function toPage({ users }: UsersQuery): Page {
  const info = users?.pageInfo;
  return {
    names: users?.edges.map(({ node }) => node.username) ?? [],
    next: info?.hasNextPage ? (info.endCursor ?? null) : null,
  };
}
