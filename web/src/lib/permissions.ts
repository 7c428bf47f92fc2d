// Permissions in plain words.
import type { Permission } from "../gql/graphql";

export const PERMISSION_WORDS: Record<Permission, string> = {
  PREDICT: "Run the classifiers",
  MATCH_RESUME: "Match and rank resumes and job postings",
  READ_MODELS: "See the models",
  READ_JOBS: "See and search the jobs",
  WRITE_JOBS: "Add and remove jobs",
  READ_USERS: "See all accounts",
  MANAGE_USERS: "Enable, disable and remove accounts",
  MANAGE_ROLES: "Change roles, and who has them",
  READ_AUDIT: "Read the audit trail",
};
