// The subscriptions of rankings.
import { subscribe } from "../api/client";
import { graphql } from "../gql";
import type { TextSource } from "../gql/graphql";
import type { RankResult } from "./entries";

graphql(`
  fragment RankResult on RankingProgress {
    total
    result {
      index
      error { code message reason }
      match {
        score
        summary
        warnings
        components { kind contribution }
        requirements { mustHave met }
        gaps { text required scoreIfAdded }
      }
    }
  }
`);
const RESUMES = graphql(`
  subscription RankResumes($input: RankResumesInput!) { rankResumesProgress(input: $input) { ...RankResult } }
`);
const JOBS = graphql(`subscription RankJobs($input: RankJobsInput!) { rankJobsProgress(input: $input) { ...RankResult } }`);
const CATALOGUE = graphql(`
  subscription RankCatalogue($input: RankJobsInput!) {
    rankJobsProgress(input: $input) { ...RankResult result { job { id title } } }
  }
`);

/** A result with its place among all of the request, and the job of the catalogue. */
export interface Progress {
  readonly total: number;
  readonly result: RankResult;
  readonly job?: { readonly id: string; readonly title: string };
}

/** The end of a stream: with an error, by completion, or because the signal was aborted. */
export type End = { readonly kind: "error"; readonly error: unknown } | { readonly kind: "complete" } | { readonly kind: "stopped" };

type Start = (stream: { next(progress: Progress): void; end(error?: unknown): void }) => () => void;

/** Follows a stream to its end. Aborting the signal ends the work on the server. */
function follow(start: Start, next: (progress: Progress) => void, signal: AbortSignal): Promise<End> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve({ kind: "stopped" });
      return;
    }
    const abort = (): void => {
      stop();
      resolve({ kind: "stopped" });
    };
    const stop = start({
      next,
      end(error) {
        signal.removeEventListener("abort", abort);
        stop();
        resolve(error === undefined ? { kind: "complete" } : { kind: "error", error });
      },
    });
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** Ranks the texts: resumes for a job posting, or job postings for a resume. */
export function rankTexts(
  many: "resumes" | "jobs",
  one: TextSource,
  texts: TextSource[],
  next: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<End> {
  const start: Start =
    many === "resumes"
      ? ({ next: give, end }) =>
          subscribe(RESUMES, { input: { job: one, resumes: texts } }, { next: (data) => give(data.rankResumesProgress), end })
      : ({ next: give, end }) =>
          subscribe(JOBS, { input: { resume: one, jobs: texts } }, { next: (data) => give(data.rankJobsProgress), end });
  return follow(start, next, signal);
}

/** Ranks the jobs of the catalogue that are nearest to the resume. */
export function rankCatalogue(
  resume: TextSource,
  candidates: number,
  next: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<End> {
  const start: Start = ({ next: give, end }) =>
    subscribe(
      CATALOGUE,
      { input: { resume, catalogue: { candidates } } },
      {
        next({ rankJobsProgress: { total, result } }) {
          give({ total, result, ...(result.job && { job: result.job }) });
        },
        end,
      },
    );
  return follow(start, next, signal);
}
