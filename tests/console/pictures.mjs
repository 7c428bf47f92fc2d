// The pictures of README.md and docs/console.md, taken on a new server with the account `admin`, and made small by pngquant.
// Arguments: the URL of the server, the folder of the pictures.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PASSWORD, main, openContext, settle, signIn, step, visit } from "./browser.mjs";

const [base, folder] = process.argv.slice(2);
const TEXTS = [
  "Diagnoses and repairs faults in the engines and brakes of motor vehicles.",
  "Writes and tests the firmware of medical devices.",
  "Plans lessons in physics and marks the work of pupils.",
  "Prepares monthly accounts and VAT returns.",
  "Takes blood samples and cares for patients after operations.",
];

async function take(page, name, options = {}) {
  const path = join(folder, `${name}.png`);
  // Nothing has the focus or the pointer.
  await page.evaluate(() => document.activeElement?.blur());
  await page.mouse.move(0, 0);
  await page.screenshot({ path, animations: "disabled", ...options });
  execFileSync("pngquant", ["--force", "--strip", "--speed=1", "--nofs", "--quality=40-80", "64", `--output=${path}`, path]);
}

async function matchExample(page) {
  await visit(page, `${base}match`);
  await page.getByRole("button", { name: "Try an example" }).click();
  await page.getByRole("region", { name: "Score", exact: true }).waitFor();
  await settle(page);
}

/** Takes what is below the heading of the result. */
async function takeResult(page, name) {
  await page.getByRole("heading", { name: "Result", exact: true }).evaluate((heading) => window.scrollTo(0, heading.getBoundingClientRect().top + window.scrollY - 16));
  await take(page, name);
}

await main(async (browser) => {
  const context = await openContext(browser, base, { viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();

  await step("register and sign in", async () => {
    await visit(page, `${base}register`);
    await page.getByLabel("Username", { exact: true }).fill("ann");
    await page.getByLabel("E-mail", { exact: true }).fill("ann@example.org");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Register", exact: true }).click();
    await page.waitForURL(`${base}match`);
  });

  await step("match", async () => {
    await page.setViewportSize({ width: 1280, height: 1100 });
    await matchExample(page);
    await takeResult(page, "match");
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  await step("predict", async () => {
    await visit(page, `${base}predict`);
    await page.getByLabel("Several, pasted or from a file").check();
    await page.getByRole("textbox", { name: "Texts" }).fill(TEXTS.join("\n"));
    await page.getByRole("button", { name: "Predict", exact: true }).click();
    await page.getByText(/^5 predicted by/).waitFor();
    await settle(page);
    await take(page, "predict", { fullPage: true });
  });

  await step("account", async () => {
    await visit(page, `${base}account`);
    await take(page, "account", { fullPage: true });
  });

  await step("roles and a user", async () => {
    await page.getByRole("button", { name: /^Menu of/ }).click();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("link", { name: "Sign in", exact: true }).first().waitFor();
    await visit(page, `${base}sign-in`);
    await signIn(page, "admin");
    await page.waitForURL(`${base}match`);
    await visit(page, `${base}admin/roles`);
    await take(page, "roles");
    await visit(page, `${base}admin/users/ann`);
    await page.getByRole("radio", { name: /^Match a resume/ }).check();
    await page.getByText("No action chosen yet.").waitFor({ state: "detached" });
    await settle(page);
    await take(page, "user", { fullPage: true });
  });

  await step("a phone in dark mode", async () => {
    const state = await context.storageState();
    const phones = await openContext(browser, base, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: "dark", storageState: state });
    const phone = await phones.newPage();
    await matchExample(phone);
    await takeResult(phone, "phone");
  });
});
