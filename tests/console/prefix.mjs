// The console below a path prefix that a proxy removes. Argument: the public URL of the console, with a slash at its end.
import { assert, checkProblems, main, openContext, settle, signIn, step, visit } from "./browser.mjs";

const [base] = process.argv.slice(2);

await main(async (browser) => {
  // Every request outside of the prefix is a problem.
  const context = await openContext(browser, base, { allowed: [/status of 404/] });
  const page = await context.newPage();
  const sockets = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  await step("a deep link, then the sign-in", async () => {
    await visit(page, `${base}admin/users/admin`);
    if ((await page.getByLabel("Username", { exact: true }).count()) === 0) {
      await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
    }
    await signIn(page, "admin");
    await page.waitForURL(`${base}admin/users/admin`);
    await page.getByRole("heading", { level: 1, name: "admin" }).waitFor();
  });
  await step("a reload, links, an unknown page", async () => {
    await page.reload();
    await settle(page);
    await page.getByRole("button", { name: /^Menu of/ }).waitFor();
    for (const name of ["Models", "Match"]) {
      await page.getByRole("link", { name, exact: true }).first().click();
      await page.waitForURL(`${base}${name.toLowerCase()}`);
      await settle(page);
    }
    const response = await page.goto(`${base}no/such/page`);
    assert(response.status() === 404, `an unknown page has the status ${response.status()}`);
    await settle(page);
    await page.getByRole("button", { name: /^Menu of/ }).waitFor();
  });
  const expected = `${base.replace("http", "ws")}graphql`;
  assert(sockets.length > 0 && sockets.every((url) => url === expected), `sockets: ${sockets}`);
  checkProblems(context);
});
