// The data of the account page.
import { query } from "../../api/client";
import { graphql } from "../../gql";
import type { AccountOverviewQuery } from "../../gql/graphql";
import { useLoader } from "../../lib/useLoader";

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
  // Without a viewer, the session has ended: what is shown stays, and the frame of the page says why.
  const read = async (signal: AbortSignal): Promise<Account | undefined> => (await query(OVERVIEW, {}, signal)).viewer ?? undefined;
  const { data: account, problem, load } = useLoader(read, { isRenewed: true });
  void load();
  return { account, problem, load };
}
