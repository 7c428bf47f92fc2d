// The sessions and API keys that an account loses, in words.
import { count, number, relativeTime } from "../lib/format";

interface Key {
  readonly expiresAt: string;
  readonly lastUsedAt?: string | null;
}

/** The number of sessions that end. */
export const endedSessions = (sessions: number): string =>
  sessions === 0 ? "no sessions: it is not signed in" : `${count(sessions, "open session")}: it is signed out at once, on every device`;

/** The number of keys, and what stops working without them. */
export function removedKeys(keys: readonly Key[], now: number = Date.now()): string {
  if (keys.length === 0) {
    return "no API keys: it has none";
  }
  const expired = keys.filter(({ expiresAt }) => Date.parse(expiresAt) <= now).length;
  const all = count(keys.length, "API key");
  if (expired === keys.length) {
    return `${all}, ${expired === 1 ? "which has" : "all of which have"} expired`;
  }
  const some = expired > 0 ? `, ${number(expired)} of them expired` : "";
  const used = keys.flatMap(({ lastUsedAt }) => lastUsedAt ?? []).sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
  const last = used ? `last used ${relativeTime(used, now)}` : "never used";
  return `${all}${some}, ${last}: programs that use ${keys.length === 1 ? "it" : "them"} stop working`;
}
