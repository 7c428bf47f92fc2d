// Runs the audits of graphql-http against a server and prints their results.
// node audit.mjs ORIGIN
import { serverAudits } from "graphql-http";

const [origin] = process.argv.slice(2);
const seen = [];
// Sequentially: an audit has few requests, and failures are easier to find in the log.
for (const { fn } of serverAudits({ url: `${origin}/graphql` })) {
  const { id, name, status, reason, response } = await fn();
  seen.push({ id, name, status, answered: response?.status, reason });
}
console.log(JSON.stringify(seen));
