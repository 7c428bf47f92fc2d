// A real OpenID provider on a free loopback port. It prints its URL on standard output. The line `rotate` on standard
// input adds a new signing key; it exits when standard input is closed.
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const groups = new Map([
    ["batch", ["staff"]],
    ["boss", ["staff", "hr-admin"]],
]);

function signingKey(kid) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

function client(client_id) {
    return {
        client_id,
        client_secret: `the secret of ${client_id}, which is long enough`,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
    };
}

function provider(issuer, keys) {
    return new Provider(issuer, {
        clients: [client("batch"), client("boss"), client("other")],
        jwks: { keys },
        cookies: { keys: ["no browser comes here"] },
        ttl: { ClientCredentials: 300 },
        scopes: ["read"],
        extraTokenClaims: (_, token) => ({ realm_access: { roles: groups.get(token.clientId) ?? [] } }),
        features: {
            devInteractions: { enabled: false },
            clientCredentials: { enabled: true },
            resourceIndicators: {
                enabled: true,
                getResourceServerInfo: (_, resource) => ({
                    scope: "read",
                    audience: resource,
                    accessTokenFormat: "jwt",
                    jwt: { sign: { alg: "RS256" } },
                }),
            },
        },
    });
}

const keys = [signingKey("key-1")];
let handler;
const server = createServer((request, response) => handler(request, response));
server.listen(0, "127.0.0.1", () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    handler = provider(issuer, keys).callback();
    console.log(`listening on ${issuer}`);
    createInterface({ input: process.stdin })
        .on("line", (line) => {
            if (line === "rotate") {
                // The newest key signs; the older ones stay published.
                keys.unshift(signingKey(`key-${keys.length + 1}`));
                handler = provider(issuer, keys).callback();
                console.log(`signs with ${keys[0].kid}`);
            }
        })
        .on("close", () => process.exit(0));
});
