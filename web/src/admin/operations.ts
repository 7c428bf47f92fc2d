// The operations of the pages under /admin.
import { graphql } from "../gql";

graphql(`
  fragment AdminUser on User { id username email roles enabled createdAt updatedAt }
  fragment AdminEvent on AuditEvent {
    id at action refusal actor subject session address field model weightsDigest cost milliseconds
  }
  fragment AdminRole on Role { name permissions builtIn updatedAt }
`);

export const USERS = graphql(`
  query AdminUsers($first: Int!, $after: String, $filter: UserFilter, $orderBy: UserOrder) {
    users(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { ...AdminUser }
    }
  }
`);

export const USER = graphql(`
  query AdminUserPage($id: ID!) {
    user(id: $id) { ...AdminUser apiKeys { id name roles createdAt expiresAt lastUsedAt } }
  }
`);

export const USER_CREDENTIALS = graphql(`
  query AdminUserCredentials($id: ID!) { user(id: $id) { sessionCount apiKeys { expiresAt lastUsedAt } } }
`);

export const USER_ACCESS = graphql(`
  query AdminUserAccess($id: ID!, $field: String!, $withAudit: Boolean!) {
    userAccess(id: $id, field: $field) {
      enabled
      decision { field allowed requires }
      roles { role permissions grants }
      lastChange @include(if: $withAudit) { ...AdminEvent }
    }
  }
`);

export const TOGGLE_USER = graphql(`
  mutation AdminToggleUser($input: ToggleUserInput!) {
    toggleUser(input: $input) { user { ...AdminUser } endedSessions errors { code message path } }
  }
`);

export const SET_USER_ROLES = graphql(`
  mutation AdminSetUserRoles($input: SetUserRolesInput!) {
    setUserRoles(input: $input) { user { ...AdminUser } errors { code message path } }
  }
`);

export const REMOVE_USER = graphql(`
  mutation AdminRemoveUser($input: RemoveUserInput!) {
    removeUser(input: $input) { removedUserId errors { code message path } }
  }
`);

export const REMOVE_KEY = graphql(`
  mutation AdminRemoveApiKey($id: ID!) { removeApiKey(id: $id) { removedApiKeyId errors { code message path } } }
`);

export const ROLES = graphql(`query AdminRoles { roles { ...AdminRole } }`);

export const ROLE_MEMBERS = graphql(`
  query AdminRoleMembers($role: String!) { users(first: 100, filter: { role: $role }) { totalCount nodes { apiKeys { roles } } } }
`);

export const PUT_ROLE = graphql(`
  mutation AdminPutRole($name: String!, $permissions: [Permission!]!) {
    putRole(name: $name, permissions: $permissions) { role { ...AdminRole } errors { code message path } }
  }
`);

export const REMOVE_ROLE = graphql(`
  mutation AdminRemoveRole($name: String!) { removeRole(name: $name) { removedRole errors { code message path } } }
`);

export const AUDIT_EVENTS = graphql(`
  query AdminAuditEvents($first: Int!, $after: String, $filter: AuditEventFilter) {
    auditEvents(first: $first, after: $after, filter: $filter) {
      pageInfo { hasNextPage endCursor }
      nodes { ...AdminEvent }
    }
  }
`);
