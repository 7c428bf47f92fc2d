// The texts that another page hands to the match page. They stay in memory: no address and no storage contains them.
import type { Router } from "vue-router";

import type { MatchSource } from "./sources";

export interface Handover {
  readonly resume: MatchSource;
  readonly job: MatchSource;
}

let waiting: Handover | undefined;

/** Opens the match page, which matches this pair at once. */
export async function openMatch(router: Router, pair: Handover): Promise<void> {
  waiting = pair;
  await router.push("/match");
}

/** Returns the pair handed over, once. */
export function takeHandover(): Handover | undefined {
  const pair = waiting;
  waiting = undefined;
  return pair;
}
