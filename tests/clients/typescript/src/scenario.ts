// The scenario of every client, each with its own library and with types generated from the schema.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { Refused } from "./refused.js";
import type { Session } from "./session.js";

/** An error that a form shows beside a field. */
export interface Problem {
  readonly code: string;
  readonly path: readonly string[];
}

export interface Prediction {
  readonly label: string;
  readonly score: number;
}

export interface Match {
  readonly score: number;
  readonly contributions: readonly number[];
  readonly missing: readonly string[];
  /** A part of the job's text: the text of its span, and the text at its offsets. */
  readonly quoted: { readonly start: number; readonly end: number; readonly text: string };
}

/** A result of a ranking; without a score if the job could not be read. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly index: number;
  readonly score: number | undefined;
}

export interface Page {
  readonly names: readonly string[];
  readonly next: string | null;
}

export interface Text {
  text: string;
}

/** A client. It throws the refusal of a request or a field as `Refused`. */
export interface Client {
  readonly session: Session;
  register(input: { username: string; email: string; password: string }): Promise<readonly Problem[]>;
  login(username: string, password: string): Promise<readonly Problem[]>;
  viewer(): Promise<{ readonly username: string; readonly permissions: readonly string[] } | null>;
  predict(model: string, text: string): Promise<readonly Prediction[]>;
  match(resume: string, job: string): Promise<Match>;
  /** Ranks jobs for a resume and calls back with each result, until the last. */
  rank(input: { resume: Text; jobs: Text[] }, next: (progress: Progress) => void): Promise<void>;
  users(first: number, after: string | null): Promise<Page>;
  setRoles(id: string, roles: readonly string[]): Promise<readonly Problem[]>;
  /** Calls back with the viewer's roles, at once and after each change, until the returned function is called. */
  follow(next: (roles: readonly string[]) => void): () => void;
  close(): void;
}

export interface Setting {
  readonly origin: string;
  readonly admin: { readonly username: string; readonly password: string };
  readonly resume: string;
  readonly job: string;
  open(): Client;
}

export async function scenario(name: string, setting: Setting): Promise<Record<string, unknown>> {
  const client = setting.open();
  const account = { username: name, email: `${name}@example.com`, password: "correct horse battery" };
  assert.deepEqual(await client.register(account), []);
  assert.deepEqual(await client.register({ ...account, email: `other-${name}@example.com` }), [
    { code: "USERNAME_TAKEN", path: ["input", "username"] },
  ]);
  assert.deepEqual(await client.login(name, "a wrong password"), [{ code: "INVALID_CREDENTIALS", path: [] }]);
  assert.deepEqual(await client.login(name, account.password), []);

  const viewer = await client.viewer();
  assert.equal(viewer?.username, name);
  assert.ok(viewer.permissions.includes("MATCH_RESUME"), `${viewer.permissions}`);

  const predictions = await client.predict("occupation", "Design databases and write the software that fills them.");
  assert.equal(predictions.length, 1);
  assert.ok(predictions.every(({ score }) => score > 0 && score <= 1));

  const match = await client.match(setting.resume, setting.job);
  const sum = match.contributions.reduce((all, one) => all + one, 0);
  assert.ok(Math.abs(sum - match.score) < 1e-6, `${sum} is not ${match.score}`);
  assert.equal(setting.job.slice(match.quoted.start, match.quoted.end), match.quoted.text);

  await refused(client.users(2, null), { code: "FORBIDDEN", requires: "READ_USERS", path: ["users"] });
  await refused(client.predict("no-such-model", "text"), { code: "MODEL_NOT_FOUND", path: ["predict"] });

  const admin = setting.open();
  assert.deepEqual(await admin.login(setting.admin.username, setting.admin.password), []);
  const pages = await everyPage(admin);
  const names = pages.flat();
  assert.equal(new Set(names).size, names.length, `somebody twice: ${names}`);
  assert.ok(pages.length > 1 && names.includes(name) && names.includes(setting.admin.username), `${names}`);

  const followed = await followRoles(client, admin, name);

  const renewals = client.session.renewals;
  await expired(setting.origin, client.session);
  assert.equal((await client.viewer())?.username, name);
  assert.ok(client.session.renewals > renewals, "nothing was renewed");

  client.close();
  admin.close();
  return { predictions, score: match.score, missing: match.missing.length, pages: pages.length, followed };
}

async function refused(call: Promise<unknown>, expected: Partial<Refused>): Promise<void> {
  const refusal: unknown = await call.then(
    () => assert.fail("it was answered"),
    (error: unknown) => error,
  );
  assert.ok(refusal instanceof Refused, `${refusal}`);
  const { code, requires, path } = refusal;
  assert.deepEqual({ code, requires, path }, { requires: undefined, ...expected });
}

async function everyPage(admin: Client): Promise<readonly (readonly string[])[]> {
  const pages = [];
  let after: string | null = null;
  do {
    const page: Page = await admin.users(1, after);
    pages.push(page.names);
    after = page.next;
  } while (after !== null);
  return pages;
}

/** The events of the account's own roles while an admin changes them. The client may reconnect in between. */
async function followRoles(client: Client, admin: Client, id: string): Promise<readonly (readonly string[])[]> {
  const seen: (readonly string[])[] = [];
  let heard = (): void => {};
  const stop = client.follow((roles) => {
    seen.push(roles);
    heard();
  });
  const until = async (holds: (roles: readonly string[]) => boolean): Promise<void> => {
    while (!holds(seen.at(-1) ?? [])) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  await until((roles) => roles.includes("USER"));
  assert.deepEqual(await admin.setRoles(id, ["USER", "ADMIN"]), []);
  await until((roles) => roles.includes("ADMIN"));
  assert.deepEqual(await admin.setRoles(id, ["USER"]), []);
  await until((roles) => !roles.includes("ADMIN"));
  stop();
  return seen;
}

/** Waits until the server refuses the access token, without the client, so that the client does not notice. */
async function expired(origin: string, session: Session): Promise<void> {
  for (;;) {
    const { authorization } = session;
    assert.ok(authorization, "nobody is signed in");
    const response = await fetch(`${origin}/graphql?query={viewer{user{id}}}`, { headers: { authorization } });
    await response.arrayBuffer();
    if (response.status === 401) {
      return;
    }
    await sleep(250);
  }
}
