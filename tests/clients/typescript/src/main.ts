// node dist/main.js ORIGIN apollo|urql|relay text|trusted ADMIN_PASSWORD: runs the scenario, prints its result.
import { readFile } from "node:fs/promises";

import * as apollo from "./apollo.js";
import * as relay from "./relay/relay.js";
import { scenario } from "./scenario.js";
import * as urql from "./urql.js";

const CLIENTS = { apollo, urql, relay };

const [origin, name, documents, password] = process.argv.slice(2);
if (!origin || !password || !(name === "apollo" || name === "urql" || name === "relay")) {
  throw new Error("usage: node dist/main.js ORIGIN apollo|urql|relay text|trusted ADMIN_PASSWORD");
}
const text = (path: string): Promise<string> => readFile(new URL(`../../../data/matching/${path}`, import.meta.url), "utf8");
const seen = await scenario(name, {
  origin,
  admin: { username: "admin", password },
  resume: await text("data-engineer.resume.md"),
  job: await text("data-engineer.job.md"),
  open: () => CLIENTS[name].open(origin, documents === "trusted"),
});
console.log(JSON.stringify(seen));
process.exit(0);
