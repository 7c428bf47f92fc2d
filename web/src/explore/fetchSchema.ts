// The schema of the server, from `/schema.graphql`.
import { CombinedError } from "@urql/core";
import { type DocumentNode, parse } from "graphql";

import { send } from "../api/client";
import { base } from "../lib/base";

/**
 * Fetches the schema, or the part that a role may use; `mine` stands for the roles of the caller. Null if the server does not
 * publish it: its setting `introspection` is off.
 */
export async function fetchSchema(role?: "mine" | "GUEST"): Promise<DocumentNode | null> {
  const path = role ? `schema.graphql?role=${role}` : "schema.graphql";
  const response = await send(new URL(base + path, location.href), { headers: { "x-portcullis-csrf": "1" } }).catch((error: unknown) => {
    throw new CombinedError({ networkError: error instanceof Error ? error : new Error("no response") });
  });
  if (response.status === 404) {
    return null;
  }
  if (!response.ok) {
    throw new Error(`The server answered with status ${response.status}.`);
  }
  return parse(await response.text(), { noLocation: true });
}
