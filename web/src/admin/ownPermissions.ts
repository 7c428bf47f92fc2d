// The permissions that a person would take from the own account with a change of roles.
import type { Permission } from "../gql/graphql";

/** The permissions held now that none of the roles grants any more. */
export function lostPermissions(held: readonly Permission[], roles: readonly (readonly Permission[])[]): readonly Permission[] {
  const kept = new Set(roles.flat());
  return held.filter((permission) => !kept.has(permission));
}
