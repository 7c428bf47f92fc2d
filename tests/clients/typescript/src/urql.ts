// urql 5: HTTP, and server-sent events for subscriptions; with trusted documents its queries come by GET.
import { authExchange } from "@urql/exchange-auth";
import { persistedExchange } from "@urql/exchange-persisted";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type AnyVariables, Client as Urql, type CombinedError, fetchExchange, type OperationResult } from "urql";

import * as documents from "./gql/graphql.js";
import { hashOf } from "./hash.js";
import { isUnauthenticated, Refused } from "./refused.js";
import type { Client } from "./scenario.js";
import { Session } from "./session.js";
import { problems, toMatch, toPage, toPredictions } from "./shapes.js";

export function open(origin: string, trusted: boolean): Client {
  const session = new Session();
  const authenticate = authExchange(async (utilities) => ({
    addAuthToOperation(operation) {
      const { authorization } = session;
      return authorization ? utilities.appendHeaders(operation, { authorization }) : operation;
    },
    didAuthError: (error: CombinedError) => isUnauthenticated(error.graphQLErrors),
    async refreshAuth() {
      await session.renew(async (refreshToken) => {
        const { data } = await anonymous.mutation(documents.RefreshDocument, { refreshToken }).toPromise();
        return data?.refresh.tokens;
      });
    },
  }));
  const persisted = persistedExchange({
    enforcePersistedQueries: true,
    enableForMutation: true,
    enableForSubscriptions: true,
    preferGetForPersistedQueries: true,
    generateHash: async (_, document) => hashOf(document),
  });
  const settings = { url: `${origin}/graphql`, fetchSubscriptions: true, preferGetMethod: false };
  const transport = [...(trusted ? [persisted] : []), fetchExchange];
  const client = new Urql({ ...settings, exchanges: [authenticate, ...transport] });
  // Sent without the token: an expired one would have the whole request refused.
  const anonymous = new Urql({ ...settings, exchanges: transport });

  async function query<Data, Variables extends AnyVariables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    return answered(await client.query(document, variables).toPromise());
  }

  return {
    session,
    async register(input) {
      const { register } = answered(await anonymous.mutation(documents.RegisterDocument, { input }).toPromise());
      return problems(register.errors);
    },
    async login(username, password) {
      const input = { username, password };
      const { login } = answered(await anonymous.mutation(documents.LoginDocument, { input }).toPromise());
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
      const input = { id, roles: [...roles] };
      const { setUserRoles } = answered(await client.mutation(documents.SetRolesDocument, { input }).toPromise());
      return problems(setUserRoles?.errors ?? []);
    },
    follow(next) {
      let isOver = false;
      let stop = (): void => {};
      const begin = (): void => {
        const { unsubscribe } = client.subscription(documents.FollowViewerDocument, {}).subscribe(({ data, error, hasNext }) => {
          if (data) {
            next(data.viewer.user.roles);
          }
          // The stream ends with its token; the next one begins with another.
          if (!isOver && (error || !hasNext)) {
            unsubscribe();
            setTimeout(begin, 50);
          }
        });
        stop = unsubscribe;
      };
      begin();
      return () => {
        isOver = true;
        stop();
      };
    },
    close() {},
  };
}

function answered<Data, Variables extends AnyVariables>({ data, error }: OperationResult<Data, Variables>): Data {
  if (error) {
    throw error.networkError ?? new Refused(error.graphQLErrors);
  }
  if (data === undefined) {
    throw new Error("there is no data");
  }
  return data;
}
