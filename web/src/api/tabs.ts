// State that all tabs of this browser share: the lifetime of the access cookie, messages, and a lock. None of it
// contains data of the person.
import { readStored, store } from "../lib/storage";

export type EndReason = "signed-out" | "erased" | "disabled" | "expired" | "revoked" | "replaced";

/** The present access cookie. */
export interface Lease {
  /** A random id of the sign-in to which the cookie belongs. */
  readonly login: string;
  /** The time at which the cookie was set, and the time at which it expires, in milliseconds. */
  readonly renewedAt: number;
  readonly until: number;
}

export type TabMessage =
  | { readonly kind: "signed-in" | "renewed" }
  /** This tab is about to end the session, or has ended it. */
  | { readonly kind: "ending" | "ended"; readonly reason: EndReason };

export interface Tabs {
  lease(): Lease | null;
  setLease(lease: Lease | null): void;
  post(message: TabMessage): void;
  listen(handle: (message: TabMessage) => void): void;
  /** Runs the work while no other tab changes the cookies. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
}

/** Milliseconds before its expiry at which the cookie is renewed, but at most a third of its lifetime. */
const EARLY = 60_000;

/** Milliseconds until the cookie is to be renewed. */
export function renewalDelay({ renewedAt, until }: Lease): number {
  const wait = until - Math.min(EARLY, (until - renewedAt) / 3) - Date.now();
  return Math.max(0, Math.min(wait, 2 ** 31 - 1));
}

const KEY = "portcullis-access-cookie";

/** The lease of a stored text; null if it is not one. */
export function parseLease(text: string | null): Lease | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    if (typeof value === "object" && value !== null && "login" in value && "renewedAt" in value && "until" in value) {
      const { login, renewedAt, until } = value;
      if (typeof login === "string" && typeof renewedAt === "number" && typeof until === "number") {
        return { login, renewedAt, until };
      }
    }
  } catch {
    // Not JSON.
  }
  return null;
}

/** The tabs of this browser. */
export function browserTabs(): Tabs {
  const channel = new BroadcastChannel("portcullis-session");
  return {
    lease: () => parseLease(readStored(KEY)),
    setLease: (lease) => store(KEY, lease && JSON.stringify(lease)),
    post: (message) => channel.postMessage(message),
    listen: (handle) => channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => handle(data)),
    // Locks are absent in pages that the browser does not consider secure, where it drops the cookies as well.
    exclusive: (work) => ("locks" in navigator ? (navigator.locks.request("portcullis-session", work) as Promise<never>) : work()),
  };
}
