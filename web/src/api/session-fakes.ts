// A server and a browser for the tests of the session's logic.
import type { SessionViewerFragment } from "../gql/graphql";
import type { SessionServer, StreamEnd } from "./session-types";
import type { Lease, TabMessage, Tabs } from "./tabs";

/** A server with accounts whose passwords are `<name>-password`, and the one cookie jar of a browser. */
export class FakeServer {
  access: { session: string; until: number } | null = null;
  refresh: string | null = null;
  readonly sessions = new Map<string, { user: string; endsAt: number }>();
  /** Sessions that were ended by disabling their account. */
  readonly disabled = new Set<string>();
  readonly streams = new Set<{ session: string; end(reason?: StreamEnd): void }>();
  isUp = true;
  keepsCookies = true;
  accessSeconds = 900;
  sessionSeconds = 7 * 86_400;
  refreshes = 0;
  private count = 0;

  viewerOf(id: string): SessionViewerFragment {
    const session = this.sessions.get(id);
    const user = session?.user ?? "";
    return {
      user: { id: user, username: user, email: null, roles: ["USER"] },
      permissions: ["PREDICT"],
      sessionExpiresAt: new Date(session?.endsAt ?? 0).toISOString(),
      quota: { limit: null, used: 0, resetsAt: new Date(0).toISOString(), maxCost: 5_000 },
    };
  }

  endSession(id: string | null): void {
    this.sessions.delete(id ?? "");
    this.endStreams(id, "ended");
  }

  endStreams(id: string | null, reason: StreamEnd): void {
    for (const stream of [...this.streams].filter(({ session }) => session === id)) {
      this.streams.delete(stream);
      stream.end(reason);
    }
  }

  stop(): void {
    this.isUp = false;
    for (const stream of [...this.streams]) {
      this.streams.delete(stream);
      stream.end();
    }
  }

  private async trip(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (!this.isUp) {
      throw new Error("unreachable");
    }
  }

  /** No access token outlives its session. */
  private grant(id: string) {
    const left = Math.floor(((this.sessions.get(id)?.endsAt ?? 0) - Date.now()) / 1000);
    const expiresIn = Math.min(this.accessSeconds, left);
    if (this.keepsCookies) {
      this.refresh = id;
      this.access = { session: id, until: Date.now() + expiresIn * 1000 };
    }
    return { expiresIn, errors: [] };
  }

  private presented(): string | null | "expired" {
    const { access } = this;
    if (access && Date.now() < access.until) {
      return this.sessions.has(access.session) ? access.session : "expired";
    }
    return this.refresh ? "expired" : null;
  }

  /** The operations of one tab. */
  tab(): SessionServer {
    return {
      viewer: async () => {
        await this.trip();
        const id = this.presented();
        return id === null || id === "expired" ? id : this.viewerOf(id);
      },
      login: async (username, password) => {
        await this.trip();
        if (password !== `${username}-password`) {
          return { errors: [{ code: "INVALID_CREDENTIALS", message: "wrong", path: ["input"] }] };
        }
        this.count += 1;
        const id = `${username}-${this.count}`;
        this.sessions.set(id, { user: username, endsAt: Date.now() + this.sessionSeconds * 1000 });
        return this.grant(id);
      },
      refresh: async () => {
        await this.trip();
        this.refreshes += 1;
        const session = this.sessions.get(this.refresh ?? "");
        if (this.refresh && session && Date.now() < session.endsAt) {
          return this.grant(this.refresh);
        }
        const code = this.disabled.has(this.refresh ?? "") ? "ACCOUNT_DISABLED" : "INVALID_REFRESH_TOKEN";
        this.refresh = null;
        this.access = null;
        return { errors: [{ code, message: "refused", path: [] }] };
      },
      logout: async () => {
        await this.trip();
        const id = this.refresh;
        this.refresh = null;
        this.access = null;
        this.endSession(id);
      },
      follow: ({ next, end }) => {
        const id = this.presented();
        const stream = { session: String(id), end };
        if (!this.isUp || id === null || id === "expired") {
          setTimeout(end, 5);
        } else {
          this.streams.add(stream);
          setTimeout(() => this.streams.has(stream) && next(this.viewerOf(id)), 5);
          // The stream ends with the cookie that opened it.
          setTimeout(() => this.streams.delete(stream) && end(), (this.access?.until ?? 0) - Date.now());
        }
        return () => this.streams.delete(stream);
      },
    };
  }
}

/** The state that the tabs of one browser share. */
export class FakeBrowser {
  private stored: Lease | null = null;
  private readonly handlers: ((message: TabMessage) => void)[] = [];
  private queue: Promise<unknown> = Promise.resolve();

  tab(): Tabs {
    let own: ((message: TabMessage) => void) | undefined;
    return {
      lease: () => this.stored,
      setLease: async (lease) => {
        this.stored = lease;
      },
      post: (message) => {
        for (const handler of this.handlers.filter((handler) => handler !== own)) {
          setTimeout(() => handler(message), 1);
        }
      },
      listen: (handle) => {
        own = handle;
        this.handlers.push(handle);
      },
      exclusive: (work) => {
        const done = this.queue.then(work);
        this.queue = done.catch(() => undefined);
        return done;
      },
    };
  }
}
