// The explanation of an access decision as steps: role, permission, decision.
import type { AdminUserAccessQuery, Permission } from "../gql/graphql";
import { permissionLabel } from "./permissions";

export type UserAccess = NonNullable<AdminUserAccessQuery["userAccess"]>;

export interface Step {
  /** Whether the step allows the access, prevents it, or neither. */
  readonly kind: "yes" | "no" | "note";
  readonly text: string;
}

export interface Explanation {
  /** Null if the decision depends on something that only a request shows. */
  readonly allowed: boolean | null;
  readonly steps: readonly Step[];
  /** The conclusion, in one sentence. */
  readonly conclusion: string;
  /** A way to allow a refused access; empty if there is nothing to say. */
  readonly remedy: string;
}

export interface Question {
  readonly username: string;
  /** Whether an external identity provider manages the account and gives it its roles. */
  readonly isExternal: boolean;
  readonly access: UserAccess;
  /** All roles; null if the reader may not see them. */
  readonly roles: readonly { readonly name: string; readonly permissions: readonly Permission[] }[] | null;
}

/** Names as a sentence lists them: "A", "A or B", "A, B or C". */
export function alternatives(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

export function explain({ username, isExternal, access, roles }: Question): Explanation {
  const { allowed, requires = null } = access.decision;
  const granting = access.roles.filter(({ grants }) => grants);
  const others = access.roles.filter(({ grants }) => !grants);
  const steps: Step[] = [];

  if (!access.enabled) {
    steps.push({ kind: "no", text: "The account is disabled, so every request of it is refused." });
  }
  if (requires === null) {
    steps.push({ kind: "yes", text: "Needs no permission: a sign-in is enough." });
    return conclude(access.enabled, steps, username, access.enabled ? "" : `Enable the account.`);
  }
  const label = permissionLabel(requires);
  steps.push({ kind: "note", text: `Needs the permission "${label}".` });
  if (isExternal) {
    steps.push({ kind: "note", text: "An identity provider gives this account its roles with each sign-in, so they are not known here." });
    const conclusion = access.enabled
      ? `Allowed whenever the roles that the identity provider gives grant "${label}".`
      : `Not allowed: ${username} is disabled.`;
    return { allowed: access.enabled ? null : false, steps, conclusion, remedy: access.enabled ? "" : "Enable the account." };
  }
  steps.push(...granting.map(({ role }): Step => ({ kind: "yes", text: `Role ${role} grants "${label}".` })));
  if (others.length > 0) {
    const names = others.map(({ role }) => role).join(", ");
    const text = others.length === 1 ? `Role ${names} does not grant it.` : `Roles ${names} do not grant it.`;
    steps.push({ kind: allowed || granting.length > 0 ? "note" : "no", text });
  }
  if (access.roles.length === 0) {
    steps.push({ kind: "no", text: "The account has no roles." });
  }
  if (allowed && granting.length === 0) {
    steps.push({ kind: "yes", text: "Owners may read this of their own account. For other accounts, the permission is missing." });
  }
  return conclude(allowed, steps, username, allowed ? "" : remedy(access, requires, granting.length > 0, roles));
}

function conclude(allowed: boolean, steps: readonly Step[], username: string, text: string): Explanation {
  return { allowed, steps, conclusion: allowed ? `Allowed: ${username} may do this.` : `Not allowed: ${username} may not do this.`, remedy: text };
}

function remedy(access: UserAccess, requires: Permission, isGranted: boolean, roles: Question["roles"]): string {
  const ways: string[] = access.enabled ? [] : ["Enable the account."];
  if (!isGranted) {
    const able = roles?.filter(({ permissions }) => permissions.includes(requires)).map(({ name }) => name);
    ways.push(
      able === undefined
        ? `A person with the permission "${permissionLabel("MANAGE_ROLES")}" can assign a role that grants it.`
        : `Missing: "${permissionLabel(requires)}". ${able.length === 1 ? "The role" : "A role"} that grants it: ${alternatives(able)}.`,
    );
  }
  return ways.join(" ");
}
