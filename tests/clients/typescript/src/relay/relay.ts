// Relay 21 without React: HTTP, and GraphQL over WebSocket for subscriptions. With trusted documents it sends their ids.
import { setTimeout as sleep } from "node:timers/promises";

import { createClient } from "graphql-ws";
import {
  commitMutation,
  Environment,
  fetchQuery,
  type GraphQLResponse,
  type GraphQLTaggedNode,
  type MutationParameters,
  Network,
  Observable,
  type OperationType,
  RecordSource,
  type RequestParameters,
  requestSubscription,
  type Result,
  Store,
  type Variables,
} from "relay-runtime";
import WebSocket from "ws";

import { type GraphQLProblem, isUnauthenticated, Refused } from "../refused.js";
import type { Client } from "../scenario.js";
import { Session } from "../session.js";
import Login, { type PortcullisLoginMutation } from "./__generated__/PortcullisLoginMutation.graphql.js";
import MatchQuery, { type PortcullisMatchQuery } from "./__generated__/PortcullisMatchQuery.graphql.js";
import Predict, { type PortcullisPredictQuery } from "./__generated__/PortcullisPredictQuery.graphql.js";
import Ranking, { type PortcullisRankingSubscription } from "./__generated__/PortcullisRankingSubscription.graphql.js";
import Refresh, { type PortcullisRefreshMutation } from "./__generated__/PortcullisRefreshMutation.graphql.js";
import Register, { type PortcullisRegisterMutation } from "./__generated__/PortcullisRegisterMutation.graphql.js";
import SetRoles, { type PortcullisSetRolesMutation } from "./__generated__/PortcullisSetRolesMutation.graphql.js";
import Users, { type PortcullisUsersQuery } from "./__generated__/PortcullisUsersQuery.graphql.js";
import Viewer, { type PortcullisViewerQuery } from "./__generated__/PortcullisViewerQuery.graphql.js";
import Follow, { type PortcullisViewerSubscription } from "./__generated__/PortcullisViewerSubscription.graphql.js";

/** Without the token: an expired one would have the whole request refused. */
const ANONYMOUS = ["PortcullisRegisterMutation", "PortcullisLoginMutation", "PortcullisRefreshMutation"];

