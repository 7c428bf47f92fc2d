// A page whose scripts could not be loaded. After an upgrade of the server, those of the version in this tab are gone.

/** `offline`: the server cannot be reached. `outdated`: the server has another version of the console than this tab. */
export type FailureKind = "offline" | "outdated" | "failed";

export interface FailedPage {
  /** The address that was asked for, within the console. */
  readonly path: string;
  readonly kind: FailureKind;
  /** Whether the person has entered something since the console was loaded. */
  readonly isTyped: boolean;
}

interface Browser {
  /** Whether the server has another version of the console; fails if it cannot be reached. */
  isOutdated(): Promise<boolean>;
  isTyped(): boolean;
  /** Loads the console again, at this address. */
  load(path: string): void;
}

export function createFailedPage(browser: Browser, show: (page: FailedPage | null) => void) {
  let attempt = 0;
  return {
    /**
     * Finds out the reason. If the server can be reached, the console is loaded again at the address, because browsers and
     * Vite do not fetch a script or a style again that has failed. Not if that would lose what was typed, nor if the console
     * was loaded for this page just now: loading it again would not help.
     */
    async failed(path: string, isFirst: boolean): Promise<void> {
      attempt += 1;
      const own = attempt;
      const kind = await browser.isOutdated().then(
        (isOutdated): FailureKind => (isOutdated ? "outdated" : "failed"),
        (): FailureKind => "offline",
      );
      if (own !== attempt) {
        return;
      }
      const isTyped = browser.isTyped();
      if (kind !== "offline" && !isFirst && !isTyped) {
        browser.load(path);
      } else {
        show({ path, kind, isTyped });
      }
    },
    /** Another page was opened, or the notice was dismissed. */
    clear(): void {
      attempt += 1;
      show(null);
    },
  };
}

/** The name of the entry script of a page of the console, which differs with each version. */
export function entryScript(document: Pick<Document, "querySelector">): string | undefined {
  return document.querySelector("script[type=module][src]")?.getAttribute("src")?.split("/").at(-1);
}
