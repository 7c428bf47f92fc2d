// The data of the account page.
import { onMounted, ref, watch } from "vue";

import { query } from "../../api/client";
import { type Problem, problemOf } from "../../api/errors";
import { session } from "../../api/session";
import { graphql } from "../../gql";
import type { AccountOverviewQuery } from "../../gql/graphql";

const OVERVIEW = graphql(`
  query AccountOverview {
    viewer {
      user {
        id username email roles createdAt
        apiKeys { id name roles createdAt expiresAt lastUsedAt }
      }
      permissions
      sessions { id createdAt lastSeenAt expiresAt userAgent address current }
      quota { limit used resetsAt }
    }
  }
`);

export type Account = NonNullable<AccountOverviewQuery["viewer"]>;
export type AccountSession = Account["sessions"][number];
export type ApiKey = Account["user"]["apiKeys"][number];

export function useAccount() {
  const account = ref<Account | null>(null);
  const problem = ref<Problem | null>(null);
  let last = 0;

  /** Loads the data; the present data stays until the answer has arrived, and if it fails. */
  async function load(): Promise<void> {
    last += 1;
    const own = last;
    try {
      const { viewer } = await query(OVERVIEW, {});
      if (own === last && viewer) {
        account.value = viewer;
        problem.value = null;
      }
    } catch (error) {
      if (own === last) {
        problem.value = problemOf(error);
      }
    }
  }

  onMounted(load);
  // After the server was away, or the person has signed in again.
  watch(
    () => session.isConnected && session.status === "signed-in",
    (isUsable) => isUsable && load(),
  );
  return { account, problem, load };
}
