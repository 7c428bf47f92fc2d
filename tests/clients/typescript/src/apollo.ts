// Apollo Client 4: HTTP, and GraphQL over WebSocket for subscriptions.
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  HttpLink,
  InMemoryCache,
  type OperationVariables,
  type TypedDocumentNode,
} from "@apollo/client";
import { SetContextLink } from "@apollo/client/link/context";
import { ErrorLink } from "@apollo/client/link/error";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { setTimeout as sleep } from "node:timers/promises";

import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import { from, mergeMap, throwError } from "rxjs";
import WebSocket from "ws";

import { clientOf } from "./codegen.js";
import { RefreshDocument, ViewerDocument } from "./gql/graphql.js";
import { hashOf } from "./hash.js";
import { isUnauthenticated, Refused } from "./refused.js";
import type { Client } from "./scenario.js";
import { Session } from "./session.js";

/** Without the token: an expired one would have the whole request refused. */
const ANONYMOUS = { anonymous: true };

export function open(origin: string, trusted: boolean): Client {
  const session = new Session();
  const url = `${origin}/graphql`;

  const renew = new ErrorLink(({ error, operation, forward }) => {
    const isMendable = CombinedGraphQLErrors.is(error) && isUnauthenticated(error.errors);
    if (!isMendable || operation.getContext()["anonymous"]) {
      return;
    }
    const renewed = session.renew(async (refreshToken) => {
      const { refresh } = await mutate(RefreshDocument, { refreshToken }, ANONYMOUS);
      return refresh.tokens;
    });
    return from(renewed).pipe(mergeMap((done) => (done ? forward(operation) : throwError(() => error))));
  });
  const authenticate = new SetContextLink(({ headers, anonymous }) => {
    const { authorization } = session;
    return { headers: anonymous || !authorization ? headers : { ...headers, authorization } };
  });
  const socket = createClient({
    url: url.replace("http", "ws"),
    webSocketImpl: WebSocket,
    connectionParams: () => ({ authorization: session.authorization }),
    retryAttempts: 20,
    shouldRetry: () => true,
    // The default is longer than the lifetime of a token here.
    retryWait: () => sleep(100),
    on: {
      // The token of the socket has expired; the next socket needs a new one.
      closed: async (event) => {
        if (event instanceof Object && "code" in event && event.code === 4403) {
          await client.query({ query: ViewerDocument, fetchPolicy: "no-cache" });
        }
      },
    },
  });
  const transport = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url }),
  );
  const persisted = new PersistedQueryLink({ generateHash: hashOf, retry: () => false });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([renew, authenticate, ...(trusted ? [persisted] : []), transport]),
  });

  async function query<Data, Variables extends OperationVariables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    return answered(client.query<Data, Variables>({ query: document, variables, fetchPolicy: "network-only" }));
  }
  async function mutate<Data, Variables extends OperationVariables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    context: Record<string, unknown>,
  ): Promise<Data> {
    return answered(client.mutate<Data, Variables>({ mutation: document, variables, context }));
  }

  return clientOf(session, {
    query,
    mutate: (document, variables) => mutate(document, variables, {}),
    mutateAnonymously: (document, variables) => mutate(document, variables, ANONYMOUS),
    subscribe(document, variables, next, over) {
      const subscription = client.subscribe({ query: document, variables }).subscribe({
        next: ({ data, error }) => (data ? next(data) : over(error)),
        error: over,
        complete: over,
      });
      return () => subscription.unsubscribe();
    },
    close() {
      client.stop();
      void socket.dispose();
    },
  });
}

async function answered<Data>(answer: Promise<{ data?: Data | undefined }>): Promise<Data> {
  try {
    const { data } = await answer;
    if (data === undefined) {
      throw new Error("there is no data");
    }
    return data;
  } catch (error) {
    throw CombinedGraphQLErrors.is(error) ? new Refused(error.errors) : error;
  }
}
