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
  /** Completes when the other tabs can learn the lease in their next exclusive work. */
  setLease(lease: Lease | null): Promise<void>;
  post(message: TabMessage): void;
  listen(handle: (message: TabMessage) => void): void;
  /** Runs the work while no other tab changes the cookies. `lease` is that of the latest change then. */
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
/** The beginning of the name of a lock; the rest is a lease. */
const HELD = "portcullis-access-cookie ";

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

/** The parts of the browser that connect its tabs. */
export interface TabConnections {
  readonly channel: Pick<BroadcastChannel, "postMessage" | "addEventListener">;
  /** Absent in pages that the browser does not consider secure, where it drops the cookies as well. */
  readonly locks: Pick<LockManager, "request" | "query"> | undefined;
  read(key: string): string | null;
  store(key: string, value: string | null): void;
}

const newer = (a: Lease | null, b: Lease | null): Lease | null => (a && (!b || a.renewedAt >= b.renewedAt) ? a : b);

/**
 * Connects this tab with the others. The stored lease of another tab can arrive later than its message or its release of
 * the lock, because tabs run in processes of their own. So messages contain the lease, and the tab that renewed the
 * cookie holds a lock with the lease as its name until it renews again or is closed.
 */
export function connectTabs({ channel, locks, read, store: write }: TabConnections): Tabs {
  /** The newest lease that this tab knows otherwise than from the storage. */
  let known: Lease | null = null;
  let release = (): void => undefined;

  /** Holds a lock with this name instead of the one before. */
  async function hold(name: string): Promise<void> {
    const before = release;
    await new Promise<void>((resolve) => {
      const granted = (): Promise<void> => {
        resolve();
        return new Promise((end) => (release = end));
      };
      locks?.request(name, { mode: "shared" }, granted).catch(() => resolve());
    });
    before();
  }

  async function learn(): Promise<void> {
    const { held = [] } = (await locks?.query()) ?? {};
    for (const { name = "" } of held) {
      known = name.startsWith(HELD) ? newer(parseLease(name.slice(HELD.length)), known) : known;
    }
  }

  const lease = (): Lease | null => newer(parseLease(read(KEY)), known);

  return {
    lease,
    async setLease(renewed) {
      known = renewed;
      write(KEY, renewed && JSON.stringify(renewed));
      if (renewed && locks) {
        await hold(HELD + JSON.stringify(renewed));
      } else {
        release();
      }
    },
    post: (message) => channel.postMessage({ ...message, lease: lease() }),
    listen: (handle) =>
      channel.addEventListener("message", ({ data }: MessageEvent<TabMessage & { lease: Lease | null }>) => {
        known = data.kind === "ended" ? null : newer(data.lease, known);
        handle(data);
      }),
    exclusive: (work) =>
      locks
        ? (locks.request("portcullis-session", async () => {
            await learn();
            return work();
          }) as Promise<never>)
        : work(),
  };
}

/** The tabs of this browser. */
export const browserTabs = (): Tabs =>
  connectTabs({ channel: new BroadcastChannel("portcullis-session"), locks: navigator.locks, read: readStored, store });
