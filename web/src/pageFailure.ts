// Pages of the router, and parts of pages, whose scripts could not be loaded.
import { shallowRef } from "vue";
import type { Router } from "vue-router";

import { base } from "./lib/base";
import { createFailedPage, entryScript, type FailedPage } from "./lib/failedPage";
import { hasTyped, watchTyping } from "./lib/typing";

/** Milliseconds to wait for the page of the server. */
const PATIENCE = 8_000;

export const failedPage = shallowRef<FailedPage | null>(null);

async function isOutdated(): Promise<boolean> {
  const response = await fetch(new URL(base, location.href), { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) {
    throw new Error(`the server answered with status ${response.status}`);
  }
  return entryScript(new DOMParser().parseFromString(await response.text(), "text/html")) !== entryScript(document);
}

/** Loads the console again, at an address within it. */
export const loadAgain = (path: string): void => location.assign(base + path.slice(1));

const page = createFailedPage({ isOutdated, isTyped: hasTyped, load: loadAgain }, (failure) => {
  failedPage.value = failure;
});
export const dismissFailure = page.clear;
/** Opens the page if the server can be reached again. */
export const retryFailure = (path: string): Promise<void> => page.failed(path, false);

export function watchFailures(router: Router): void {
  let isNavigating = false;
  watchTyping();
  router.beforeEach(() => {
    isNavigating = true;
  });
  router.afterEach(() => {
    isNavigating = false;
    page.clear();
  });
  router.onError((error, to, from) => {
    isNavigating = false;
    console.error(error);
    void page.failed(to.fullPath, from.matched.length === 0);
  });
  // Parts that an open page loads later.
  addEventListener("vite:preloadError", () => {
    if (!isNavigating) {
      void page.failed(router.currentRoute.value.fullPath, true);
    }
  });
}
