// The logic of the session, apart from the network and the browser: who is signed in, the reason why a session ended, and
// reconnection.
import { reactive } from "vue";

import type { SessionViewerFragment } from "../gql/graphql";
import { createAttempts } from "./attempts";
import { createFollower } from "./follower";
import { createRenewal, randomId } from "./renewal";
import type { SessionServer, SessionState, SignIn } from "./session-types";
import type { EndReason, TabMessage, Tabs } from "./tabs";

/** Milliseconds for which an announced end explains the end of the session. */
const ANNOUNCED = 10_000;
/** The state of a page whose session has not ended. */
const CONNECTED = { ended: null, replacedBy: null, isDismissed: false, isConnected: true } as const;

/** Tolerated difference between the clocks of server and browser. */
const SKEW = 5_000;

export function createSession(server: SessionServer, tabs: Tabs) {
  const state = reactive<SessionState>({ status: "unknown", viewer: null, ...CONNECTED });
  /** Counts changes of the session, so that an answer about an earlier one is recognised. */
  let epoch = 0;
  /** The sign-in to which this page belongs, as in `Lease.login`. */
  let login: string | null = null;
  let announced: { reason: EndReason; at: number } | undefined;
  let loading: Promise<void> | undefined;
  const attempts = createAttempts(() => void check());
  const follower = createFollower(server, {
    next(viewer) {
      attempts.succeeded();
      adopt(viewer);
    },
    end(isShort, reason) {
      if (reason === "disabled") {
        void tabs.setLease(null);
        finish(reason);
      } else if (reason === "ended") {
        // Reported at once; a request confirms it, because another tab may just have signed in again.
        finishUnknown();
        attempts.next();
      } else if (isShort) {
        // The cookie has expired, or the connection was lost: one request tells.
        attempts.failed();
      } else {
        attempts.next();
      }
    },
  });

  const renewal = createRenewal(server, tabs, {
    isSignedIn: () => state.status === "signed-in",
    isOwn,
    login: () => login,
    renewed,
    refused(isDisabled) {
      if (isDisabled) {
        finish("disabled");
      } else {
        finishUnknown();
      }
      if (state.ended) {
        tabs.post({ kind: "ended", reason: state.ended });
      }
    },
  });

  function stopAll(): void {
    epoch += 1;
    renewal.stop();
    attempts.stop();
    follower.stop();
  }

  function becomeGuest(): void {
    stopAll();
    Object.assign(state, { status: "guest", viewer: null, ...CONNECTED });
    login = null;
  }

  /** The session ended outside of this page. */
  function finish(reason: EndReason, replacedBy: string | null = null): void {
    if (state.status === "unknown") {
      becomeGuest();
    } else if (state.status === "signed-in" || (state.status === "ended" && reason !== "revoked")) {
      stopAll();
      const isAnnounced = reason === "revoked" && announced && Date.now() - announced.at < ANNOUNCED;
      Object.assign(state, { status: "ended", ...CONNECTED, ended: isAnnounced ? announced?.reason : reason, replacedBy });
    }
  }

  function finishUnknown(): void {
    const expiry = state.viewer ? Date.parse(state.viewer.sessionExpiresAt) : Number.POSITIVE_INFINITY;
    finish(Date.now() >= expiry - SKEW ? "expired" : "revoked");
  }

  /** The server ends a stream when the cookie with which it was opened expires, so another replaces it. */
  function renewed(): void {
    if (state.status === "signed-in") {
      renewal.schedule();
      follower.start();
    }
  }

  function adopt(viewer: SessionViewerFragment | null): void {
    if (!viewer) {
      if (state.status === "signed-in") {
        finishUnknown();
      } else if (state.status !== "ended") {
        becomeGuest();
      }
    } else if (state.viewer && state.viewer.user.id !== viewer.user.id) {
      finish("replaced", viewer.user.username);
    } else {
      Object.assign(state, { status: "signed-in", viewer, ...CONNECTED });
      login = tabs.lease()?.login ?? login;
      renewal.schedule();
      if (!follower.isOpen()) {
        follower.start();
      }
    }
  }

  async function ask(): Promise<SessionViewerFragment | null> {
    const since = Date.now();
    const viewer = await server.viewer();
    if (viewer !== "expired") {
      return viewer;
    }
    const outcome = await renewal.renewAny(since);
    const second = outcome === "ended" ? null : await server.viewer();
    if (outcome === "unreachable" || second === "expired") {
      throw new Error("the session cannot be renewed");
    }
    return second;
  }

  async function loadUntilCurrent(): Promise<void> {
    for (;;) {
      const asked = epoch;
      const viewer = await ask();
      // Otherwise the session has changed in the meantime, and the answer may be about the earlier one.
      if (asked === epoch) {
        return adopt(viewer);
      }
      if (state.status === "ended" && viewer === null) {
        return;
      }
    }
  }

  /** Asks the server who is signed in. */
  function load(): Promise<void> {
    loading ??= loadUntilCurrent().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  /** Asks until the server answers. */
  async function check(): Promise<void> {
    try {
      await load();
      state.isConnected = true;
    } catch {
      if (state.status === "signed-in" || state.status === "unknown") {
        state.isConnected = false;
        attempts.failed();
      }
    }
  }

  async function signIn(username: string, password: string): Promise<SignIn> {
    const before = state.viewer?.user.id;
    const grant = await tabs.exclusive(async () => {
      const result = await server.login(username, password);
      if (result.errors.length === 0 && result.expiresIn) {
        await renewal.setLease(randomId(), result.expiresIn);
      }
      return result;
    });
    if (grant.errors.length > 0 || !grant.expiresIn) {
      return { outcome: "refused", errors: grant.errors };
    }
    stopAll();
    await load();
    const isOther = before !== undefined && state.ended === "replaced";
    if (state.status !== "signed-in" && !isOther) {
      void tabs.setLease(null);
      return { outcome: "not-kept" };
    }
    tabs.post({ kind: "signed-in" });
    return { outcome: isOther ? "other-person" : "signed-in" };
  }

  /** Ends the session by this work, which tells whether it has. */
  async function endBy(reason: EndReason, work: () => Promise<boolean>): Promise<boolean> {
    tabs.post({ kind: "ending", reason });
    // Its end is not news to this page.
    stopAll();
    let isEnded = false;
    try {
      isEnded = await work();
    } finally {
      if (isEnded) {
        void tabs.setLease(null);
        tabs.post({ kind: "ended", reason });
        becomeGuest();
      } else {
        void check();
      }
    }
    return isEnded;
  }

  async function signOut(everywhere: boolean): Promise<void> {
    await endBy("signed-out", async () => {
      await tabs.exclusive(() => server.logout(everywhere));
      return true;
    });
  }

  function heard(message: TabMessage): void {
    switch (message.kind) {
      case "signed-in":
        epoch += 1;
        void check();
        break;
      case "renewed":
        renewed();
        break;
      case "ending":
        announced = { reason: message.reason, at: Date.now() };
        break;
      case "ended":
        epoch += 1;
        if (state.status !== "unknown") {
          finish(message.reason);
        }
        break;
    }
  }
  tabs.listen(heard);

  /** Whether requests of this page belong to its person: another tab may have replaced the cookies. */
  async function isOwn(): Promise<boolean> {
    const lease = tabs.lease();
    if (state.status === "signed-in" && lease && login && lease.login !== login) {
      await load().catch(() => undefined);
    }
    return state.ended !== "replaced";
  }

  return {
    state,
    check,
    renew: renewal.renew,
    isOwn,
    freshen: renewal.freshen,
    signIn,
    signOut,
    endBy,
    /** Forgets the person of a session that has ended, when the page with their data is left. */
    forget: () => state.status === "ended" && becomeGuest(),
    dismiss: () => {
      state.isDismissed = true;
    },
  };
}
