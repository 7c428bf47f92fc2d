// Renewal of the cookies before they expire, once for all tabs.
import type { Renewal, SessionServer } from "./session-types";
import { type Lease, renewalDelay, type Tabs } from "./tabs";

/** The page whose session is renewed. */
interface Page {
  isSignedIn(): boolean;
  /** Whether the cookies are still those of the person of this page. */
  isOwn(): Promise<boolean>;
  /** The sign-in to which the page belongs, as in `Lease.login`. */
  login(): string | null;
  /** The cookies are new. */
  renewed(): void;
  /** The server has refused the renewal: the session has ended, perhaps because the account was disabled. */
  refused(isDisabled: boolean): void;
}

/** Not `randomUUID`, which is absent in pages that the browser does not consider secure. */
export const randomId = (): string => String(crypto.getRandomValues(new Uint32Array(2)));

export function createRenewal(server: Pick<SessionServer, "refresh">, tabs: Tabs, page: Page) {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function setLease(login: string, seconds: number): Promise<void> {
    const now = Date.now();
    return tabs.setLease({ login, renewedAt: now, until: now + seconds * 1000 });
  }

  function schedule(): void {
    clearTimeout(timer);
    const lease = tabs.lease();
    if (page.isSignedIn() && lease) {
      timer = setTimeout(() => void renewAhead(lease), renewalDelay(lease));
    }
  }

  /** Renews the cookie that is about to expire, unless another tab has. */
  async function renewAhead(lease: Lease): Promise<void> {
    const outcome = await renew(lease.renewedAt + 1);
    if (outcome === "renewed") {
      schedule();
    } else if (outcome === "unreachable" && page.isSignedIn()) {
      timer = setTimeout(() => void renewAhead(lease), 1_000);
    }
  }

  /** Renews the cookies of this page's person, unless any tab has done so since that time. */
  async function renew(since: number): Promise<Renewal> {
    return (await page.isOwn()) ? renewAny(since) : "ended";
  }

  /** As `renew`, if the cookies may belong to another person. */
  function renewAny(since: number): Promise<Renewal> {
    return tabs.exclusive(() => renewOnce(since)).catch(() => "unreachable" as const);
  }

  async function renewOnce(since: number): Promise<Renewal> {
    const lease = tabs.lease();
    if (lease && lease.renewedAt >= since && lease.until > Date.now()) {
      return "renewed";
    }
    const { expiresIn, errors } = await server.refresh();
    if (errors.length > 0 || !expiresIn) {
      void tabs.setLease(null);
      page.refused(errors.some(({ code }) => code === "ACCOUNT_DISABLED"));
      return "ended";
    }
    await setLease(lease?.login ?? page.login() ?? randomId(), expiresIn);
    tabs.post({ kind: "renewed" });
    page.renewed();
    return "renewed";
  }

  /** Renews the cookie if less than three quarters of its lifetime are left, for a stream that may take long. */
  async function freshen(): Promise<void> {
    const lease = tabs.lease();
    if (page.isSignedIn() && lease && (lease.until - Date.now()) / (lease.until - lease.renewedAt) < 0.75) {
      await renew(lease.renewedAt + 1);
    }
  }

  return {
    setLease,
    schedule,
    renew,
    renewAny,
    freshen,
    stop: () => clearTimeout(timer),
  };
}
