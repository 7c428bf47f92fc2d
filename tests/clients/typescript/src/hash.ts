// The hash that @graphql-codegen puts into a document and the manifest.
import type { DocumentNode } from "graphql";

export function hashOf(document: DocumentNode): string {
  const meta = "__meta__" in document ? document.__meta__ : undefined;
  if (typeof meta === "object" && meta && "hash" in meta && typeof meta.hash === "string") {
    return meta.hash;
  }
  throw new Error("the document was not generated with persistedDocuments");
}
