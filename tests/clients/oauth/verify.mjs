// Signs in with oauth4webapi, verifies the access token as a resource server does (RFC 9068), introspects and revokes it;
// prints what it saw.
// node verify.mjs ORIGIN USERNAME PASSWORD API_KEY
import * as oauth from "oauth4webapi";

const [origin, username, password, key] = process.argv.slice(2);
const issuer = new URL(origin);
// The test server has no TLS.
const options = { [oauth.allowInsecureRequests]: true };
const client = { client_id: "portcullis" };

const discovered = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...options });
const server = await oauth.processDiscoveryResponse(issuer, discovered);

const tokens = async (authentication, grant, parameters) => {
  const response = await oauth.genericTokenEndpointRequest(server, client, authentication, grant, parameters, options);
  return oauth.processGenericTokenEndpointResponse(server, client, response);
};
const validate = (token) => {
  const request = new Request(new URL("/work", origin), { headers: { authorization: `Bearer ${token}` } });
  return oauth.validateJwtAccessToken(server, request, "portcullis", options);
};
const introspect = async (token) => {
  const secret = oauth.ClientSecretBasic(key);
  const response = await oauth.introspectionRequest(server, client, secret, token, options);
  return oauth.processIntrospectionResponse(server, client, response);
};

const login = await tokens(oauth.None(), "password", { username, password, scope: "READ_USERS PREDICT" });
const next = await tokens(oauth.None(), "refresh_token", { refresh_token: login.refresh_token });
const machine = await tokens(oauth.ClientSecretBasic(key), "client_credentials", {});
const refusal = await tokens(oauth.None(), "password", { username, password, scope: "openid" }).then(
  () => "granted",
  (error) => error.error,
);
const claims = await validate(next.access_token);
const before = await introspect(next.access_token);
const revocation = await oauth.revocationRequest(server, client, oauth.None(), next.refresh_token, options);
await oauth.processRevocationResponse(revocation);
console.log(
  JSON.stringify({
    scope: [login.scope, next.scope, machine.scope ?? null],
    refusal,
    claims,
    machine: await validate(machine.access_token),
    introspection: [before, await introspect(next.access_token), await introspect(next.refresh_token)],
  }),
);
