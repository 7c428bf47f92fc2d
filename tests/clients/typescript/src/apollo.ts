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
import { OperationTypeNode } from "graphql";
import { createClient } from "graphql-ws";
import { from, mergeMap, throwError } from "rxjs";
import WebSocket from "ws";

import * as documents from "./gql/graphql.js";
import { hashOf } from "./hash.js";
import { isUnauthenticated, Refused } from "./refused.js";
import type { Client } from "./scenario.js";
import { Session } from "./session.js";
import { problems, toMatch, toPage, toPredictions } from "./shapes.js";

/** Sent without the token: an expired one would have the whole request refused. */
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
      const { refresh } = await mutate(documents.RefreshDocument, { refreshToken });
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
    on: {
      // The token of the socket has expired: the next one needs another.
      closed: async (event) => {
        if (event instanceof Object && "code" in event && event.code === 4403) {
          await client.query({ query: documents.ViewerDocument, fetchPolicy: "no-cache" });
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
    context: Record<string, unknown> = ANONYMOUS,
  ): Promise<Data> {
    return answered(client.mutate<Data, Variables>({ mutation: document, variables, context }));
  }

  return {
    session,
    async register(input) {
      const { register } = await mutate(documents.RegisterDocument, { input });
      return problems(register.errors);
    },
    async login(username, password) {
      const { login } = await mutate(documents.LoginDocument, { input: { username, password } });
      if (login.tokens) {
        session.keep(login.tokens);
      }
      return problems(login.errors);
    },
    async viewer() {
      const { viewer } = await query(documents.ViewerDocument, {});
      return viewer && { username: viewer.user.username, permissions: viewer.permissions };
    },
    predict: async (model, text) => toPredictions(await query(documents.PredictDocument, { model, text })),
    async match(resume, job) {
      const input = { resume: { text: resume }, job: { text: job } };
      return toMatch(await query(documents.MatchResumeDocument, { input }));
    },
    users: async (first, after) => toPage(await query(documents.UsersDocument, { first, after })),
    async setRoles(id, roles) {
      const { setUserRoles } = await mutate(documents.SetRolesDocument, { input: { id, roles: [...roles] } }, {});
      return problems(setUserRoles?.errors ?? []);
    },
    follow(next) {
      const viewers = client.subscribe({ query: documents.FollowViewerDocument });
      const subscription = viewers.subscribe(({ data }) => {
        if (data) {
          next(data.viewer.user.roles);
        }
      });
      return () => subscription.unsubscribe();
    },
    close() {
      client.stop();
      void socket.dispose();
    },
  };
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
