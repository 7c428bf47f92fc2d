// The permissions in plain words.
import type { Permission } from "../gql/graphql";

interface Words {
  readonly label: string;
  readonly hint: string;
}

/** In the order of the schema. */
const WORDS: Record<Permission, Words> = {
  PREDICT: { label: "Run a classifier", hint: "Classify texts and tables with the served models" },
  MATCH_RESUME: { label: "Match a resume", hint: "Match a resume with a job posting, and rank many" },
  READ_MODELS: { label: "See the models", hint: "List the served models" },
  READ_JOBS: { label: "Search the jobs", hint: "Read and search the job catalogue" },
  WRITE_JOBS: { label: "Change the jobs", hint: "Add jobs to the catalogue and remove them" },
  READ_USERS: { label: "See all accounts", hint: "Read all accounts, with e-mail addresses and API keys" },
  MANAGE_USERS: { label: "Manage accounts", hint: "Enable, disable and remove accounts, and remove API keys" },
  MANAGE_ROLES: { label: "Manage roles", hint: "Assign roles to accounts, and change the permissions of roles" },
  READ_AUDIT: { label: "Read the audit trail", hint: "See who did what, and what was refused" },
};

export const PERMISSIONS = Object.keys(WORDS) as Permission[];

/** The permission in plain words. One of a newer server, which has no words here, is named as in the API. */
export const permissionLabel = (permission: Permission): string => (WORDS[permission] as Words | undefined)?.label ?? permission;

export const permissionHint = (permission: Permission): string => (WORDS[permission] as Words | undefined)?.hint ?? "";
