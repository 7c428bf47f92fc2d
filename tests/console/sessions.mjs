// Sessions: reload, deep links, renewal once for two tabs, sign-out and revocation elsewhere, and a server that goes away or
// is upgraded. Arguments: the URL of the server, the lifetime of its access tokens in seconds.
import { createServer, connect } from "node:net";
import { assert, checkProblems, main, openContext, settle, signIn, step, visit } from "./browser.mjs";

const [server, lifetime] = process.argv.slice(2);
const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** A TCP proxy that can be cut, as when the server is restarted. */
async function openProxy() {
  const { hostname, port } = new URL(server);
  const sockets = new Set();
  let isCut = false;
  const proxy = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => (sockets.delete(from), to.destroy()));
    }
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${proxy.address().port}/`,
    cut() {
      isCut = true;
      sockets.forEach((socket) => socket.destroy());
    },
    restore() {
      isCut = false;
    },
    close() {
      this.cut();
      proxy.close();
    },
  };
}

/** Fails if two tabs renewed the same token: two renewals in less than half of its lifetime. */
function assertOneAtATime(renewals) {
  const gaps = renewals.slice(1).map((at, index) => at - renewals[index]);
  assert(renewals.length > 0 && gaps.every((gap) => gap > Number(lifetime) * 500), `milliseconds between renewals: ${gaps}`);
}

/** Makes the scripts of a page absent, as after an upgrade, until the browser loads the console again. */
async function removeScripts(page, name) {
  let isGone = true;
  await page.route(`**/console/${name}Page-*`, (route) => (isGone ? route.fulfill({ status: 404, body: "" }) : route.continue()));
  page.once("framenavigated", () => {
    isGone = false;
  });
}

const isSignedIn = (page) => page.getByRole("button", { name: /^Menu of/ }).waitFor();

await main(async (browser) => {
  const proxy = await openProxy();
  const base = proxy.url;
  const gone = [/status of 404/, /dynamically imported module/, /preload CSS/, /apply style/];
  const context = await openContext(browser, base, { allowed: [/ERR_(EMPTY_RESPONSE|CONNECTION|SOCKET)/, /WebSocket connection/, ...gone] });
  const first = await context.newPage();
  const renewals = [];
  context.on("request", (request) => {
    if (/SessionRefresh/.test(request.postData() ?? "")) {
      renewals.push(Date.now());
    }
  });

  await step("a deep link leads to the page after the sign-in", async () => {
    await visit(first, `${base}admin/users/admin`);
    if ((await first.getByLabel("Username", { exact: true }).count()) === 0) {
      await first.getByRole("main").getByRole("link", { name: "Sign in" }).click();
    }
    await signIn(first, "admin");
    await first.waitForURL(`${base}admin/users/admin`);
    await first.getByRole("heading", { level: 1, name: "admin" }).waitFor();
  });

  await step("a reload keeps the session", async () => {
    await first.reload();
    await settle(first);
    await isSignedIn(first);
    const kept = await first.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
    assert(!/eyJ|battery/.test(kept), `a secret is kept: ${kept}`);
  });

  const second = await context.newPage();
  await step("two tabs with an expired token renew it once", async () => {
    await first.goto("about:blank");
    await wait(Number(lifetime) + 1);
    renewals.length = 0;
    await Promise.all([first.goto(`${base}account`), second.goto(`${base}models`)]);
    await Promise.all([first, second].map(isSignedIn));
    assertOneAtATime(renewals);
  });

  await step("two open tabs share each renewal", async () => {
    const lifetimes = 2.5;
    renewals.length = 0;
    await wait(Number(lifetime) * lifetimes);
    await Promise.all([first, second].map(isSignedIn));
    console.log(`  ${renewals.length} renewals in ${lifetimes} lifetimes`);
    assert(renewals.length >= Math.floor(lifetimes), "both tabs stayed signed in without renewals");
    assertOneAtATime(renewals);
  });

  await step("the server goes away and comes back", async () => {
    await visit(first, `${base}match`);
    const resume = first.getByRole("textbox", { name: "Resume", exact: true });
    await resume.fill("Ten years as a data engineer with SQL and Python.");
    await first.getByRole("textbox", { name: "Job posting", exact: true }).fill("We look for a data engineer. Required: SQL, Python and Spark.");
    proxy.cut();
    await first.getByText("The server cannot be reached").first().waitFor();
    await first.getByRole("button", { name: "Match", exact: true }).click();
    await first.getByRole("alert").filter({ hasText: "The server cannot be reached" }).first().waitFor();
    proxy.restore();
    await first.getByText("Trying to connect again").waitFor({ state: "detached" });
    assert((await resume.inputValue()).startsWith("Ten years"), "what was typed is kept");
    await first.getByRole("button", { name: "Match", exact: true }).click();
    await first.getByRole("region", { name: "Score", exact: true }).waitFor();
  });

  await step("an upgrade: the console is loaded again at the page that is opened", async () => {
    await visit(first, `${base}models`);
    await first.evaluate(() => Object.assign(window, { isOld: true }));
    await removeScripts(first, "Jobs");
    await first.getByRole("link", { name: "Jobs", exact: true }).click();
    await first.getByRole("heading", { level: 1, name: "Jobs" }).waitFor();
    assert(await first.evaluate(() => !("isOld" in window)), "the console was not loaded again");
    assert(new URL(first.url()).pathname === "/jobs", `the page is ${first.url()}`);
  });

  await step("an upgrade: what was typed is not lost without a word", async () => {
    await visit(first, `${base}match`);
    const resume = first.getByRole("textbox", { name: "Resume", exact: true });
    await resume.fill("Ten years as a data engineer.");
    await removeScripts(first, "Predict");
    await first.getByRole("link", { name: "Predict", exact: true }).click();
    await first.getByText("What you typed or chose is lost then").waitFor();
    assert((await resume.inputValue()).startsWith("Ten years"), "what was typed is kept");
    await first.getByRole("button", { name: "Load again" }).click();
    await first.getByRole("heading", { level: 1, name: "Predict" }).waitFor();
  });

  await step("a session that is ended in another browser is told at once", async () => {
    const others = await openContext(browser, base);
    const other = await others.newPage();
    await visit(other, `${base}sign-in`);
    await signIn(other, "admin");
    await other.waitForURL(`${base}match`);
    await visit(other, `${base}account`);
    await isSignedIn(first);
    await other.getByRole("button", { name: "End", exact: true }).nth(1).click();
    await other.getByText("was ended", { exact: false }).first().waitFor();
    const since = Date.now();
    await first.getByText("Your session was ended on another device").waitFor();
    console.log(`  told ${Date.now() - since} ms after the answer`);
    await first.getByRole("button", { name: "Sign in again" }).click();
    await signIn(first, "admin");
    await first.getByRole("dialog").waitFor({ state: "detached" });
    await Promise.all([first, second].map(isSignedIn));
    checkProblems(others);
    await others.close();
  });

  await step("a sign-out is told in the other tab", async () => {
    await isSignedIn(second);
    await first.getByRole("button", { name: /^Menu of/ }).click();
    await first.getByRole("button", { name: "Sign out", exact: true }).click();
    const since = Date.now();
    await second.getByText("You signed out in another tab").waitFor();
    console.log(`  told after ${Date.now() - since} ms`);
    await first.getByRole("link", { name: "Sign in", exact: true }).first().waitFor();
  });

  checkProblems(context);
  proxy.close();
});
