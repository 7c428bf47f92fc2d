// Every page: axe in light and dark at 1280 and 360 px, no sideways scrolling at 320 px, and its size on a first visit.
// Argument: the URL of the server.
import { assert, audit, main, openContext, settle, signIn, step, visit } from "./browser.mjs";

const [base] = process.argv.slice(2);
/** The most bytes of a first visit, as sent. */
const MAX_BYTES = 200_000;

const GUEST = ["", "sign-in", "register", "models", "explore", "no-such-page", "match"];
const SIGNED_IN = [
  ...["match", "rank", "jobs", "predict", "models", "explore", "account"],
  ...["admin/users", "admin/users/admin", "admin/roles", "admin/audit"],
];

/** The bytes that a browser receives of the page and its files when it opens a page for the first time. */
async function firstVisit(browser, path, options) {
  const context = await openContext(browser, base, { ...options, allowed: [/status of 404/] });
  const page = await context.newPage();
  const pending = [];
  const files = [];
  page.on("requestfinished", (request) => {
    const isFile = request.resourceType() === "document" || request.url().startsWith(`${base}console/`);
    if (isFile) {
      files.push(request);
    }
  });
  await visit(page, `${base}${path}`);
  for (const request of files) {
    pending.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  }
  const sizes = await Promise.all(pending);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  await context.close();
  return { total, count: sizes.length, problems: context.problems };
}

await main(async (browser) => {
  const found = [];
  const allowed = [/status of 404/];
  const guest = await openContext(browser, base, { allowed });
  await step("axe as a guest", async () => {
    const page = await guest.newPage();
    for (const path of GUEST) {
      await visit(page, `${base}${path}`);
      found.push(...(await audit(page, `/${path} (guest)`)));
    }
  });
  await step("explore shows a guest only what a guest may use", async () => {
    const page = await guest.newPage();
    await visit(page, `${base}explore`);
    await page.getByRole("button", { name: /Documentation Explorer/ }).first().click();
    await page.getByRole("link", { name: "Query", exact: true }).first().click();
    const field = page.getByRole("link", { name: "matchResume", exact: true });
    await field.waitFor();
    await page.getByRole("switch", { name: "Only what I may use" }).click();
    await field.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "viewerCan", exact: true }).waitFor();
    found.push(...(await audit(page, "explore, only what a guest may use")));
  });
  const admin = await openContext(browser, base, { allowed });
  const page = await admin.newPage();
  await step("sign in", async () => {
    await visit(page, `${base}sign-in`);
    await signIn(page, "admin");
    await page.waitForURL(`${base}match`);
    await settle(page);
  });
  await step("axe as an administrator", async () => {
    for (const path of SIGNED_IN) {
      await visit(page, `${base}${path}`);
      found.push(...(await audit(page, `/${path}`)));
    }
    await page.getByRole("button", { name: /^Menu of/ }).click();
    found.push(...(await audit(page, "the user's menu")));
  });
  const storageState = await admin.storageState();
  await step("sizes on a first visit", async () => {
    for (const [paths, options, who] of [
      [["", "sign-in", "register"], {}, "guest"],
      // Explore loads GraphiQL, and has no limit.
      [SIGNED_IN.filter((path) => path !== "explore"), { storageState }, "administrator"],
    ]) {
      for (const path of paths) {
        const { total, count, problems } = await firstVisit(browser, path, options);
        found.push(...problems);
        console.log(`size of /${path} (${who}): ${total} bytes in ${count} files`);
        if (total > MAX_BYTES) {
          found.push(`/${path} loads ${total} bytes on a first visit; the limit is ${MAX_BYTES}`);
        }
      }
    }
  });
  found.push(...guest.problems, ...admin.problems);
  assert(found.length === 0, found.join("\n"));
});
