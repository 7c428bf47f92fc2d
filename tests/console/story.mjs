// A person registers, matches, ranks, predicts and uses a key, until an administrator disables the account. Arguments: the
// URL of the server, the folder of the test data, a folder for files.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PASSWORD, assert, audit, checkProblems, main, openContext, settle, signIn, step, visit } from "./browser.mjs";

const [base, data, folder] = process.argv.slice(2);
const found = [];
const look = async (page, name) => found.push(...(await audit(page, name)));

const POSTING = readFileSync(join(data, "matching/data-engineer.job.md"), "utf8");
const DOCX = join(data, "documents/data-engineer.libreoffice-one.docx");
const RESUME = join(data, "documents/data-engineer.libreoffice-one.pdf");

/** Twenty resumes of several types, one of which is not a document. */
function twentyFiles() {
  const names = readdirSync(join(data, "documents")).filter((name) => /\.(pdf|docx|html)$/.test(name));
  const files = names.slice(0, 19).map((name) => join(data, "documents", name));
  const broken = join(folder, "broken.pdf");
  writeFileSync(broken, "%PDF-1.7\nthis is not a document");
  return [...files, broken];
}

const score = (page) => page.getByRole("region", { name: "Score", exact: true }).locator("strong").first();

async function expectScore(page) {
  await score(page).waitFor();
  const text = await score(page).innerText();
  assert(Number.parseFloat(text.replace(",", ".")) > 0, `the score is ${text}`);
  return text;
}

async function register(page) {
  await visit(page, base);
  await page.getByRole("main").getByRole("link", { name: /register/i }).first().click();
  await page.getByLabel("Username", { exact: true }).fill("ann");
  await page.getByLabel("E-mail", { exact: true }).fill("ann@example.com");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Register", exact: true }).click();
  const password = page.getByLabel("Password", { exact: true });
  await page.waitForFunction(() => document.querySelector("[aria-invalid=true]") !== null);
  assert((await password.getAttribute("aria-invalid")) === "true", "a short password is marked at its field");
  await look(page, "register, refused");
  await password.fill(PASSWORD);
  await page.getByRole("button", { name: "Register", exact: true }).click();
  await page.waitForURL(`${base}match`);
  await settle(page);
  const links = await page.getByRole("navigation", { name: "Main" }).first().getByRole("link").allInnerTexts();
  assert(links.join(" ") === "Match Rank Jobs Predict Models Explore", `the navigation is ${links}`);
}

async function matchExample(page) {
  await page.getByRole("button", { name: "Try an example" }).click();
  const text = await expectScore(page);
  await look(page, "match, result");
  return text;
}

/** Waits until the page shows another score than this. */
const scoreOtherThan = (page, old) =>
  page.waitForFunction((before) => document.querySelector("section[aria-label=Score] strong")?.textContent?.trim() !== before.trim(), old);

async function toggleGaps(page) {
  const before = await expectScore(page);
  const gap = page.getByRole("list", { name: "Gaps" }).getByRole("button").first();
  await gap.click();
  await scoreOtherThan(page, before);
  const after = await expectScore(page);
  assert(after > before, `the score with a gap closed is ${after}, before ${before}`);
  await gap.click();
  await page.waitForFunction(
    (old) => document.querySelector("section[aria-label=Score] strong")?.textContent?.trim() === old.trim(),
    before,
  );
}

/** The weights of the sliders and of the table, which have to be the same. */
async function expectOneWeight(page) {
  const sliders = await page.locator("output").allInnerTexts();
  const table = await page.getByRole("region", { name: "Parts of the score" }).locator("tbody tr td:nth-child(3)").allInnerTexts();
  assert(sliders.length > 0 && sliders.join() === table.join(), `the sliders show ${sliders}, the table ${table}`);
  return sliders;
}

