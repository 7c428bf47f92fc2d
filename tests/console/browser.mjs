// Chromium with the checks that hold on every page: no request to another origin, no error in the console.
import { accessSync, constants, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, isAbsolute, join } from "node:path";
import { chromium } from "playwright-core";

/** The password of all accounts of the tests. */
export const PASSWORD = "correct horse battery";
/** Milliseconds. Reached only by a test that fails; generous, because a match is slow while other tests run. */
const TIMEOUT = 180_000;

/** Chromium, as `CHROMIUM` names it: a path, or a name that is looked up in `PATH`. */
function program() {
  const name = process.env.CHROMIUM ?? "chromium";
  const candidates = isAbsolute(name) ? [name] : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  const found = candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) {
    throw new Error(`these tests need Chromium: install it (apt-get install chromium) or name it in CHROMIUM (${name})`);
  }
  return found;
}

export const launch = () => chromium.launch({ executablePath: program(), args: ["--no-sandbox", "--disable-gpu"] });

/**
 * A browser context that records what no page may do. `allowed` are errors in the console that a step provokes, beside
 * those that browsers write for a response 401, which renews a session.
 */
export async function openContext(browser, base, { allowed = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(TIMEOUT);
  const problems = [];
  const expected = [/status of 401/, ...allowed];
  context.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !expected.some((pattern) => pattern.test(text))) {
      problems.push(`${message.page()?.url()}: ${text}`);
    }
  });
  context.on("weberror", (error) => problems.push(`${error.page()?.url()}: ${error.error()}`));
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(data|blob|about):/.test(url)) {
      problems.push(`requested ${url}`);
    }
  });
  context.problems = problems;
  return context;
}

/** Fails if a page of the context did what it may not do. */
export function checkProblems(context) {
  if (context.problems.length > 0) {
    throw new Error(`problems: ${context.problems.join("; ")}`);
  }
}

export async function signIn(page, username, password = PASSWORD) {
  await page.getByLabel("Username", { exact: true }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.locator("main, [role=dialog]").getByRole("button", { name: "Sign in", exact: true }).last().click();
}

/** Opens a page and waits until it shows its content. */
export async function visit(page, url) {
  await page.goto(url);
  await page.waitForLoadState("networkidle");
  await settle(page);
}

/** Waits until nothing is loading. */
export async function settle(page) {
  await page.locator("main h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector("main [aria-busy=true]") === null);
  await still(page);
}

/** Waits until no colour or place is in transition: a change of the style starts transitions with the next frame. */
async function still(page) {
  await page.evaluate(async () => {
    // A page in the background has no frames.
    const frame = () => new Promise((resolve) => (requestAnimationFrame(resolve), setTimeout(resolve, 100)));
    await frame();
    await frame();
    const ends = (animation) => animation.effect.getComputedTiming().endTime !== Infinity;
    await Promise.all(document.getAnimations().filter(ends).map((animation) => animation.finished.catch(() => undefined)));
  });
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const MODES = ["light", "dark"].flatMap((colorScheme) => [1280, 360].map((width) => ({ colorScheme, width })));
let audits = 0;
/**
 * Runs axe on what the page shows: in light and dark, wide and narrow; unless `THOROUGH` is set, in one of these, in turn.
 * No page is wider than 320 px.
 */
export async function audit(page, name) {
  const size = page.viewportSize();
  const found = [];
  const counts = [];
  const modes = process.env.THOROUGH === undefined ? [MODES[audits % MODES.length]] : MODES;
  audits += 1;
  for (const { colorScheme, width } of modes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 800 });
    await settle(page);
    await page.evaluate(`window.axe || (() => { ${AXE} })()`);
    const { violations, passes } = await page.evaluate(async () => {
      const result = await window.axe.run(document, { resultTypes: ["violations"] });
      const violations = result.violations.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
      return { violations, passes: result.passes.length };
    });
    counts.push(`${colorScheme} ${width}: ${violations.length} of ${passes + violations.length}`);
    found.push(...violations.map((violation) => `${name}, ${colorScheme}, ${width} px: ${violation}`));
  }
  await page.setViewportSize({ width: 320, height: 800 });
  await settle(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) {
    found.push(`${name}, 320 px: the page scrolls sideways by ${wide} px`);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.setViewportSize(size);
  console.log(`axe, violations of rules, ${name}: ${counts.join(", ")}; ${wide > 0 ? "wider than" : "fits"} 320 px`);
  return found;
}

const started = Date.now();

/** Runs a step and prints its time. */
export async function step(name, work) {
  const start = Date.now();
  try {
    const result = await work();
    console.log(`${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
    return result;
  } catch (error) {
    throw new Error(`${name}: ${error.stack ?? error}`);
  }
}

/** Runs the steps of a script, then prints the total time. An error ends the process with status 1. */
export async function main(work) {
  const browser = await launch();
  try {
    await work(browser);
    console.log(`all: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

export function assert(condition, message) {
  if (!condition) {
    throw new Error(message);
  }
}
