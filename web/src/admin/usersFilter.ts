// The filters and the order of the page of accounts, as the API takes them.
import type { OrderDirection, UserFilter, UserOrderField } from "../gql/graphql";

export type StateFilter = "any" | "enabled" | "disabled";

export interface View {
  search: string;
  state: StateFilter;
  /** The name of a role; empty for any. */
  role: string;
  order: { field: UserOrderField; direction: OrderDirection };
}

export function filterOf({ search, state, role }: View): UserFilter {
  return {
    ...(search.trim() && { search: search.trim() }),
    ...(state !== "any" && { enabled: state === "enabled" }),
    ...(role && { role }),
  };
}

/** The order after a press on the head of a column: that column, or the other direction. */
export function orderBy({ field, direction }: View["order"], pressed: UserOrderField): View["order"] {
  return { field: pressed, direction: field === pressed && direction === "ASC" ? "DESC" : "ASC" };
}
