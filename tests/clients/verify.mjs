// Verifies an access token with the published keys, as another service does; prints its claims.
// node verify.mjs ORIGIN TOKEN
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";

const [origin, token] = process.argv.slice(2);
const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", origin));
const { payload } = await jwtVerify(token, keys, {
  algorithms: ["EdDSA"],
  audience: "portcullis",
  issuer: new URL(origin).origin,
  requiredClaims: ["sub", "sid", "jti", "iat", "nbf", "exp"],
  typ: "at+jwt",
});

// The same signature with another payload must be refused.
const [head, , signature] = token.split(".");
const forged = Buffer.from(JSON.stringify({ ...payload, sub: "root" })).toString("base64url");
const refusal = await jwtVerify(`${head}.${forged}.${signature}`, keys).then(
  () => "accepted",
  (error) => error.code,
);
console.log(JSON.stringify({ header: decodeProtectedHeader(token), payload, forged: refusal }));
