// The pages of accounts. Ids can contain any letters.

/** The path of the page of an account. */
export const userPath = (id: string): string => `/admin/users/${encodeURIComponent(id)}`;

/** The path of the audit page with the events of an account. */
export const auditPath = (id: string) => ({ path: "/admin/audit", query: { account: id } });

/** Whether an external identity provider manages the account. */
export const isExternal = (id: string): boolean => id.startsWith("~");
