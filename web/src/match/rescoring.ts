// A match scored again with closed gaps and other weights, by the server.
import { computed, reactive, ref, shallowRef } from "vue";

import { type Problem, problemOf, sentence } from "../api/errors";
import type { Gap, Match, Rescored, Weights } from "./api";
import { latestOnly } from "./latest";

export interface Scorer {
  rescore(id: string, weights: Weights | null, closedGaps: string[]): Promise<Rescored>;
  /** Computes the match again, when the server no longer keeps it. */
  rematch(): Promise<Match>;
  isExpired(error: unknown): boolean;
}

interface Settings {
  readonly weights: Weights | null;
  readonly closed: readonly Gap[];
}

export const WEIGHT_NAMES = ["skills", "requirements", "experience", "education", "occupation"] as const;

export function useRescoring(match: Match, { rescore, rematch, isExpired }: Scorer) {
  /** The gaps seen so far, in the order in which they were first seen, so that none moves under the pointer. */
  const gaps = ref<Gap[]>([...match.gaps]);
  const closed = reactive(new Set<string>());
  const weights = shallowRef<Weights | null>(null);
  /** The answer for the newest settings that were scored; null for the match as it was. */
  const result = shallowRef<Rescored | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const isScoring = ref(false);
  let kept: Pick<Match, "id" | "gaps"> = match;

  const sameGap = (gap: Gap): string => kept.gaps.find(({ kind, text }) => kind === gap.kind && text === gap.text)?.id ?? gap.id;

  async function score({ weights: wanted, closed: shown }: Settings): Promise<Rescored | null> {
    const attempt = async () => (kept.id ? await rescore(kept.id, wanted, shown.map(sameGap)) : null);
    try {
      return await attempt();
    } catch (error) {
      if (!isExpired(error)) {
        throw error;
      }
      kept = await rematch();
      return attempt();
    }
  }

  const push = latestOnly(async (settings: Settings) => {
    isScoring.value = true;
    try {
      const answer = settings.weights || settings.closed.length > 0 ? await score(settings) : null;
      result.value = answer;
      problem.value = null;
      const open = answer?.gaps ?? match.gaps;
      const isSame = (a: Gap, b: Gap): boolean => a.kind === b.kind && a.text === b.text;
      const known = gaps.value.map((gap) => ({ ...gap, scoreIfAdded: open.find((other) => isSame(other, gap))?.scoreIfAdded ?? gap.scoreIfAdded }));
      gaps.value = [...known, ...open.filter((gap) => !known.some((other) => isSame(gap, other)))];
    } catch (error) {
      const found = problemOf(error);
      problem.value = { ...found, message: sentence(found.message.replace(/^input\.[\w.]+: /i, "")) };
    } finally {
      isScoring.value = false;
    }
  });

  const update = (): Promise<void> => push({ weights: weights.value, closed: gaps.value.filter(({ id }) => closed.has(id)) });

  return {
    gaps,
    closed,
    weights,
    result,
    problem,
    isScoring,
    update,
    isAvailable: match.id !== null && match.id !== undefined,
    isChanged: computed(() => closed.size > 0 || weights.value !== null),
    toggle(gap: Gap): Promise<void> {
      if (!closed.delete(gap.id)) {
        closed.add(gap.id);
      }
      return update();
    },
    setWeights(value: Weights | null): Promise<void> {
      weights.value = value;
      return update();
    },
    reset(): Promise<void> {
      closed.clear();
      weights.value = null;
      return update();
    },
  };
}

export type Rescoring = ReturnType<typeof useRescoring>;
