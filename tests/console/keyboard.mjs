// Sign-in and a match with the keyboard alone. Argument: the URL of the server.
import { PASSWORD, assert, checkProblems, main, openContext, settle, step, visit } from "./browser.mjs";

const [base] = process.argv.slice(2);
const MAX_STEPS = 80;

/** The accessible name of the focused element, and whether its focus is visible. */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const name = element?.getAttribute("aria-label") ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? "";
    // A field with a button in its frame has the outline around both.
    const isVisible = [element, element?.parentElement].some((part) => part && getComputedStyle(part).outlineStyle !== "none");
    return { name: name.trim().replace(/\s+/g, " "), isBody: element === document.body, isVisible };
  });

/** Moves the focus with Tab to the element with this name. */
async function tabTo(page, name) {
  const seen = [];
  for (let index = 0; index < MAX_STEPS; index += 1) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    seen.push(now.name.slice(0, 30));
    assert(now.isBody || now.isVisible, `the focus on ${now.name} is not visible`);
    if (now.name === name) {
      return;
    }
  }
  throw new Error(`Tab does not reach ${name}: ${seen.join(" | ")}`);
}

await main(async (browser) => {
  const context = await openContext(browser, base);
  const page = await context.newPage();
  await step("sign in", async () => {
    await visit(page, base);
    await tabTo(page, "Sign in");
    await page.keyboard.press("Enter");
    await page.waitForURL(/sign-in/);
    await settle(page);
    await tabTo(page, "Username");
    await page.keyboard.type("admin");
    await tabTo(page, "Password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${base}match`);
    await settle(page);
  });
  await step("match the example", async () => {
    await tabTo(page, "Try an example");
    await page.keyboard.press("Enter");
    const score = page.getByRole("region", { name: "Score", exact: true });
    await score.waitFor();
    await settle(page);
  });
  await step("reach a requirement, and its evidence is marked", async () => {
    await tabTo(page, "Print");
    for (let index = 0; index < MAX_STEPS; index += 1) {
      await page.keyboard.press("Tab");
      const sides = page.locator(".pane").filter({ has: page.locator(".run.active") });
      if ((await sides.count()) === 2) {
        return;
      }
    }
    throw new Error("no requirement marks its evidence when it is focused");
  });
  checkProblems(context);
});
