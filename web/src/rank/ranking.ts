// A ranking: its requests one after the other, and the results as they arrive.
import { CombinedError } from "@urql/core";
import { markRaw, shallowReactive } from "vue";

import { type Problem, problemOf } from "../api/errors";
import { bytes } from "../lib/format";
import type { TextSource } from "../gql/graphql";
import { type MatchSource, sourceInput } from "../match/sources";
import { sourceProblem } from "../match/source_problem";
import { MAX_FILES } from "./limits";
import { type Progress, rankCatalogue, rankTexts } from "./api";
import type { Entry, Outcome } from "./entries";
import { largestFile, planRequests } from "./plan";
import { knownMaxTexts, refreshQuota } from "./quota";
import { canCompareAgain, EMPTY_FILE, reasonText, UNREADABLE_FILE } from "./reason";
import { pause, recoveryFrom } from "./recovery";
import { sizedTexts, subjectSize } from "./sizes";

/** The text that all others are compared with, and the kind of the others. */
export interface Subject {
  readonly many: "resumes" | "jobs" | "catalogue";
  readonly one: MatchSource;
  /** The number of jobs of the catalogue to compare. */
  readonly candidates?: number;
}

export interface RankingState {
  phase: "idle" | "running" | "waiting" | "stopped" | "interrupted" | "done";
  /** The number of the ranking in this page; each start has its own. */
  run: number;
  subject: Subject | null;
  entries: readonly Entry[];
  /** The number of texts; it can differ from `entries` for a catalogue. */
  total: number;
  problem: Problem | null;
  /** The length of a pause that the server asked for, in minutes. */
  pauseMinutes: number;
  /** A problem with the text that all others are compared with. */
  subjectError: string;
}

export interface Ranking {
  readonly state: Readonly<RankingState>;
  start(subject: Subject, entries: readonly Entry[]): void;
  /** Ends the work on the server; the results stay. */
  stop(): void;
  /** Compares the texts without a result. */
  resume(): void;
  clear(): void;
}

/** The time between two updates of the table while results arrive, in milliseconds. */
const UPDATE_INTERVAL = 250;

export const isActive = ({ phase }: Readonly<RankingState>): boolean => phase === "running" || phase === "waiting";

/** The entries that have no result, or one that can differ the next time. */
export const unfinished = (entries: readonly Entry[]): Entry[] =>
  entries.filter(({ outcome }) => outcome === null || (outcome.kind === "error" && outcome.canRetry));

