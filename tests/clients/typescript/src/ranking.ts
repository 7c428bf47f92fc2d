// node dist/ranking.js ORIGIN text|trusted ADMIN_PASSWORD: every client subscribes to the ranking of three jobs for a resume,
// checks the events and prints them. It is not part of the scenario, whose tokens expire after two seconds: a subscription
// ends when its token expires.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import * as apollo from "./apollo.js";
import * as relay from "./relay/relay.js";
import type { Client, Progress } from "./scenario.js";
import * as urql from "./urql.js";

const [origin, documents, password] = process.argv.slice(2);
if (!origin || !password) {
  throw new Error("usage: node dist/ranking.js ORIGIN text|trusted ADMIN_PASSWORD");
}
const read = async (path: string): Promise<{ text: string }> => ({
  text: await readFile(new URL(`../../../data/matching/${path}`, import.meta.url), "utf8"),
});
const resume = await read("data-engineer.resume.md");
const files = ["intensive-care-nurse.job.txt", "data-engineer.job.md", "kitchen-manager.job.txt"];
const jobs = await Promise.all(files.map(read));

const seen: Record<string, readonly Progress[]> = {};
for (const [name, { open }] of Object.entries({ apollo, relay, urql })) {
  const client: Client = open(origin, documents === "trusted");
  assert.deepEqual(await client.login("admin", password), []);
  const events: Progress[] = [];
  await client.rank({ resume, jobs }, (progress) => {
    events.push(progress);
  });
  assert.deepEqual(
    events.map(({ done, total }) => ({ done, total })),
    [1, 2, 3].map((done) => ({ done, total: jobs.length })),
  );
  assert.deepEqual(new Set(events.map(({ index }) => index)), new Set(jobs.keys()));
  const best = events.reduce((one, other) => ((other.score ?? 0) > (one.score ?? 0) ? other : one));
  assert.equal(best.index, 1, `the data engineer's job is not the best: ${JSON.stringify(events)}`);
  client.close();
  seen[name] = events;
}
console.log(JSON.stringify(seen));
process.exit(0);
