// The audits of graphql-http against a server: what each of them found.
// node audit.mjs ORIGIN
import { serverAudits } from "graphql-http";

const [origin] = process.argv.slice(2);
const seen = [];
// One after the other: an audit's requests are few, and a failure is easier to tell from the log.
for (const { fn } of serverAudits({ url: `${origin}/graphql` })) {
  const { id, name, status, reason, response } = await fn();
  seen.push({ id, name, status, answered: response?.status, reason });
}
console.log(JSON.stringify(seen));
