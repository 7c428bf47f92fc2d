// Notes about built-in roles, and names of new ones.
import type { AdminRoleFragment } from "../gql/graphql";

const NOTES: Record<string, string> = {
  ADMIN: "Always has every permission",
  USER: "Every account gets it at registration",
  GUEST: "Visitors who are not signed in",
};

/** The note about a built-in role; empty for others. */
export const roleNote = (role: Pick<AdminRoleFragment, "name" | "builtIn">): string => (role.builtIn ? (NOTES[role.name] ?? "Built in") : "");

/** Whether the permissions of the role can be changed. */
export const isFixed = (role: Pick<AdminRoleFragment, "name" | "builtIn">): boolean => role.builtIn && role.name === "ADMIN";

/** The name of a role as the server accepts it: capital letters, and `_` in place of spaces and dashes. */
export const roleName = (typed: string): string => typed.trim().toUpperCase().replace(/[\s-]+/gu, "_");
