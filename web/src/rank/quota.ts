// The quota of the account, asked again before and after a ranking.
import { computed, shallowRef } from "vue";

import { query } from "../api/client";
import { session } from "../api/session";
import { graphql } from "../gql";
import type { Quota } from "./cost";

const QUOTA = graphql(`query RankQuota { viewer { quota { limit used resetsAt } } }`);

export const quota = shallowRef<Quota | null>(null);
/** The latest quota known; undefined for a guest. */
export const knownQuota = computed<Quota | undefined>(() => quota.value ?? session.viewer?.quota);

/** Asks for the quota. If the server cannot be reached, the one known before stays. */
export async function refreshQuota(): Promise<void> {
  try {
    quota.value = (await query(QUOTA, {})).viewer?.quota ?? null;
  } catch {
    // Only shown beside a button whose own request reports the problem.
  }
}
