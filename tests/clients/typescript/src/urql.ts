// urql 5: HTTP, and server-sent events for subscriptions; with trusted documents it sends queries by GET.
import { authExchange } from "@urql/exchange-auth";
import { persistedExchange } from "@urql/exchange-persisted";
import { type AnyVariables, Client as Urql, type CombinedError, fetchExchange, type OperationResult } from "urql";

import { clientOf } from "./codegen.js";
import { RefreshDocument } from "./gql/graphql.js";
import { hashOf } from "./hash.js";
import { isUnauthenticated, Refused } from "./refused.js";
import type { Client } from "./scenario.js";
import { Session } from "./session.js";

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
        const { data } = await anonymous.mutation(RefreshDocument, { refreshToken }).toPromise();
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
  // Without the token: an expired one would have the whole request refused.
  const anonymous = new Urql({ ...settings, exchanges: transport });

  return clientOf(session, {
    query: async (document, variables) => answered(await client.query(document, variables).toPromise()),
    mutate: async (document, variables) => answered(await client.mutation(document, variables).toPromise()),
    mutateAnonymously: async (document, variables) =>
      answered(await anonymous.mutation(document, variables).toPromise()),
    subscribe(document, variables, next, over) {
      const { unsubscribe } = client.subscription(document, variables).subscribe(({ data, error, hasNext }) => {
        // The end repeats the last event.
        if (error || !hasNext) {
          over(error);
        } else if (data) {
          next(data);
        }
      });
      return unsubscribe;
    },
    close() {},
  });
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
