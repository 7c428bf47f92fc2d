import { expect, it, vi } from "vitest";

import { createFailedPage, entryScript, type FailedPage } from "./failedPage";

function browser(answer: () => Promise<boolean>, isTyped = false) {
  const load = vi.fn<(path: string) => void>();
  const shown: (FailedPage | null)[] = [];
  const page = createFailedPage({ isOutdated: answer, isTyped: () => isTyped, load }, (failure) => shown.push(failure));
  return { page, load, shown };
}

it.each([true, false])("loads the console again at the address that was asked for (outdated: %s)", async (isOutdated) => {
  const { page, load, shown } = browser(async () => isOutdated);
  await page.failed("/jobs?a=b", false);
  expect(load.mock.calls).toEqual([["/jobs?a=b"]]);
  expect(shown).toEqual([]);
});

it("asks first if something was typed", async () => {
  const { page, load, shown } = browser(async () => true, true);
  await page.failed("/jobs", false);
  expect(load).not.toHaveBeenCalled();
  expect(shown).toEqual([{ path: "/jobs", kind: "outdated", isTyped: true }]);
});

it("does not load the console again by itself when it was loaded for this page", async () => {
  const { page, load, shown } = browser(async () => true);
  await page.failed("/jobs", true);
  expect(load).not.toHaveBeenCalled();
  expect(shown).toEqual([{ path: "/jobs", kind: "outdated", isTyped: false }]);
});

it("does not load the console again while the server cannot be reached", async () => {
  const { page, load, shown } = browser(() => Promise.reject(new TypeError("Failed to fetch")));
  await page.failed("/jobs", false);
  expect(load).not.toHaveBeenCalled();
  expect(shown).toEqual([{ path: "/jobs", kind: "offline", isTyped: false }]);
});

it("drops what is no longer asked for", async () => {
  const { page, load, shown } = browser(async () => true);
  const first = page.failed("/jobs", false);
  page.clear();
  await first;
  expect(load).not.toHaveBeenCalled();
  const second = page.failed("/jobs", false);
  const third = page.failed("/rank", false);
  await Promise.all([second, third]);
  expect(load.mock.calls).toEqual([["/rank"]]);
  expect(shown).toEqual([null]);
});

it("names the entry script wherever the page is", () => {
  const at = (src: string | null) =>
    entryScript({ querySelector: () => (src === null ? null : { getAttribute: () => src }) } as unknown as Document);
  expect(at("../console/index-A.js")).toBe("index-A.js");
  expect(at("./console/index-A.js")).toBe(at("../../console/index-A.js"));
  expect(at(null)).toBeUndefined();
});
