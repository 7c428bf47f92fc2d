// Finds the changes between two versions of the schema that break clients.
// node breaking.mjs            compares schema.graphql with the last commit, or with the commit before it if the last
//                              one has the same schema; a commit may break clients if its message has a line
//                              "Breaks-Schema: REASON"
// node breaking.mjs OLD NEW    compares two files
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { buildSchema, findBreakingChanges } from "graphql";

const read = (path) => readFileSync(path, "utf8");

function git(...parameters) {
  try {
    return execFileSync("git", parameters, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

/** The two versions, and the reasons given for breaking clients; undefined without a version to compare with. */
function versions() {
  const folder = git("rev-parse", "--show-toplevel");
  if (folder === undefined) {
    return undefined;
  }
  const now = read(`${folder.trim()}/schema.graphql`);
  const last = git("show", "HEAD:schema.graphql");
  if (last !== undefined && last !== now) {
    return { old: last, now, reasons: [] };
  }
  const before = git("show", "HEAD^:schema.graphql");
  if (before === undefined) {
    return undefined;
  }
  const messages = git("log", "--format=%B", "HEAD^..HEAD");
  return { old: before, now, reasons: [...messages.matchAll(/^Breaks-Schema: (.+)$/gm)].map(([, reason]) => reason) };
}

const [old, now] = process.argv.slice(2);
const compared = now ? { old: read(old), now: read(now), reasons: [] } : versions();
if (!compared) {
  console.log("schema.graphql is compared with nothing: the commit before this one is not here (a shallow clone, the first commit, or no repository)");
} else {
  const changes = findBreakingChanges(buildSchema(compared.old), buildSchema(compared.now));
  for (const { type, description } of changes) {
    console.log(`${type}: ${description}`);
  }
  if (changes.length > 0 && compared.reasons.length === 0) {
    console.error("schema.graphql breaks clients; if it must, say why in a line \"Breaks-Schema: REASON\" of the commit's message");
    process.exit(1);
  }
  console.log(changes.length > 0 ? `broken on purpose: ${compared.reasons.join("; ")}` : "schema.graphql breaks no client");
}
