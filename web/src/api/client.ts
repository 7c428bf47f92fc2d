// The connection to the server: requests over fetch with the session's cookies, subscriptions over WebSockets.
import {
  type AnyVariables,
  Client,
  CombinedError,
  createRequest,
  type DocumentInput,
  fetchExchange,
  type OperationContext,
  type OperationResult,
  stringifyDocument,
} from "@urql/core";
import type { GraphQLError } from "graphql";
import { createClient } from "graphql-ws";

import { base } from "../lib/base";

export const url = new URL(`${base}graphql`, location.href);

/** What requests need to know of the session; `session.ts` provides it. */
interface SessionHooks {
  /** Whether the cookies are still those of this page's person. */
  isOwn(): Promise<boolean>;
  /** Renews the cookies, unless that has been done since that time. */
  renew(since: number): Promise<"renewed" | "ended" | "unreachable">;
  /** Prepares the cookies for a stream that may take long. */
  freshen(): Promise<void>;
  /** Whether the session continues, asked of the server. */
  continues(): Promise<boolean>;
}
let hooks: SessionHooks | undefined;

export function connectSession(session: SessionHooks): void {
  hooks = session;
}

const signedOut = { message: "the session has ended", extensions: { code: "UNAUTHENTICATED" } };

/** Sends a request. One that is refused because the access cookie has expired is sent again after its renewal. */
export async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  if (hooks && !(await hooks.isOwn())) {
    return Response.json({ errors: [signedOut] }, { status: 401 });
  }
  const since = Date.now();
  const response = await fetch(input, init);
  if (response.status !== 401 || !hooks) {
    return response;
  }
  switch (await hooks.renew(since)) {
    case "renewed":
      return fetch(input, init);
    case "ended":
      return response;
    case "unreachable":
      throw new TypeError("the session cannot be renewed now");
  }
}

/** Sends every operation. Results are not cached: they are personal data and depend on the session. */
export const client = new Client({
  url: url.href,
  preferGetMethod: false,
  fetch: send,
  requestPolicy: "network-only",
  fetchOptions: {
    credentials: "same-origin",
    // The server requires this header of requests that authenticate with cookies.
    headers: { "x-portcullis-csrf": "1", accept: "application/graphql-response+json" },
  },
  exchanges: [fetchExchange],
});

/** The data of an operation. Every error, in part of the data too, is thrown as a `CombinedError`. */
function data<Data>(result: OperationResult<Data>): Data {
  if (result.error) {
    throw result.error;
  }
  if (result.data === undefined || result.data === null) {
    throw new CombinedError({ networkError: new Error("empty response") });
  }
  return result.data;
}

/** A context whose requests are aborted by the signal, on the server as well. */
const abortable = (signal: AbortSignal | undefined): Partial<OperationContext> =>
  signal ? { fetch: (input: RequestInfo | URL, init?: RequestInit) => send(input, { ...init, signal }) } : {};

/** A context whose requests are sent once, whatever the state of the session. */
export const asIs = (milliseconds: number): Partial<OperationContext> => ({
  fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, { ...init, signal: AbortSignal.timeout(milliseconds) }),
});

/** Negative, so that it is not the digest that urql gives to any other operation. */
let lastKey = 0;

/**
 * Sends a query. With a signal, an aborted query is cancelled on the server as well. Each has a key of its own: urql lets equal queries
 * share one request, so that aborting one would end the other without its answer.
 */
export async function query<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  lastKey -= 1;
  return data(await client.executeQuery<Data, Variables>({ ...createRequest(document, variables), key: lastKey }, abortable(signal)).toPromise());
}

export async function mutate<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
  context: Partial<OperationContext> = {},
): Promise<Data> {
  return data(await client.mutation(document, variables, context).toPromise());
}

export interface Stream<Data> {
  next(data: Data): void;
  /** The stream has ended: with an error, or because it is complete. */
  end(error?: unknown): void;
}

/** The reason that the server gave for closing a socket. */
const closeReason = (error: unknown): string =>
  (error instanceof CloseEvent && error.reason) || "the connection was closed";

/** The server closes a socket with this code when the session ends, and when its access cookie has expired. */
const FORBIDDEN = 4403;

/**
 * Subscribes. The returned function ends the subscription; `end` is not called then. Each subscription has a socket of
 * its own, which authenticates with the cookies of its start. The stream of the session itself is `bare`.
 */
export function subscribe<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
  variables: Variables,
  stream: Stream<Data>,
  { bare = false }: { bare?: boolean } = {},
): () => void {
  let isOver = false;
  let stop = (): void => undefined;
  const end = (error?: unknown): void => {
    if (!isOver) {
      isOver = true;
      stop();
      stream.end(error);
    }
  };
  const open = (): void => {
    if (isOver) {
      return;
    }
    let silence: ReturnType<typeof setTimeout> | undefined;
    const socket = createClient({
      url: `${url.protocol === "https:" ? "wss:" : "ws:"}//${url.host}${url.pathname}`,
      retryAttempts: 0,
      connectionAckWaitTimeout: 10_000,
      // A connection that was cut without notice is found by its silence.
      keepAlive: 10_000,
      on: {
        ping: (isReceived) => {
          if (!isReceived) {
            silence = setTimeout(() => socket.terminate(), 5_000);
          }
        },
        pong: () => clearTimeout(silence),
        closed: () => clearTimeout(silence),
      },
    });
    const unsubscribe = socket.subscribe<Data>(
      { query: stringifyDocument(document), variables: variables ?? {} },
      {
        next: (result) => {
          if (result.errors) {
            end(new CombinedError({ graphQLErrors: [...result.errors] }));
          } else if (result.data && !isOver) {
            stream.next(result.data);
          }
        },
        error: (error) => void fail(error),
        complete: () => end(),
      },
    );
    stop = () => {
      unsubscribe();
      void socket.dispose();
    };
  };
  const fail = async (error: unknown): Promise<void> => {
    if (Array.isArray(error)) {
      end(new CombinedError({ graphQLErrors: error as GraphQLError[] }));
    } else if (!bare && error instanceof CloseEvent && error.code === FORBIDDEN && hooks && !(await hooks.continues())) {
      end(new CombinedError({ graphQLErrors: [signedOut] }));
    } else {
      end(new CombinedError({ networkError: error instanceof Error ? error : new Error(closeReason(error)) }));
    }
  };
  if (bare || !hooks) {
    open();
  } else {
    void hooks.freshen().finally(open);
  }
  return () => {
    isOver = true;
    stop();
  };
}
