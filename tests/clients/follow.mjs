// Queries, a mutation and a subscription with graphql-ws and graphql-sse.
// node follow.mjs ORIGIN TOKEN
import { createClient as createSse } from "graphql-sse";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";

const [origin, token] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const url = `${origin}/graphql`;

/** Adds a role to the account and removes it, so that the subscription has events. */
async function setRoles(roles) {
  const query = "mutation($roles: [String!]!) { setUserRoles(input: { id: \"admin\", roles: $roles }) { errors { code } } }";
  const headers = { authorization, "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables: { roles } }) });
  return (await response.json()).data.setUserRoles.errors;
}

/** The scenario of both clients. */
async function run(client) {
  const all = async (payload) => {
    const answers = [];
    for await (const answer of client.iterate(payload)) {
      answers.push(answer);
    }
    return answers;
  };
  const seen = {
    query: await all({ query: "query Named($field: String!) { viewerCan(fields: [$field]) { allowed } }", operationName: "Named", variables: { field: "Query.users" } }),
    mutation: await all({ query: "mutation { refresh(input: { refreshToken: \"x\" }) { errors { code } } }" }),
    refused: await all({ query: "{ nothing }" }).catch((errors) => (Array.isArray(errors) ? errors : [String(errors)])),
    events: [],
  };
  for await (const answer of client.iterate({ query: "subscription { viewer { user { roles } } }" })) {
    seen.events.push(answer.data.viewer.user.roles);
    if (seen.events.length === 1) {
      await setRoles(["ADMIN", "USER"]);
    } else if (seen.events.length === 2) {
      await setRoles(["ADMIN"]);
    } else {
      break;
    }
  }
  return seen;
}

const closed = [];
const ws = createWs({
  url: url.replace("http", "ws"),
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
  keepAlive: 200,
  retryAttempts: 0,
  on: { closed: (event) => closed.push(event.code) },
});
const overWs = await run(ws);
await ws.dispose();

const sse = createSse({ url, headers: { authorization }, retryAttempts: 0 });
const overSse = await run(sse);
sse.dispose();

// An invalid token: the client gets the close code, and may retry with another token.
const refusal = await new Promise((resolve) => {
  const client = createWs({
    url: url.replace("http", "ws"),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: "Bearer forged" },
    retryAttempts: 0,
    on: { closed: (event) => resolve({ code: event.code, reason: event.reason }) },
  });
  client.subscribe({ query: "{ service { name } }" }, { next() {}, error() {}, complete() {} });
});
// The legacy subprotocol.
const legacy = await new Promise((resolve) => {
  const socket = new WebSocket(url.replace("http", "ws"), "graphql-ws");
  socket.on("open", () => resolve("opened"));
  socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
  socket.on("error", () => {});
});
console.log(JSON.stringify({ ws: overWs, sse: overSse, closed, refusal, legacy }));
process.exit(0);
