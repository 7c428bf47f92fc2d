import { describe, expect, it } from "vitest";

import { another, done, open, pass, server, setUp, signedIn } from "./session-setup";

setUp();

describe("signing in", () => {
  it("begins as a guest and reports wrong credentials", async () => {
    const tab = await another();
    expect(tab.state.status).toBe("guest");
    expect(await done(tab.signIn("ann", "wrong"))).toMatchObject({ outcome: "refused", errors: [{ code: "INVALID_CREDENTIALS" }] });
    expect(tab.state.status).toBe("guest");
  });

  it("signs in the other tabs of the browser", async () => {
    const second = await another();
    await signedIn();
    await pass(50);
    expect(second.state).toMatchObject({ status: "signed-in", viewer: { user: { id: "ann" } } });
  });

  it("reports that the browser kept no cookies", async () => {
    server.keepsCookies = false;
    const tab = await another();
    expect(await done(tab.signIn("ann", "ann-password"))).toEqual({ outcome: "not-kept" });
    expect(tab.state.status).toBe("guest");
  });
});

describe("the end of a session", () => {
  it("is reported within a second in every tab, with the account kept", async () => {
    const tabs = [await signedIn(), await another()];
    await pass(5_000);
    server.endSession(server.refresh);
    await pass(900);
    for (const { state } of tabs) {
      expect(state).toMatchObject({ status: "ended", ended: "revoked", viewer: { user: { id: "ann" } } });
    }
  });

  it("is reported as soon as the server names it, without a request", async () => {
    const tab = await signedIn();
    await pass(5_000);
    server.isUp = false;
    server.endSession(server.refresh);
    expect(tab.state).toMatchObject({ status: "ended", ended: "revoked", isConnected: true });
  });

  it("says that the account was disabled, as the server names it", async () => {
    const tab = await signedIn();
    await pass(5_000);
    server.endStreams(server.refresh, "disabled");
    expect(tab.state).toMatchObject({ status: "ended", ended: "disabled" });
  });

  it("says that the account was disabled if only the renewal tells it", async () => {
    const tabs = [await signedIn(), await another()];
    await pass(5_000);
    server.stop();
    server.disabled.add(server.refresh ?? "");
    server.sessions.clear();
    await pass(3_600_000);
    expect(tabs[0]?.state).toMatchObject({ status: "signed-in", isConnected: false });
    server.isUp = true;
    await pass(10_000);
    for (const { state } of tabs) {
      expect(state).toMatchObject({ status: "ended", ended: "disabled", viewer: { user: { id: "ann" } } });
    }
  });

  it("is taken back if a request shows that the session continues", async () => {
    const tab = await signedIn();
    await pass(5_000);
    server.endStreams(server.refresh, "ended");
    expect(tab.state.status).toBe("ended");
    await pass(100);
    expect(tab.state).toMatchObject({ status: "signed-in", ended: null });
    expect(server.streams.size).toBe(1);
  });

  it("says that the person signed out in another tab", async () => {
    const [first, second] = [await signedIn(), await another()];
    await done(first.signOut(false));
    await pass(100);
    expect(first.state).toMatchObject({ status: "guest", viewer: null, ended: null });
    expect(second.state).toMatchObject({ status: "ended", ended: "signed-out" });
  });

  it("says that the account was erased in another tab", async () => {
    const [first, second] = [await signedIn(), await another()];
    await done(
      first.endBy("erased", async () => {
        server.endSession(server.refresh);
        return true;
      }),
    );
    await pass(100);
    expect(second.state.ended).toBe("erased");
  });

  it("does not happen when the work fails", async () => {
    const tab = await signedIn();
    expect(await done(tab.endBy("erased", async () => false))).toBe(false);
    await pass(100);
    expect(tab.state.status).toBe("signed-in");
    expect(server.streams.size).toBe(1);
  });

  it("fails to sign out while the server cannot be reached, and keeps the session", async () => {
    const tab = await signedIn();
    server.stop();
    await expect(done(tab.signOut(false).catch((error: Error) => error.message))).resolves.toBe("unreachable");
    server.isUp = true;
    await pass(10_000);
    expect(tab.state).toMatchObject({ status: "signed-in", isConnected: true });
  });

  it("says that it has expired", async () => {
    server.sessionSeconds = 600;
    server.accessSeconds = 600;
    const tab = await signedIn();
    await pass(601_000);
    expect(tab.state).toMatchObject({ status: "ended", ended: "expired" });
  });

  it("is over when the same person signs in again, here or in another tab", async () => {
    const [first, second] = [await signedIn(), await another()];
    server.endSession(server.refresh);
    await pass(1_000);
    first.dismiss();
    expect(first.state).toMatchObject({ status: "ended", isDismissed: true });
    expect(await done(second.signIn("ann", "ann-password"))).toEqual({ outcome: "signed-in" });
    await pass(100);
    expect([first.state.status, second.state.status]).toEqual(["signed-in", "signed-in"]);
    await pass(2_000_000);
    expect([first.state.status, second.state.status]).toEqual(["signed-in", "signed-in"]);
  });

  it("is forgotten when the page is left", async () => {
    const tab = await signedIn();
    server.endSession(server.refresh);
    await pass(1_000);
    tab.forget();
    expect(tab.state).toMatchObject({ status: "guest", viewer: null, ended: null });
  });
});

