// Adding jobs from files or from a text, in requests that the server accepts. Each posting has an id from here, so that one
// that is sent again after an answer was lost replaces itself, and is not added twice.
import { shallowReactive } from "vue";

import { type Problem, problemOf } from "../api/errors";
import type { JobInput } from "../gql/graphql";
import { sourceInput } from "../match/sources";
import { distinctNames } from "../rank/names";
import { encodedSize, planRequests } from "../rank/plan";
import { refreshQuota } from "../rank/quota";
import { EMPTY_FILE, reasonText, UNREADABLE_FILE } from "../rank/reason";
import { addJobs } from "./api";
import { createIds } from "./ids";
import { jobIndex } from "./words";

/** Jobs of one request: few enough that the progress is seen. */
export const JOBS_AT_ONCE = 40;

export interface JobProblem {
  readonly name: string;
  readonly message: string;
  readonly file: File | null;
}

interface AddingState {
  isActive: boolean;
  done: number;
  total: number;
  added: number;
  problems: readonly JobProblem[];
  /** The files that were not sent because of `problem`. */
  rest: readonly File[];
  /** The reason why the rest was not sent. */
  problem: Problem | null;
}

export const sizedFiles = (files: readonly File[]) =>
  files.flatMap(({ size }, id) => (size > 0 ? [{ id, size: encodedSize(size) }] : []));

export function createAdding() {
  const ids = createIds();
  const state = shallowReactive<AddingState>({ isActive: false, done: 0, total: 0, added: 0, problems: [], rest: [], problem: null });
  let isLeft = false;

  function report(name: string, message: string, file: File | null): void {
    state.problems = [...state.problems, { name, message, file }];
  }

  /** Sends some jobs and reports the problem of each. */
  async function send(jobs: JobInput[], names: readonly string[], files: readonly (File | null)[]): Promise<void> {
    const { jobs: added, errors } = await addJobs(jobs);
    state.added += added.filter((job) => job !== null).length;
    for (const error of errors) {
      const index = jobIndex(error) ?? 0;
      report(names[index] ?? "", reasonText(error), files[index] ?? null);
    }
  }

  async function run(total: number, work: () => Promise<void>): Promise<void> {
    Object.assign(state, { isActive: true, done: 0, total, added: 0, problems: [], rest: [], problem: null });
    isLeft = false;
    try {
      await work();
    } catch (error) {
      state.problem = problemOf(error);
    }
    state.isActive = false;
    void refreshQuota();
  }

  async function addFiles(files: readonly File[]): Promise<void> {
    const names = distinctNames(files.map(({ name }) => name));
    const { batches, tooLarge } = planRequests(0, sizedFiles(files), JOBS_AT_ONCE);
    const refuse = (id: number, message: string): void => {
      report(names[id] ?? "", message, files[id] ?? null);
      state.done += 1;
    };
    files.forEach(({ size }, id) => size === 0 && refuse(id, EMPTY_FILE));
    tooLarge.forEach((id) => refuse(id, reasonText({ code: "UNSUPPORTED_DOCUMENT", message: "", reason: "TOO_LARGE" })));
    for (const [index, batch] of batches.entries()) {
      state.rest = batches.slice(index).flat().flatMap((id) => files[id] ?? []);
      const sent: number[] = [];
      const jobs: JobInput[] = [];
      for (const id of batch) {
        const file = files[id];
        const source = file && (await sourceInput({ file }).catch(() => null));
        if (file && source) {
          sent.push(id);
          jobs.push({ id: ids.ofFile(file), source });
        } else {
          refuse(id, UNREADABLE_FILE);
        }
      }
      if (isLeft) {
        return;
      }
      if (jobs.length > 0) {
        await send(jobs, sent.map((id) => names[id] ?? ""), sent.map((id) => files[id] ?? null));
        state.done += sent.length;
      }
    }
    state.rest = [];
  }

  return {
    state,
    /** Adds the postings of the files; the problems of each are reported with its name. */
    addFiles: (files: readonly File[]): Promise<void> => run(files.length, () => addFiles(files)),
    /** Adds one posting; its problem has no name. */
    addText: (title: string, text: string): Promise<void> =>
      run(1, async () => {
        await send([{ id: ids.ofText(title, text), title: title.trim() || null, source: { text } }], [""], [null]);
        ids.forgetTexts();
      }),
    /** Sends no more files. What was sent is added in any case. */
    leave(): void {
      isLeft = true;
    },
  };
}
