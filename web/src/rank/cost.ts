// The cost of a ranking in words, and whether the quota suffices.
import { number, time } from "../lib/format";

export interface Quota {
  readonly limit?: number | null;
  readonly used: number;
  readonly resetsAt: string;
}

export interface CostNote {
  readonly text: string;
  readonly isEnough: boolean;
}

/** The units that are left in this hour; null without a limit. */
export function unitsLeft({ limit, used, resetsAt }: Quota, now = Date.now()): number | null {
  if (limit === null || limit === undefined) {
    return null;
  }
  return new Date(resetsAt).getTime() <= now ? limit : Math.max(0, limit - used);
}

export function costNote(cost: number, quota: Quota | undefined, now = Date.now()): CostNote {
  const left = quota ? unitsLeft(quota, now) : null;
  if (!quota || left === null) {
    return { text: `This will cost ${number(cost)} units. Your account has no limit.`, isEnough: true };
  }
  if (cost <= left) {
    return { text: `This will cost ${number(cost)} of your ${number(left)} units left this hour.`, isEnough: true };
  }
  const whole = quota.limit ?? 0;
  const remedy = cost <= whole ? `Wait until ${time(quota.resetsAt)}, when you have ${number(whole)} again, or choose fewer.` : `Your limit is ${number(whole)} an hour: choose fewer.`;
  return { text: `This costs ${number(cost)} units, and you have ${number(left)} left. ${remedy}`, isEnough: false };
}
