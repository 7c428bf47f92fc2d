// A match scored again with closed gaps, other weights and other must-haves, by the server.
import { computed, reactive, ref, shallowReactive, shallowRef } from "vue";

import { type Problem, problemOf } from "../api/errors";
import type { Gap, Match, MustHave, Requirement, Rescored, RescoreSettings, Weights } from "./api";
import { latestOnly } from "./latest";
import { contradiction } from "./rescore_problem";
import { type ComponentKind, type Shares, sharesOf, weightsFor, withShare } from "./shares";
import { oneLine } from "./words";

export interface Scorer {
  rescore(id: string, settings: RescoreSettings): Promise<Rescored>;
  /** Computes the match again, when the server no longer keeps it. */
  rematch(): Promise<Match>;
  isExpired(error: unknown): boolean;
}

interface Settings {
  readonly weights: Weights | null;
  readonly mustHaves: readonly MustHave[];
  readonly closed: readonly Gap[];
}

const isSame = (a: Gap, b: Gap): boolean => a.kind === b.kind && a.text === b.text;

export function useRescoring(match: Match, { rescore, rematch, isExpired }: Scorer) {
  /** The gaps seen so far, in the order in which they were first seen, so that none moves under the pointer. */
  const gaps = ref<Gap[]>([...match.gaps]);
  const closed = reactive(new Set<string>());
  const weights = shallowRef<Weights | null>(null);
  /** By their texts, which the server compares without regard to case and white space. */
  const mustHaves = shallowReactive(new Map<string, MustHave>());
  /** The answer for the newest settings that were scored; null for the match as it was. */
  const result = shallowRef<Rescored | null>(null);
  /** Shares that were set and have no answer yet. */
  const moved = shallowRef<Shares | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const isRematching = ref(false);
  let kept: Pick<Match, "id" | "gaps"> = match;
  let newest: Settings | undefined;

  const original = sharesOf(match.components, match);
  const shown = computed(() => result.value ?? match);
  const shares = computed(() => moved.value ?? sharesOf(shown.value.components, match));

  const sameGap = (gap: Gap): string => kept.gaps.find((other) => isSame(other, gap))?.id ?? gap.id;

  async function score(settings: Settings): Promise<Rescored | null> {
    const attempt = async () =>
      kept.id
        ? await rescore(kept.id, { weights: settings.weights, mustHave: settings.mustHaves, closedGaps: settings.closed.map(sameGap) })
        : null;
    try {
      return await attempt();
    } catch (error) {
      if (!isExpired(error)) {
        throw error;
      }
      isRematching.value = true;
      try {
        kept = await rematch();
      } finally {
        isRematching.value = false;
      }
      return attempt();
    }
  }

  /** Takes over what the open gaps bring now. One that is closed by another change brings nothing more. */
  function updateGaps(open: readonly Gap[], score: number): void {
    const known = gaps.value.map((gap) => {
      const now = open.find((other) => isSame(other, gap));
      return now ? { ...now, id: gap.id } : { ...gap, scoreIfAdded: score };
    });
    gaps.value = [...known, ...open.filter((gap) => !known.some((other) => isSame(gap, other)))];
  }

  const push = latestOnly(async (settings: Settings) => {
    try {
      const isChanged = settings.weights !== null || settings.closed.length > 0 || settings.mustHaves.length > 0;
      result.value = isChanged ? await score(settings) : null;
      updateGaps(shown.value.gaps, shown.value.score);
      problem.value = null;
      if (settings === newest) {
        moved.value = null;
      }
    } catch (error) {
      problem.value = contradiction(error, settings.mustHaves) ?? problemOf(error);
    }
  });

  function update(): Promise<void> {
    newest = { weights: weights.value, mustHaves: [...mustHaves.values()], closed: gaps.value.filter(({ id }) => closed.has(id)) };
    return push(newest);
  }

  const key = ({ text }: Pick<Requirement, "text">): string => oneLine(text).toLowerCase();

  return {
    gaps,
    closed,
    mustHaves,
    /** The shares of the components, as set or as in the newest answer. */
    shares,
    /** Those of the match as it was. */
    original,
    result,
    /** The newest answer, or the match as it was. */
    shown,
    problem,
    /** Whether the server computes the whole match again, because it no longer kept it. */
    isRematching,
    update,
    isAvailable: match.id !== null && match.id !== undefined,
    isChanged: computed(() => closed.size > 0 || weights.value !== null || mustHaves.size > 0),
    isWeighted: computed(() => weights.value !== null),
    toggle(gap: Gap): Promise<void> {
      if (!closed.delete(gap.id)) {
        closed.add(gap.id);
      }
      return update();
    },
    setShare(kind: ComponentKind, share: number): Promise<void> {
      moved.value = withShare(shares.value, kind, share, original);
      weights.value = weightsFor(moved.value, match);
      return update();
    },
    resetShares(): Promise<void> {
      moved.value = null;
      weights.value = null;
      return update();
    },
    isMustHave: (requirement: Requirement): boolean => mustHaves.get(key(requirement))?.mustHave ?? requirement.mustHave,
    /** Undefined for a requirement as the posting has it. */
    changedMustHave: (requirement: Requirement): MustHave | undefined => mustHaves.get(key(requirement)),
    setMustHave(requirement: Requirement, mustHave: boolean): Promise<void> {
      if (requirement.mustHave === mustHave) {
        mustHaves.delete(key(requirement));
      } else {
        mustHaves.set(key(requirement), { text: requirement.text, mustHave });
      }
      return update();
    },
    resetMustHave({ text }: MustHave): Promise<void> {
      mustHaves.delete(key({ text }));
      return update();
    },
    reset(): Promise<void> {
      closed.clear();
      mustHaves.clear();
      moved.value = null;
      weights.value = null;
      return update();
    },
  };
}

export type Rescoring = ReturnType<typeof useRescoring>;
