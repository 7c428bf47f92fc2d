// Runs the operations of GraphiQL: queries and mutations over fetch, subscriptions over the socket of the page. A failure
// becomes an error in the result, in words.
import { type DocumentNode, Kind, parse } from "graphql";

import { createClient } from "graphql-ws";

import { send, url } from "../api/client";

export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null;
  readonly operationName?: string | null;
}

export interface Observer {
  next(result: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

export interface Running {
  subscribe(observer: Observer): { unsubscribe(): void };
}

/** Runs an operation. `done` is called when it has ended, for whatever reason. */
export function run(operation: Operation, headers: Readonly<Record<string, string>>, done: () => void): Running {
  const start = isSubscription(operation) ? stream : request;
  return {
    subscribe: (observer) => {
      const stop = start(operation, headers, {
        next: (result) => observer.next(result),
        complete: () => {
          observer.complete();
          done();
        },
      });
      return { unsubscribe: stop };
    },
  };
}

type Sink = Pick<Observer, "next" | "complete">;
type Start = (operation: Operation, headers: Readonly<Record<string, string>>, sink: Sink) => () => void;

const problem = (message: string) => ({ errors: [{ message }] });

const JSON_HEADERS = {
  accept: "application/graphql-response+json, application/json;q=0.9",
  "content-type": "application/json",
  "x-portcullis-csrf": "1",
};

const request: Start = (operation, headers, sink) => {
  const abort = new AbortController();
  const hasToken = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  // A token in the headers is used instead of the session of the page, which is not renewed then.
  const issue = hasToken ? fetch : send;
  issue(url.href, {
    method: "POST",
    signal: abort.signal,
    credentials: hasToken ? "omit" : "same-origin",
    headers: { ...JSON_HEADERS, ...headers },
    body: JSON.stringify(operation),
  })
    .then(read)
    .catch((error: unknown) => problem(failure(error)))
    .then((result) => {
      if (!abort.signal.aborted) {
        sink.next(result);
      }
      sink.complete();
    });
  return () => abort.abort();
};

async function read(response: Response): Promise<unknown> {
  if (/[/+]json\b/.test(response.headers.get("content-type") ?? "")) {
    return response.json();
  }
  return problem(`The server answered with status ${response.status} and without a GraphQL response.`);
}

/** The reason why a request has no response, in words. */
function failure(error: unknown): string {
  if (error instanceof SyntaxError) {
    return "The response of the server is not valid JSON.";
  }
  // `fetch` throws a `TypeError` both for a lost connection and for a header that is not allowed.
  if (error instanceof TypeError && /header/i.test(error.message)) {
    return "A header is invalid: names and values of headers are ASCII text of one line.";
  }
  return "The server cannot be reached. Check the connection, then run the operation again.";
}

/** Each subscription has a socket of its own, which authenticates with the cookies of the page. */
const stream: Start = ({ query, variables, operationName }, _headers, sink) => {
  const socket = createClient({
    url: url.href.replace(/^http/, "ws"),
    retryAttempts: 0,
    connectionAckWaitTimeout: 10_000,
  });
  let isOver = false;
  let stop = (): void => undefined;
  const end = (result?: unknown): void => {
    if (!isOver) {
      isOver = true;
      stop();
      void socket.dispose();
      if (result !== undefined) {
        sink.next(result);
      }
      sink.complete();
    }
  };
  const open = (): void => {
    if (!isOver) {
      stop = socket.subscribe(
        { query, variables: variables ?? null, operationName: operationName ?? null },
        {
          next: (result) => sink.next(result),
          error: (error) => end(streamProblem(error)),
          complete: () => end(),
        },
      );
    }
  };
  // A request first, which renews cookies that have expired; a socket cannot.
  const body = JSON.stringify({ query: "{ __typename }" });
  send(url.href, { method: "POST", headers: JSON_HEADERS, body }).then(open, (error: unknown) => end(problem(failure(error))));
  return () => end();
};

function streamProblem(error: unknown): unknown {
  if (Array.isArray(error)) {
    return { errors: error };
  }
  if (typeof error === "object" && error !== null && "code" in error && "reason" in error && error.reason) {
    return problem(`The server closed the connection: ${String(error.reason)} (${String(error.code)}).`);
  }
  return problem("The connection to the server is lost. Run the subscription again.");
}

/** Whether the operation that runs is a subscription. */
export function isSubscription({ query, operationName }: Operation): boolean {
  let document: DocumentNode;
  try {
    document = parse(query, { noLocation: true });
  } catch {
    // The server reports the syntax error.
    return false;
  }
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const named = operationName ? operations.find(({ name }) => name?.value === operationName) : undefined;
  return (named ?? (operations.length === 1 ? operations[0] : undefined))?.operation === "subscription";
}
