// The session of the page: the account, its permissions, and the renewal of its cookies. All tabs share the cookies.
import { CombinedError } from "@urql/core";
import { computed, readonly, ref } from "vue";

import { graphql } from "../gql";
import type { Permission, SessionViewerFragment } from "../gql/graphql";
import { base } from "../lib/base";
import { asIs, client, connectSession, mutate, subscribe } from "./client";
import { createSession } from "./session-core";
import type { SessionServer, StreamEnd } from "./session-types";
import { browserTabs } from "./tabs";

export type { EndReason } from "./tabs";

graphql(`
  fragment SessionViewer on Viewer {
    user { id username email roles }
    permissions
    sessionExpiresAt
    quota { limit used resetsAt maxCost }
  }
`);
const VIEWER = graphql(`
  query CurrentViewer($fields: [String!]!) { viewer { ...SessionViewer } viewerCan(fields: $fields) { allowed requires } }
`);
const FOLLOW = graphql(`subscription FollowViewer { viewer { ...SessionViewer } }`);
const LOGIN = graphql(`
  mutation SessionLogin($input: LoginInput!) { login(input: $input) { expiresIn errors { code message path } } }
`);
const REFRESH = graphql(`mutation SessionRefresh { refresh(input: {}) { expiresIn errors { code message path } } }`);
const LOGOUT = graphql(`mutation SessionLogout($everywhere: Boolean!) { logout(everywhere: $everywhere) { endedSessions } }`);

/** A field of each page that a visitor without an account may be allowed to use. */
const FIELDS_OF_PAGES = ["Query.matchResume", "Query.jobs", "Query.predict", "Query.models"];
const guestPermissions = ref<readonly Permission[]>([]);

/** Milliseconds to wait for an answer. The server returns the same cookies again for 10 s after a lost answer. */
const PATIENCE = 8_000;
/** As `PATIENCE`, for a sign-in, which waits for its turn on a busy server. */
const LOGIN_PATIENCE = 60_000;

const isUnauthenticated = (error: unknown): boolean =>
  error instanceof CombinedError && error.graphQLErrors.some(({ extensions }) => extensions["code"] === "UNAUTHENTICATED");

/** The reason for which the server closed the socket (docs/streams.md); undefined if it named none of these. */
function streamEnd(error: unknown): StreamEnd | undefined {
  const reason = (error instanceof CombinedError && error.networkError?.message) || "";
  return reason.includes("the account is disabled") ? "disabled" : reason.includes("the session has ended") ? "ended" : undefined;
}

async function askViewer(): Promise<SessionViewerFragment | null | "expired"> {
  const { data, error } = await client.query(VIEWER, { fields: FIELDS_OF_PAGES }, asIs(PATIENCE)).toPromise();
  if (isUnauthenticated(error)) {
    return "expired";
  }
  if (error || !data) {
    throw error ?? new Error("empty response");
  }
  guestPermissions.value = data.viewer ? [] : data.viewerCan.flatMap(({ allowed, requires }) => (allowed && requires ? [requires] : []));
  return data.viewer ?? null;
}

const server: SessionServer = {
  viewer: askViewer,
  login: async (username, password) =>
    (await mutate(LOGIN, { input: { username, password, cookies: true } }, asIs(LOGIN_PATIENCE))).login,
  refresh: async () => (await mutate(REFRESH, {}, asIs(PATIENCE))).refresh,
  logout: async (everywhere) => {
    const send = () => mutate(LOGOUT, { everywhere }, asIs(PATIENCE));
    // An access cookie that is no longer valid is refused once and removed; the refresh cookie identifies the session then.
    await send().catch((error: unknown) => (isUnauthenticated(error) ? send() : Promise.reject(error)));
  },
  follow: ({ next, end }) =>
    subscribe(
      FOLLOW,
      {},
      { next: ({ viewer }) => next(viewer), end: (error) => end(streamEnd(error)) },
      { bare: true },
    ),
};

const core = createSession(server, browserTabs());
connectSession({
  isOwn: core.isOwn,
  renew: core.renew,
  freshen: core.freshen,
  continues: async () => {
    await core.check();
    return core.state.status === "signed-in";
  },
});

export const session = readonly(core.state);
export const isSignedIn = computed(() => core.state.status === "signed-in");

/**
 * Whether the roles of the account, or those of a guest, have the permission. The server decides again for each request. It does not change
 * when the session ends, so that the page keeps its form.
 */
export const can = (permission: Permission): boolean =>
  (core.state.viewer?.permissions ?? guestPermissions.value).includes(permission);

export const { signIn, endBy } = core;
/** Hides the notice of an ended session. */
export const dismissEnd = core.dismiss;
/** Forgets the person whose session has ended. */
export const forgetEnded = core.forget;

/** Signs out, and loads the console again, so that nothing of the person stays in memory. */
export async function signOut(everywhere = false): Promise<void> {
  await core.signOut(everywhere);
  location.assign(base);
}

/** Restores the session of the cookies when the page is loaded. */
export function start(): Promise<void> {
  addEventListener("online", () => void core.check());
  addEventListener("pageshow", ({ persisted }) => persisted && void core.check());
  return core.check();
}