/** Changes a must-have and a weight; the printed page has the new score and the changes. */
async function argue(page) {
  const before = await expectScore(page);
  const weights = await expectOneWeight(page);
  await page.getByRole("checkbox", { name: "Must-have: Experience with SAP" }).uncheck();
  await scoreOtherThan(page, before);
  const relaxed = await expectScore(page);
  assert(relaxed > before, `the score without the must-have is ${relaxed}, before ${before}`);
  await page.getByRole("slider", { name: "Occupation" }).fill("90");
  await page.waitForFunction((old) => document.querySelector("section[aria-labelledby=parts-title] tbody tr:last-child td:nth-child(3)")?.textContent !== old, weights.at(-1));
  await page.waitForFunction(() => document.querySelector("section[aria-labelledby=parts-title] tbody tr:last-child td:nth-child(3)")?.textContent === "0.90");
  await expectOneWeight(page);
  const shown = await expectScore(page);
  await look(page, "match, changed");
  await page.emulateMedia({ media: "print" });
  const printed = await page.locator(".printed").innerText();
  await page.emulateMedia({ media: null });
  for (const part of [shown, "Changes", "No longer a must-have: “Experience with SAP”", `Occupation 0.90 (was ${weights.at(-1)})`, `without them it is ${before}`]) {
    assert(printed.includes(part), `the printed page has ${part}: ${printed.slice(0, 600)}`);
  }
  await page.getByRole("button", { name: "Reset all" }).click();
  await page.waitForFunction((old) => document.querySelector("section[aria-label=Score] strong")?.textContent?.trim() === old.trim(), before);
}

async function matchFiles(browser, page) {
  // The posting as a PDF of a browser.
  const printer = await browser.newPage();
  await printer.setContent(`<pre style="white-space: pre-wrap">${POSTING.replaceAll("<", "&lt;")}</pre>`);
  const posting = join(folder, "posting.pdf");
  await printer.pdf({ path: posting });
  await printer.close();

  await visit(page, `${base}match`);
  await page.getByLabel("Resume file").setInputFiles({ name: "picture.png", mimeType: "image/png", buffer: Buffer.from("\x89PNG\r\n\x1a\n") });
  await page.getByLabel("Job posting file").setInputFiles(posting);
  await page.getByRole("button", { name: "Match", exact: true }).click();
  await page.getByText(/Use PDF, DOCX/).first().waitFor();
  await look(page, "match, refused file");
  await page.getByLabel("Resume file").setInputFiles(DOCX);
  await page.getByRole("button", { name: "Match", exact: true }).click();
  const text = await expectScore(page);
  await page.getByLabel("Resume file").setInputFiles(RESUME);
  await page.getByRole("button", { name: "Match", exact: true }).click();
  await page.waitForFunction(() => document.querySelector("main [aria-busy=true]") === null);
  await expectScore(page);
  return text;
}

async function rankFiles(page) {
  await page.getByRole("link", { name: "Rank", exact: true }).click();
  await settle(page);
  await page.getByRole("textbox", { name: "Job posting", exact: true }).fill(POSTING);
  await page.getByLabel("Resumes", { exact: true }).setInputFiles(twentyFiles());
  await page.getByRole("button", { name: "Rank", exact: true }).click();
  const table = page.getByRole("table", { name: "Ranking" });
  await table.getByRole("row").nth(20).waitFor();
  await page.getByRole("progressbar").waitFor({ state: "detached" });
  assert((await table.getByRole("row").count()) === 21, "every file has a row");
  const broken = await table.getByRole("row").filter({ hasText: "broken.pdf" }).innerText();
  assert(broken.length > 20, `a broken file has its reason: ${broken}`);
  await look(page, "rank, result");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export as CSV" }).click()]);
  const csv = readFileSync(await download.path(), "utf8").trim().split(/\r?\n/);
  assert(csv.length >= 21 && csv.some((line) => line.includes("broken.pdf")), `the CSV file has ${csv.length} lines`);
  const first = table.getByRole("row").nth(1).getByRole("link");
  assert((await first.innerText()).startsWith("data-engineer"), "a resume for this posting is first");
  const [tab] = await Promise.all([page.context().waitForEvent("page"), first.click({ modifiers: ["ControlOrMeta"] })]);
  await expectScore(tab);
  await tab.close();
  assert(page.url().endsWith("/rank"), "a row opened in a new tab leaves the ranking open");
  await first.click();
  await page.waitForURL(/\/match/);
  await expectScore(page);
  await page.goBack();
  await table.waitFor();
}

