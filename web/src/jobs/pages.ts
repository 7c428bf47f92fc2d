// The pages of the catalogue, or of a search in it. Cursors only lead forwards, so those of earlier pages are kept.
import { shallowReactive } from "vue";

import { type Problem, problemOf } from "../api/errors";
import { latest } from "../lib/latest";
import { type FoundJob, loadPage } from "./api";

interface PagesState {
  /** The search text of the jobs shown; empty for the whole catalogue. */
  search: string;
  jobs: readonly FoundJob[];
  total: number;
  /** The number of the page, from 0. */
  page: number;
  hasNext: boolean;
  status: "loading" | "ready" | "failed";
  problem: Problem | null;
}

export function createPages() {
  const state = shallowReactive<PagesState>({
    search: "",
    jobs: [],
    total: 0,
    page: 0,
    hasNext: false,
    status: "loading",
    problem: null,
  });
  /** The cursor before each page up to the next one. */
  let cursors: (string | null)[] = [null];
  const requests = latest();
  let again = (): Promise<void> => Promise.resolve();

  async function show(search: string, page: number): Promise<void> {
    again = () => show(search, page);
    state.status = "loading";
    try {
      const found = await requests.run((signal) => loadPage(search, cursors[page] ?? null, signal));
      if (!found) {
        return;
      }
      if (found.jobs.length === 0 && page > 0) {
        // The last job of the page was removed.
        return await show(search, page - 1);
      }
      cursors = [...cursors.slice(0, page + 1), found.next];
      Object.assign(state, {
        search,
        page,
        jobs: found.jobs,
        total: found.total,
        hasNext: found.next !== null,
        status: "ready",
        problem: null,
      });
    } catch (error) {
      Object.assign(state, { status: "failed", problem: problemOf(error) });
    }
  }

  return {
    state,
    /** Shows the first page of a search, or of the catalogue if the text is empty. */
    find(search: string): Promise<void> {
      cursors = [null];
      return show(search, 0);
    },
    next: () => show(state.search, state.page + 1),
    previous: () => show(state.search, state.page - 1),
    /** Loads the page that is shown again. */
    reload: () => show(state.search, state.page),
    /** Repeats the request that failed. */
    retry: () => again(),
    leave: requests.cancel,
  };
}
