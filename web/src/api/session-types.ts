// The state of the session, and the operations of the server that it needs.
import type { SessionViewerFragment } from "../gql/graphql";
import type { UserProblem } from "./errors";
import type { EndReason } from "./tabs";

/**
 * `unknown` until the server has answered for the first time. `ended` after a session of this page has ended otherwise
 * than by a sign-out in it: the page keeps its content, and the same person can sign in again.
 */
export type Status = "unknown" | "guest" | "signed-in" | "ended";

export interface SessionState {
  status: Status;
  /** The account of this page; kept after its session has ended. */
  viewer: SessionViewerFragment | null;
  /** The reason why the session ended; null unless the status is `ended`. */
  ended: EndReason | null;
  /** The user who has signed in in another tab instead; null unless the reason is `replaced`. */
  replacedBy: string | null;
  /** Whether the person has dismissed the notice of the end. */
  isDismissed: boolean;
  /** Whether the server could be reached lately. */
  isConnected: boolean;
}

export interface Grant {
  readonly expiresIn?: number | null | undefined;
  readonly errors: readonly UserProblem[];
}

/** The reason of the server for the end of a stream: the account was disabled, or the session has ended otherwise. */
export type StreamEnd = "disabled" | "ended";

/** The session operations of the server. They fail if it cannot be reached. */
export interface SessionServer {
  /** The caller; null for a guest, `expired` if the access cookie must be renewed first. */
  viewer(): Promise<SessionViewerFragment | null | "expired">;
  login(username: string, password: string): Promise<Grant>;
  refresh(): Promise<Grant>;
  logout(everywhere: boolean): Promise<void>;
  /**
   * Reports the caller now and after each change, and the end of the stream, with the reason if the server tells one. The
   * returned function stops it.
   */
  follow(stream: { next(viewer: SessionViewerFragment): void; end(reason?: StreamEnd): void }): () => void;
}

/** `unreachable` if it is not known whether the session continues. */
export type Renewal = "renewed" | "ended" | "unreachable";
export type SignIn =
  | { readonly outcome: "signed-in" | "other-person" | "not-kept" }
  | { readonly outcome: "refused"; readonly errors: readonly UserProblem[] };
