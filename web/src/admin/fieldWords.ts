// The guarded fields of the API in plain words, for questions such as "Why can Ann do this?".
import { GUARDED_FIELDS, type GuardedField } from "../gql/guarded-fields";
import { permissionLabel } from "./permissions";

const WORDS: Record<string, string> = {
  "Mutation.addJobs": "Add jobs to the catalogue",
  "Mutation.changePassword": "Change their own password",
  "Mutation.createApiKey": "Create their own API keys",
  "Mutation.endSession": "End their own sessions",
  "Mutation.eraseMe": "Erase their own account",
  "Mutation.putRole": "Create and change roles",
  "Mutation.removeApiKey": "Remove their own API keys",
  "Mutation.removeJob": "Remove jobs from the catalogue",
  "Mutation.removeRole": "Remove roles",
  "Mutation.removeUser": "Remove accounts",
  "Mutation.setUserRoles": "Assign roles to accounts",
  "Mutation.toggleUser": "Enable and disable accounts",
  "Query.auditEvents": "Read the audit trail",
  "Query.exportMyData": "Export their own data",
  "Query.job": "Open a job of the catalogue",
  "Query.jobs": "List the job catalogue",
  "Query.matchResume": "Match a resume with a job posting",
  "Query.models": "See the models",
  "Query.predict": "Run a classifier",
  "Query.rankJobs": "Rank job postings for a resume",
  "Query.rankResumes": "Rank resumes for a job posting",
  "Query.rescoreMatch": "Score a match again with other settings",
  "Query.roles": "See all roles",
  "Query.searchJobs": "Search the job catalogue",
  "User.sessionCount": "See how many sessions an account has",
  "Query.user": "Open an account",
  "Query.userAccess": "See why an account may do something",
  "Query.users": "List and search the accounts",
  "RankedMatch.job": "See the catalogue's job in a ranking",
  "Subscription.rankJobsProgress": "Follow the ranking of job postings",
  "Subscription.rankResumesProgress": "Follow the ranking of resumes",
  "User.apiKeys": "See the API keys of an account",
  "User.email": "See the e-mail address of an account",
  "UserAccess.lastChange": "See who last changed what an account may do",
  "Viewer.sessions": "See their own sessions",
};

export interface FieldWords extends GuardedField {
  readonly label: string;
}

/** All guarded fields, ordered by their words. A field without words has its description. */
export const FIELDS: readonly FieldWords[] = GUARDED_FIELDS.map((field) => ({
  ...field,
  label: WORDS[field.name] ?? (field.description || field.name),
})).sort((a, b) => a.label.localeCompare(b.label, "en"));

export const fieldLabel = (name: string): string => WORDS[name] ?? name;

/** The fields whose words, name, description or permission contain every word of the search text. */
export function searchFields(text: string, fields: readonly FieldWords[] = FIELDS): readonly FieldWords[] {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  return fields.filter((field) => {
    const permission = field.permission ? `${field.permission} ${permissionLabel(field.permission)}` : "";
    const haystack = `${field.label} ${field.name} ${field.description} ${permission}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}
