// A page that shows a prediction and the accounts. It compiles only against a schema that has both.
import { graphql } from "relay-runtime";

import * as documents from "./gql/graphql.js";

export const prediction = documents.AllowedDocument;
export const accounts = documents.RefusedDocument;

export const query = graphql`
  query pageQuery {
    users(first: 1) {
      nodes {
        username
      }
    }
  }
`;

export function names({ users }: documents.RefusedQuery): readonly string[] {
  return users?.nodes.map(({ username }) => username) ?? [];
}
