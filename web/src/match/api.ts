// The operations of the match page.
import { CombinedError } from "@urql/core";

import { query } from "../api/client";
import { graphql } from "../gql";
import type { MatchResultFragment, MatchRescoreQuery, MatchWeightsInput } from "../gql/graphql";
import { type MatchSource, sourceInput } from "./sources";

export type Match = MatchResultFragment;
export type Rescored = MatchRescoreQuery["rescoreMatch"];
export type Component = Match["components"][number];
export type Requirement = Match["requirements"][number];
export type Gap = Match["gaps"][number];
/** A requirement that the person has made a must-have, or has made none. */
export interface MustHave {
  readonly text: string;
  readonly mustHave: boolean;
}
/** The changes with which a match is scored again. */
export interface RescoreSettings {
  /** Null for those of the match. */
  readonly weights: Weights | null;
  readonly mustHave: readonly MustHave[];
  readonly closedGaps: readonly string[];
}
export type Weights = Required<{ [Name in keyof MatchWeightsInput]: number }>;

graphql(`
  fragment MatchSpan on TextSpan { start end text }
  fragment MatchGap on Gap { id kind text required scoreIfAdded }
  fragment MatchWeightValues on MatchWeights { skills requirements experience education occupation }
  fragment MatchComponent on ScoreComponent { kind score weight contribution reason }
  fragment MatchResult on ResumeMatch {
    id
    score
    summary
    warnings
    components { ...MatchComponent }
    weights { ...MatchWeightValues }
    requirements { text kind mustHave met similarity jobSpan { ...MatchSpan } evidence { ...MatchSpan } }
    skills {
      matched { skill { label } required }
      missing { skill { label } required }
      additional { label }
    }
    experience {
      requiredYears
      foundYears
      periods { from until months overlapMonths span { ...MatchSpan } }
      breaks { from until months }
    }
    education { required found met }
    occupation { resume job agreement }
    credentials { name jobSpan { ...MatchSpan } resumeSpan { ...MatchSpan } }
    gaps { ...MatchGap }
    openQuestions { ...MatchSpan }
    resumeHighlights { kind span { ...MatchSpan } }
    jobHighlights { kind span { ...MatchSpan } }
    redactions { ...MatchSpan }
    resumeText
    jobText
    letterToApplicant: explain(audience: CANDIDATE)
    letterToRecruiter: explain(audience: RECRUITER)
  }
`);
const MATCH = graphql(`query MatchPair($input: MatchResumeInput!) { matchResume(input: $input) { ...MatchResult } }`);
const SWAP = graphql(`query MatchSwapped($input: MatchResumeInput!) { matchResume(input: $input) { score redactions { ...MatchSpan } } }`);
const RESCORE = graphql(`
  query MatchRescore($input: RescoreMatchInput!) {
    rescoreMatch(input: $input) {
      score
      components { ...MatchComponent }
      weights { ...MatchWeightValues }
      gaps { ...MatchGap }
    }
  }
`);

/** Matches two texts. An aborted match is cancelled on the server. */
export async function matchPair(resume: MatchSource, job: MatchSource, signal?: AbortSignal): Promise<Match> {
  const input = { resume: await sourceInput(resume, "resume"), job: await sourceInput(job, "job") };
  return (await query(MATCH, { input }, signal)).matchResume;
}

/** The score of a changed resume with the same posting. */
export async function scoreOf(resume: string, job: string, signal?: AbortSignal) {
  return (await query(SWAP, { input: { resume: { text: resume }, job: { text: job } } }, signal)).matchResume;
}

export async function rescore(id: string, { weights, mustHave, closedGaps }: RescoreSettings): Promise<Rescored> {
  const input = { id, closedGaps: [...closedGaps], mustHave: mustHave.map((one) => ({ ...one })), ...(weights && { weights }) };
  return (await query(RESCORE, { input })).rescoreMatch;
}

/** Whether the server no longer keeps the match, so that it has to be computed again. */
export function isExpired(error: unknown): boolean {
  const first = error instanceof CombinedError ? error.graphQLErrors[0] : undefined;
  return first !== undefined && (first.extensions["code"] === "NOT_FOUND" || first.message.startsWith("input.id:"));
}