export function open(origin: string, trusted: boolean): Client {
  const session = new Session();
  /** The number of accounts of the connection in the store. */
  let paged = 0;
  const url = `${origin}/graphql`;

  async function send(parameters: RequestParameters, variables: Variables): Promise<Answer> {
    const document = trusted ? { documentId: parameters.id } : { query: parameters.text };
    const { authorization } = session;
    const isAnonymous = ANONYMOUS.includes(parameters.name) || !authorization;
    const response = await fetch(url, {
      method: "POST",
      headers: {
        accept: "application/graphql-response+json",
        "content-type": "application/json",
        ...(isAnonymous ? {} : { authorization }),
      },
      body: JSON.stringify({ ...document, variables }),
    });
    return (await response.json()) as Answer;
  }

  async function request(parameters: RequestParameters, variables: Variables): Promise<GraphQLResponse> {
    let answer = await send(parameters, variables);
    const isMendable = isUnauthenticated(answer.errors ?? []) && !ANONYMOUS.includes(parameters.name);
    if (isMendable && (await session.renew(renew))) {
      answer = await send(parameters, variables);
    }
    if (answer.errors) {
      throw new Refused(answer.errors);
    }
    return answer as GraphQLResponse;
  }

  async function renew(refreshToken: string) {
    const answer = await commit<PortcullisRefreshMutation>(Refresh, { input: { refreshToken } });
    return answer.refresh.tokens;
  }

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
          await session.renew(renew);
        }
      },
    },
  });
  function subscribe({ id, text }: RequestParameters, variables: Variables): Observable<GraphQLResponse> {
    const extensions = { persistedQuery: { version: 1, sha256Hash: id } };
    const payload = trusted ? { query: "", extensions, variables } : { query: text ?? "", variables };
    return Observable.create((sink) =>
      socket.subscribe<GraphQLResponse>(payload, {
        next: (answer) => sink.next(answer as GraphQLResponse),
        error: (error) => sink.error(error instanceof Error ? error : new Error(JSON.stringify(error))),
        complete: () => sink.complete(),
      }),
    );
  }

  const environment = new Environment({
    network: Network.create(request, subscribe),
    store: new Store(new RecordSource()),
  });

  async function query<Operation extends OperationType>(
    document: GraphQLTaggedNode,
    variables: Operation["variables"],
  ): Promise<Operation["response"]> {
    const data = await fetchQuery<Operation>(environment, document, variables).toPromise();
    if (data === undefined) {
      throw new Error("there is no data");
    }
    return data;
  }
  function commit<Operation extends MutationParameters>(
    mutation: GraphQLTaggedNode,
    variables: Operation["variables"],
  ): Promise<Operation["response"]> {
    return new Promise((resolve, reject) => {
      commitMutation<Operation>(environment, { mutation, variables, onCompleted: resolve, onError: reject });
    });
  }

  return {
    session,
    async register(input) {
      const { register } = await commit<PortcullisRegisterMutation>(Register, { input });
      return register.errors;
    },
    async login(username, password) {
      const { login } = await commit<PortcullisLoginMutation>(Login, { input: { username, password } });
      if (login.tokens) {
        session.keep(login.tokens);
      }
      return login.errors;
    },
    async viewer() {
      const { viewer } = await query<PortcullisViewerQuery>(Viewer, {});
      return viewer ? { username: viewer.user.username, permissions: viewer.permissions } : null;
    },
    async predict(model, text) {
      const { predict } = await query<PortcullisPredictQuery>(Predict, { input: { model, inputs: [{ text }] } });
      return predict.predictions;
    },
    async match(resume, job) {
      const input = { resume: { text: resume }, job: { text: job } };
      const { matchResume: match } = await query<PortcullisMatchQuery>(MatchQuery, { input });
      const quoted = match.requirements[0]?.jobSpan;
      if (!quoted) {
        throw new Error("the match has no requirements");
      }
      return {
        score: match.score,
        contributions: match.components.map(({ contribution }) => contribution),
        missing: match.skills.missing.map(({ skill }) => skill.label),
        quoted,
      };
    },
    rank: (input, next) =>
      new Promise((resolve, reject) => {
        requestSubscription<PortcullisRankingSubscription>(environment, {
          subscription: Ranking,
          variables: { input },
          onNext: (answer) => {
            if (answer) {
              const { done, total, result } = valueOf(answer.rankJobsProgress);
              next({ done, total, index: result.index, score: result.match?.score });
            }
          },
          onCompleted: resolve,
          onError: reject,
        });
      }),
    async users(first, after) {
      const { users } = await query<PortcullisUsersQuery>(Users, { first, after });
      // The store has added the page to the connection, so the result includes the pages before it.
      const names = users.edges.map(({ node }) => node.username);
      const known = after === null ? 0 : paged;
      paged = names.length;
      return {
        names: names.slice(known),
        next: users.pageInfo.hasNextPage ? (users.pageInfo.endCursor ?? null) : null,
      };
    },
    async setRoles(id, roles) {
      const { setUserRoles } = await commit<PortcullisSetRolesMutation>(SetRoles, { input: { id, roles } });
      return valueOf(setUserRoles).errors;
    },
    follow(next) {
      const { dispose } = requestSubscription<PortcullisViewerSubscription>(environment, {
        subscription: Follow,
        variables: {},
        onNext: (answer) => {
          if (answer) {
            next(answer.viewer.user.roles);
          }
        },
      });
      return dispose;
    },
    close() {
      void socket.dispose();
    },
  };
}

/** The value of what `@catch` selects. The network layer throws errors, so there are none left to catch. */
function valueOf<Value>(caught: Result<Value, unknown>): Value {
  if (!caught.ok) {
    throw new AggregateError(caught.errors, "the response has errors");
  }
  return caught.value;
}

/** A response, before its errors are checked. */
type Answer = { readonly data?: unknown; readonly errors?: readonly GraphQLProblem[] };
