import { describe, expect, it } from "vitest";

import { another, done, open, pass, server, setUp, signedIn } from "./session-setup";

setUp();

describe("renewal", () => {
  it("restores a session whose access cookie has expired, without a state of being signed out", async () => {
    await signedIn();
    expect(server.access).not.toBeNull();
    server.access = null;
    const tab = open();
    const seen: string[] = [];
    const checked = tab.check().then(() => seen.push(tab.state.status));
    for (let step = 0; step < 20; step += 1) {
      seen.push(tab.state.status);
      await pass(1);
    }
    await checked;
    expect(new Set(seen)).toEqual(new Set(["unknown", "signed-in"]));
  });

  it("happens once for all tabs, before the cookie expires", async () => {
    const tabs = [await signedIn(), await another(), await another()];
    for (let round = 1; round <= 5; round += 1) {
      await pass(840_000 + 100);
      expect(server.refreshes).toBe(round);
    }
    expect(tabs.map(({ state }) => state.status)).toEqual(["signed-in", "signed-in", "signed-in"]);
    expect(tabs.every(({ state }) => state.isConnected)).toBe(true);
  });

  it("leaves one stream in each tab", async () => {
    await signedIn();
    await another();
    await pass(5 * 840_000 + 1_000);
    expect(server.streams.size).toBe(2);
  });

  it("works with the shortest lifetimes", async () => {
    server.accessSeconds = 1;
    const tab = await signedIn();
    await pass(30_000);
    expect(tab.state).toMatchObject({ status: "signed-in", isConnected: true });
    expect(server.refreshes).toBeGreaterThan(20);
    expect(server.refreshes).toBeLessThan(100);
  });

  it("is not repeated for requests that were refused at the same time", async () => {
    const tab = await signedIn();
    await pass(1_000);
    const now = Date.now();
    const outcomes = await done(Promise.all([tab.renew(now), tab.renew(now), tab.renew(now + 1)]));
    expect(outcomes).toEqual(["renewed", "renewed", "renewed"]);
    expect(server.refreshes).toBe(1);
  });

  it("tells an unreachable server from an ended session", async () => {
    const tab = await signedIn();
    await pass(1_000);
    server.stop();
    expect(await done(tab.renew(Date.now()))).toBe("unreachable");
    expect(tab.state.status).toBe("signed-in");
  });

  it("is tried again after a failure, so that the session survives", async () => {
    const tab = await signedIn();
    await pass(838_000);
    server.stop();
    await pass(10_000);
    expect(tab.state).toMatchObject({ status: "signed-in", isConnected: false });
    server.isUp = true;
    await pass(5_000);
    expect(tab.state).toMatchObject({ status: "signed-in", isConnected: true });
    await pass(1_000_000);
    expect(tab.state.status).toBe("signed-in");
  });

  it("prepares a stream that may take long, and only then", async () => {
    const tab = await signedIn();
    await done(tab.freshen());
    expect(server.refreshes).toBe(0);
    await pass(300_000);
    await done(tab.freshen());
    expect(server.refreshes).toBe(1);
  });
});
