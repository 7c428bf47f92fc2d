// The roles of the server and changes to them. What is shown is what the server has answered.
import { computed, reactive, ref, watch } from "vue";

import { messageFor, otherMessages, problemOf, type UserProblem } from "../api/errors";
import { mutate, query } from "../api/client";
import { can } from "../api/session";
import type { AdminRoleFragment, Permission } from "../gql/graphql";
import { useLoader } from "../lib/useLoader";
import { PUT_ROLE, ROLE_MEMBERS, ROLES } from "./operations";
import { PERMISSIONS, permissionLabel } from "./permissions";

/** The requests at a time that count the accounts of roles. */
const COUNTS_AT_A_TIME = 4;

const messages = (errors: readonly UserProblem[], name: string): string =>
  `${messageFor(errors, name)} ${otherMessages(errors, [name])}`.trim();

export function useRoles() {
  const { data: roles, problem, load } = useLoader(async (signal) => (await query(ROLES, {}, signal)).roles);
  /** The number of accounts of each role. */
  const members = reactive(new Map<string, number>());
  /** The boxes whose change the server has not answered yet, as `ROLE PERMISSION`. */
  const pending = reactive(new Set<string>());
  /** The error of the last change of each role. */
  const errors = reactive(new Map<string, string>());
  const message = ref("");
  const turns = new Map<string, Promise<void>>();

  /** All permissions, also those of a newer server that only the roles name. */
  const permissions = computed<readonly Permission[]>(() => [...new Set([...PERMISSIONS, ...(roles.value ?? []).flatMap((role) => role.permissions)])]);

  function replace(changed: AdminRoleFragment): void {
    const others = (roles.value ?? []).filter(({ name }) => name !== changed.name);
    roles.value = [...others, changed].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  const isPending = (role: string, permission: Permission): boolean => pending.has(`${role} ${permission}`);

  /** Gives a role a permission or takes it. Changes of one role are sent one after the other, each with the complete list. */
  function set(name: string, permission: Permission, isOn: boolean): void {
    const key = `${name} ${permission}`;
    if (pending.has(key)) {
      return;
    }
    pending.add(key);
    errors.delete(name);
    const turn = (turns.get(name) ?? Promise.resolve()).then(() => put(name, permission, isOn)).finally(() => pending.delete(key));
    turns.set(name, turn);
  }

  async function put(name: string, permission: Permission, isOn: boolean): Promise<void> {
    const held = roles.value?.find((role) => role.name === name)?.permissions ?? [];
    const next = isOn ? [...held, permission] : held.filter((other) => other !== permission);
    try {
      const { putRole } = await mutate(PUT_ROLE, { name, permissions: next });
      if (putRole.role) {
        replace(putRole.role);
        message.value = `${name} ${isOn ? "now grants" : "no longer grants"} "${permissionLabel(permission)}".`;
      } else {
        errors.set(name, messages(putRole.errors, "permissions"));
      }
    } catch (error) {
      errors.set(name, problemOf(error).message);
    }
  }

  /** Creates a role without permissions. Returns the error; empty on success. */
  async function create(name: string): Promise<string> {
    try {
      // `putRole` would replace the permissions of a role that another person has created meanwhile.
      const { roles: known } = await query(ROLES, {});
      if (known.some((role) => role.name === name)) {
        roles.value = known;
        return "A role with this name exists.";
      }
      const { putRole } = await mutate(PUT_ROLE, { name, permissions: [] });
      if (putRole.role) {
        replace(putRole.role);
        members.set(name, 0);
        message.value = `The role ${name} was created. It has no permissions yet.`;
      }
      return messages(putRole.errors, "name");
    } catch (error) {
      return problemOf(error).message;
    }
  }

  function removed(name: string): void {
    roles.value = (roles.value ?? []).filter((role) => role.name !== name);
    message.value = `The role ${name} was removed.`;
  }

  async function countMembers(names: readonly string[]): Promise<void> {
    const open = [...names];
    const worker = async (): Promise<void> => {
      for (let role = open.shift(); role !== undefined; role = open.shift()) {
        members.set(role, (await query(ROLE_MEMBERS, { role })).users.totalCount);
      }
    };
    // Without an answer, the number is absent.
    await Promise.allSettled(Array.from({ length: COUNTS_AT_A_TIME }, worker));
  }
  watch(roles, (loaded, before) => {
    if (loaded && !before && can("READ_USERS")) {
      void countMembers(loaded.map(({ name }) => name));
    }
  });

  return { roles, problem, load, members, permissions, errors, message, isPending, set, create, removed };
}

export type Roles = ReturnType<typeof useRoles>;