async function predict(page) {
  await page.getByRole("link", { name: "Predict", exact: true }).click();
  await settle(page);
  const model = page.getByRole("combobox", { name: "Model" });
  if ((await model.evaluate((element) => element.tagName)) === "SELECT") {
    const value = await model.locator("option", { hasText: "occupation" }).first().getAttribute("value");
    await model.selectOption(value);
  } else {
    await model.click();
    await page.getByRole("option", { name: /occupation/i }).click();
  }
  await page.getByRole("textbox", { name: "Text" }).fill("Write and test firmware.");
  await page.getByRole("button", { name: "Predict", exact: true }).click();
  await page.getByText("Computer and Mathematical").first().waitFor();
  await look(page, "predict, result");
}

/** Sends a query with a key, as a program does. */
async function withKey(key, query) {
  const response = await fetch(`${base}graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

async function createKey(page) {
  await page.getByRole("button", { name: /^Menu of/ }).click();
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await settle(page);
  assert((await page.getByRole("link", { name: "Users", exact: true }).count()) === 0, "no link to Users");
  await look(page, "account");
  await page.getByRole("button", { name: "Create key", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("tests");
  await look(page, "account, key to be created");
  await dialog.getByRole("button", { name: "Create key", exact: true }).click();
  const secret = dialog.getByRole("textbox", { name: "Secret" });
  await secret.waitFor();
  await look(page, "account, new key");
  const key = await secret.inputValue();
  const { data: answer } = await withKey(key, "{ viewer { user { username } permissions } }");
  assert(answer.viewer.user.username === "ann", "the key is the account's");
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("main").getByText("tests", { exact: true }).waitFor();
  return key;
}

async function refusedView(page) {
  for (const path of ["admin/users", "admin/roles", "admin/audit"]) {
    await visit(page, `${base}${path}`);
    assert((await page.getByRole("table").count()) === 0, `${path} shows no table`);
  }
  await look(page, "not allowed");
}

async function disableByAdmin(browser, page, key) {
  await visit(page, `${base}match`);
  await page.getByRole("textbox", { name: "Resume", exact: true }).fill("A text that is being typed");
  const admins = await openContext(browser, base);
  const admin = await admins.newPage();
  await visit(admin, `${base}admin/users`);
  if ((await admin.getByLabel("Username", { exact: true }).count()) === 0) {
    await admin.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  }
  await signIn(admin, "admin");
  await admin.waitForURL(`${base}admin/users`);
  const row = admin.getByRole("table", { name: "Users" }).getByRole("row").filter({ hasText: "ann@example.com" });
  const enabled = row.getByRole("switch", { name: "Enabled" });
  await enabled.waitFor();
  await enabled.click();
  await admin.waitForFunction(() => document.querySelector("[role=switch][aria-checked=false]") !== null);
  const since = Date.now();
  const notice = page.getByText("Your account was disabled").first();
  await notice.waitFor();
  console.log(`  told ${Date.now() - since} ms after the switch: ${(await notice.innerText()).replaceAll("\n", " ")}`);
  const typed = await page.getByRole("textbox", { name: "Resume", exact: true }).inputValue();
  assert(typed === "A text that is being typed", "what was typed is kept");
  await look(page, "match, signed out");
  const refused = await withKey(key, "{ viewer { user { username } } }");
  assert(refused.errors?.[0].extensions.code === "UNAUTHENTICATED", `the key is refused: ${JSON.stringify(refused)}`);

  await enabled.click();
  await admin.waitForFunction(() => document.querySelector("[role=switch][aria-checked=false]") === null);
  await page.getByRole("button", { name: "Sign in again" }).click();
  await look(page, "sign in again");
  await signIn(page, "ann");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert((await page.getByRole("textbox", { name: "Resume", exact: true }).inputValue()) === typed, "the text is still there");
  checkProblems(admins);
  await admins.close();
}

await main(async (browser) => {
  const context = await openContext(browser, base, { acceptDownloads: true });
  const page = await context.newPage();
  await step("register", () => register(page));
  await step("match the example", () => matchExample(page));
  await step("close and open a gap", () => toggleGaps(page));
  await step("change a must-have and a weight, and print", () => argue(page));
  await step("match files: docx, pdf, and one of another type", () => matchFiles(browser, page));
  await step("rank twenty files", () => rankFiles(page));
  await step("predict", () => predict(page));
  const key = await step("create a key and use it", () => createKey(page));
  await step("pages that are not allowed", () => refusedView(page));
  await step("disabled by an administrator, enabled, signed in again", () => disableByAdmin(browser, page, key));
  checkProblems(context);
  assert(found.length === 0, found.join("\n"));
});