describe("another person in another tab", () => {
  it("does not take over the page, whose requests stop", async () => {
    const first = await signedIn("ann");
    await pass(2_000);
    const second = await another();
    await done(second.signOut(false));
    await done(second.signIn("bob", "bob-password"));
    await pass(100);
    expect(first.state).toMatchObject({ status: "ended", ended: "replaced", replacedBy: "bob", viewer: { user: { id: "ann" } } });
    expect(await first.isOwn()).toBe(false);
    expect(await done(first.renew(Date.now()))).toBe("ended");
    expect(second.state).toMatchObject({ status: "signed-in", viewer: { user: { id: "bob" } } });
  });

  it("is noticed by a request before the message arrives", async () => {
    const first = await signedIn("ann");
    const second = await another();
    void second.signIn("bob", "bob-password");
    await pass(6);
    const isOwn = first.isOwn();
    await pass(20);
    expect(await isOwn).toBe(false);
  });

  it("signs out again: the page says so", async () => {
    const first = await signedIn("ann");
    const second = await another();
    await done(second.signIn("bob", "bob-password"));
    expect(second.state.ended).toBe("replaced");
    const third = await another();
    expect(first.state).toMatchObject({ ended: "replaced" });
    await done(third.signOut(false));
    await pass(100);
    expect(first.state).toMatchObject({ status: "ended", ended: "signed-out", replacedBy: null });
    expect(await done(first.signIn("ann", "ann-password"))).toEqual({ outcome: "signed-in" });
  });

  it("is told when it happens in this tab", async () => {
    const tab = await signedIn("ann");
    server.endSession(server.refresh);
    await pass(1_000);
    expect(await done(tab.signIn("bob", "bob-password"))).toEqual({ outcome: "other-person" });
  });

  it("does not get the cookies of the first back by a renewal that is under way", async () => {
    const first = await signedIn("ann");
    const second = await another();
    await pass(1_000);
    const renewal = first.renew(Date.now());
    const login = second.signIn("bob", "bob-password");
    await done(Promise.all([renewal, login]));
    expect(server.refresh).toBe("bob-2");
  });
});

describe("a server that goes away", () => {
  it("is reported, and reached again when it is back", async () => {
    const tab = await signedIn();
    await pass(5_000);
    server.stop();
    await pass(1_000);
    expect(tab.state).toMatchObject({ status: "signed-in", isConnected: false });
    await pass(60_000);
    server.isUp = true;
    await pass(5_000);
    expect(tab.state).toMatchObject({ status: "signed-in", isConnected: true });
    expect(server.streams.size).toBe(1);
  });

  it("is waited for when a page is loaded", async () => {
    await signedIn();
    server.stop();
    const tab = open();
    await done(tab.check());
    expect(tab.state).toMatchObject({ status: "unknown", isConnected: false });
    server.isUp = true;
    await pass(5_000);
    expect(tab.state).toMatchObject({ status: "signed-in", isConnected: true });
  });
});