export function createRanking(): Ranking {
  const state = shallowReactive<RankingState>({
    phase: "idle",
    run: 0,
    subject: null,
    entries: [],
    total: 0,
    problem: null,
    pauseMinutes: 0,
    subjectError: "",
  });
  let entries: Entry[] = [];
  let controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(): void {
    clearTimeout(timer);
    timer = undefined;
    state.entries = [...entries];
  }

  function set(id: number, outcome: Outcome | null): void {
    const index = entries.findIndex((entry) => entry.id === id);
    const entry = entries[index];
    if (entry) {
      entries[index] = { ...entry, outcome: outcome && markRaw(outcome) };
      timer ??= setTimeout(show, UPDATE_INTERVAL);
    }
  }

  const fail = (id: number, message: string): void => set(id, { kind: "error", message, canRetry: false });

  /** The outcome of a result; null for a text that was not reached. */
  function outcomeOf({ result: { match, error } }: Progress): Outcome | null {
    if (error?.code === "NOT_REACHED") {
      return null;
    }
    return match
      ? { kind: "match", match }
      : {
          kind: "error",
          message: error ? reasonText(error) : "",
          canRetry: error !== null && error !== undefined && canCompareAgain(error.code),
        };
  }

  /** Ends the work of this run, with a problem if there is one. */
  function finish(phase: RankingState["phase"], problem: Problem | null = null): void {
    show();
    state.phase = phase;
    state.problem = problem;
    void refreshQuota();
  }

  async function documentOf(entry: Entry): Promise<TextSource | null> {
    try {
      return "file" in entry.source ? await sourceInput(entry.source) : null;
    } catch {
      fail(entry.id, UNREADABLE_FILE);
      return null;
    }
  }

  /** Refuses the files that cannot be sent, and returns the entries of the next request. */
  function nextRequest(subject: Subject, maxTexts: number): Entry[] {
    for (const { id, source, outcome } of entries) {
      if (outcome === null && "file" in source && source.file.size === 0) {
        fail(id, EMPTY_FILE);
      }
    }
    const rest = entries.filter(({ outcome }) => outcome === null);
    const one = subjectSize(subject.one);
    const { batches, tooLarge } = planRequests(one, sizedTexts(rest), maxTexts);
    for (const id of tooLarge) {
      fail(id, `Too large: at most ${bytes(largestFile(one))} can be sent together with the ${subject.many === "resumes" ? "job posting" : "resume"}.`);
    }
    const next = new Set(batches[0]);
    return rest.filter(({ id }) => next.has(id));
  }

  async function runTexts(subject: Subject, many: "resumes" | "jobs", signal: AbortSignal): Promise<void> {
    let maxTexts = Math.min(MAX_FILES, Math.max(1, knownMaxTexts.value ?? MAX_FILES));
    for (let batch = nextRequest(subject, maxTexts); batch.length > 0; batch = nextRequest(subject, maxTexts)) {
      const one = await sourceInput(subject.one, many === "resumes" ? "job" : "resume");
      const sent: number[] = [];
      const documents: TextSource[] = [];
      for (const entry of batch) {
        const document = await documentOf(entry);
        if (document) {
          sent.push(entry.id);
          documents.push(document);
        }
      }
      if (documents.length === 0) {
        continue;
      }
      let received = 0;
      let isUnreached = false;
      const next = (progress: Progress): void => {
        const id = sent[progress.result.index];
        if (id !== undefined) {
          received += 1;
          isUnreached ||= progress.result.error?.code === "NOT_REACHED";
          set(id, outcomeOf(progress));
        }
      };
      const end = await rankTexts(many, one, documents, next, signal);
      if (end.kind === "stopped") {
        return;
      }
      if (isUnreached) {
        finish("interrupted", UNREACHED);
        return;
      }
      if (end.kind === "complete" && received === sent.length) {
        continue;
      }
      const error = end.kind === "error" ? end.error : LOST;
      const allowed = await recover(error, sent.length, signal);
      if (allowed === null) {
        return;
      }
      maxTexts = Math.min(maxTexts, allowed);
    }
    finish("done");
  }

  /** Waits until the next request can succeed and returns its most texts; null if the ranking has ended. */
  async function recover(error: unknown, sent: number, signal: AbortSignal): Promise<number | null> {
    const recovery = recoveryFrom(error, sent);
    switch (recovery.kind) {
      case "split":
        return recovery.maxTexts;
      case "wait":
        state.pauseMinutes = Math.ceil(recovery.milliseconds / 60_000);
        state.phase = "waiting";
        await pause(recovery.milliseconds, signal);
        if (signal.aborted) {
          return null;
        }
        state.phase = "running";
        return Number.POSITIVE_INFINITY;
      case "end":
        interrupt(error);
        return null;
    }
  }

  function interrupt(error: unknown): void {
    state.subjectError = sourceProblem(error)?.message ?? "";
    finish("interrupted", state.subjectError ? null : problemOf(error));
  }

  async function runCatalogue(subject: Subject, signal: AbortSignal): Promise<void> {
    entries = [];
    let isUnreached = false;
    const next = ({ job, ...progress }: Progress): void => {
      state.total = progress.total;
      isUnreached ||= progress.result.error?.code === "NOT_REACHED";
      if (job) {
        const id = progress.result.index;
        entries.push({ id, name: job.title, source: { jobId: job.id }, outcome: null });
        set(id, outcomeOf(progress));
      }
    };
    const end = await rankCatalogue(await sourceInput(subject.one, "resume"), subject.candidates ?? MAX_FILES, next, signal);
    if (end.kind === "error") {
      interrupt(end.error);
    } else if (isUnreached) {
      finish("interrupted", { ...UNREACHED, message: "It reached its time limit for a ranking. Compare fewer jobs, or try again later." });
    } else if (end.kind === "complete") {
      finish("done");
    }
  }

  function run(): void {
    const { subject } = state;
    if (!subject) {
      return;
    }
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    state.phase = "running";
    state.problem = null;
    state.subjectError = "";
    const work = subject.many === "catalogue" ? runCatalogue(subject, signal) : runTexts(subject, subject.many, signal);
    work.catch((error: unknown) => {
      if (!signal.aborted) {
        interrupt(error);
      }
    });
  }

  return {
    state,
    start(subject, given) {
      entries = given.map((entry) => ({ ...entry, outcome: null }));
      state.run += 1;
      state.subject = markRaw(subject);
      state.total = entries.length;
      show();
      run();
    },
    stop() {
      if (isActive(state)) {
        controller.abort();
        finish("stopped");
      }
    },
    resume() {
      for (const { id, outcome } of unfinished(entries)) {
        if (outcome) {
          set(id, null);
        }
      }
      run();
    },
    clear() {
      controller.abort();
      entries = [];
      show();
      Object.assign(state, { phase: "idle", subject: null, total: 0, problem: null, subjectError: "" });
    },
  };
}

const UNREACHED: Problem = {
  kind: "busy",
  title: "The server needs more time",
  message: "It reached its time limit for a ranking. The rest can be continued, and was not charged.",
};

/** The error of a stream that completed without all its results. */
const LOST = new CombinedError({ networkError: new Error("the stream ended early") });
