// Queries, a mutation and a subscription with graphql-ws and graphql-sse.
// node follow.mjs ORIGIN ACCESS_TOKEN REFRESH_TOKEN
import { createClient as createSse } from "graphql-sse";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";

const [origin, token, refreshToken] = process.argv.slice(2);
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

// The example in docs/clients.md: the client refreshes its expired token and connects again by itself.
let tokens = { accessToken: "expired", refreshToken };
async function refresh() {
  const query = "mutation($token: String) { refresh(input: { refreshToken: $token }) { tokens { accessToken refreshToken } } }";
  const headers = { authorization: `Bearer ${tokens.accessToken}`, "content-type": "application/json" };
  const body = JSON.stringify({ query, variables: { token: tokens.refreshToken } });
  const response = await fetch(url, { method: "POST", headers, body });
  tokens = (await response.json()).data.refresh.tokens;
}
let expired = false;
const codes = [];
const renewing = createWs({
  url: url.replace("http", "ws"),
  webSocketImpl: WebSocket,
  connectionParams: async () => {
    if (expired) await refresh();
    expired = false;
    return { authorization: `Bearer ${tokens.accessToken}` };
  },
  on: {
    closed: (event) => {
      codes.push(event.code);
      if (event.code === 4403) expired = true;
    },
  },
});
const renewed = [];
for await (const answer of renewing.iterate({ query: "{ viewer { user { id } } }" })) {
  renewed.push(answer);
}
await renewing.dispose();

// A client that keeps its expired token stops after its attempts.
const attempts = await new Promise((resolve) => {
  let closed = 0;
  const client = createWs({
    url: url.replace("http", "ws"),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: "Bearer expired" },
    retryAttempts: 2,
    retryWait: async () => {},
    on: { closed: () => (closed += 1) },
  });
  client.subscribe({ query: "{ service { name } }" }, { next() {}, error: () => resolve(closed), complete() {} });
});

// The legacy subprotocol.
const legacy = await new Promise((resolve) => {
  const socket = new WebSocket(url.replace("http", "ws"), "graphql-ws");
  socket.on("open", () => resolve("opened"));
  socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
  socket.on("error", () => {});
});
console.log(JSON.stringify({ ws: overWs, sse: overSse, closed, refusal, renewed: [codes[0], renewed], attempts, legacy }));
process.exit(0);
