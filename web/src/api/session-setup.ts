// Tabs of one browser at one server, for the tests of the session's logic. The clock is the test's.
import { afterEach, beforeEach, expect, vi } from "vitest";

import { createSession } from "./session-core";
import { FakeBrowser, FakeServer } from "./session-fakes";

export let server: FakeServer;
export let browser: FakeBrowser;
export const open = () => createSession(server.tab(), browser.tab());
export const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** Awaits while the clock runs. */
export async function done<T>(work: Promise<T>): Promise<T> {
  const [result] = await Promise.all([work, pass(100)]);
  return result;
}

export async function another() {
  const tab = open();
  await done(tab.check());
  return tab;
}

export async function signedIn(name = "ann") {
  const tab = await another();
  expect(await done(tab.signIn(name, `${name}-password`))).toEqual({ outcome: "signed-in" });
  return tab;
}

/** Begins each test of the file with a new server and a new browser. */
export function setUp(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    browser = new FakeBrowser();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
