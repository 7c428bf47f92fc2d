// The quota of the account, asked again before and after a ranking.
import { computed, shallowRef } from "vue";

import { query } from "../api/client";
import { session } from "../api/session";
import { graphql } from "../gql";
import type { Quota } from "./cost";
import { textsWithin } from "./plan";

const QUOTA = graphql(`query RankQuota { viewer { quota { limit used resetsAt maxCost } } }`);

/** The quota, and the maximum cost of one operation. */
interface KnownQuota extends Quota {
  readonly maxCost: number;
}

export const quota = shallowRef<KnownQuota | null>(null);
/** The latest quota known; undefined for a guest. */
export const knownQuota = computed<KnownQuota | undefined>(() => quota.value ?? session.viewer?.quota);

/** The most texts of one request of a ranking, by the maximum cost of one operation; undefined for a guest. */
export const knownMaxTexts = computed(() => knownQuota.value && textsWithin(knownQuota.value.maxCost));

/** Asks for the quota. If the server cannot be reached, the one known before stays. */
export async function refreshQuota(): Promise<void> {
  try {
    quota.value = (await query(QUOTA, {})).viewer?.quota ?? null;
  } catch {
    // Only shown beside a button whose own request reports the problem.
  }
}
