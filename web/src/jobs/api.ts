// The operations of the job catalogue.
import { mutate, query } from "../api/client";
import { graphql } from "../gql";
import type { JobInput, JobItemFragment } from "../gql/graphql";

export type JobItem = JobItemFragment;

graphql(`fragment JobItem on Job { id title text updatedAt }`);
const LIST = graphql(`
  query JobsList($first: Int!, $after: String) {
    jobs(first: $first, after: $after) { nodes { ...JobItem } totalCount pageInfo { hasNextPage endCursor } }
  }
`);
const SEARCH = graphql(`
  query JobsSearch($query: String!, $first: Int!, $after: String) {
    searchJobs(query: $query, first: $first, after: $after) {
      edges { node { ...JobItem } words similarity }
      totalCount
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const ADD = graphql(`
  mutation JobsAdd($input: AddJobsInput!) { addJobs(input: $input) { jobs { id } errors { code message path } } }
`);
const REMOVE = graphql(`
  mutation JobsRemove($id: ID!) { removeJob(input: { id: $id }) { removedJobId errors { code message path } } }
`);

/** A job of a page, with its relevance if it was searched for. */
export interface FoundJob {
  readonly job: JobItem;
  readonly relevance?: { readonly words: number; readonly similarity: number };
}

export interface JobPage {
  readonly jobs: readonly FoundJob[];
  readonly total: number;
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

const PAGE_SIZE = 20;

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor?: string | null | undefined;
}
const nextOf = ({ hasNextPage, endCursor }: PageInfo): string | null => (hasNextPage ? (endCursor ?? null) : null);

/** A page of the catalogue, or of the jobs found if there is a search text. */
export async function loadPage(search: string, after: string | null, signal: AbortSignal): Promise<JobPage> {
  if (search === "") {
    const { jobs } = await query(LIST, { first: PAGE_SIZE, after }, signal);
    return { jobs: jobs.nodes.map((job) => ({ job })), total: jobs.totalCount, next: nextOf(jobs.pageInfo) };
  }
  const { searchJobs: found } = await query(SEARCH, { query: search, first: PAGE_SIZE, after }, signal);
  return {
    jobs: found.edges.map(({ node, words, similarity }) => ({ job: node, relevance: { words, similarity } })),
    total: found.totalCount,
    next: nextOf(found.pageInfo),
  };
}

export const addJobs = async (jobs: JobInput[]) => (await mutate(ADD, { input: { jobs } })).addJobs;

export const removeJob = async (id: string) => (await mutate(REMOVE, { id })).removeJob;
