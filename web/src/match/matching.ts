// The match of the page: its progress, its result, and the problems with either text.
import { onBeforeUnmount, reactive, ref, shallowRef } from "vue";

import { type Problem, problemOf } from "../api/errors";
import { type Match, matchPair } from "./api";
import type { Handover } from "./handover";
import { checkPair, checkSource, sourceProblem } from "./source_problem";
import type { Side } from "./sources";

export interface Matched {
  readonly match: Match;
  /** What was matched, to match it again. */
  readonly pair: Handover;
}

export function useMatching() {
  const matched = shallowRef<Matched | null>(null);
  const isRunning = ref(false);
  const problem = shallowRef<Problem | null>(null);
  const messages = reactive<Record<Side, string>>({ resume: "", job: "" });
  let controller: AbortController | undefined;

  function stop(): void {
    controller?.abort();
  }
  onBeforeUnmount(stop);

  /** Matches the pair. Returns whether there is a new result. */
  async function run(pair: Handover): Promise<boolean> {
    messages.resume = checkSource("resume", pair.resume);
    messages.job = checkSource("job", pair.job);
    const tooLarge = messages.resume || messages.job ? undefined : checkPair(pair.resume, pair.job);
    if (tooLarge) {
      messages[tooLarge.side] = tooLarge.message;
    }
    problem.value = null;
    if (messages.resume || messages.job) {
      return false;
    }
    stop();
    const own = new AbortController();
    controller = own;
    isRunning.value = true;
    try {
      const match = await matchPair(pair.resume, pair.job, own.signal);
      if (controller !== own) {
        return false;
      }
      matched.value = { match, pair };
      return true;
    } catch (error) {
      const found = sourceProblem(error);
      if (controller !== own) {
        return false;
      }
      if (found) {
        messages[found.side] = found.message;
      } else {
        problem.value = problemOf(error);
      }
      return false;
    } finally {
      if (controller === own) {
        isRunning.value = false;
      }
    }
  }

  return { matched, isRunning, problem, messages, run, stop };
}
