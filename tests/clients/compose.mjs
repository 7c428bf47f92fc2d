// Composes a subgraph with another that extends its accounts and jobs; prints the hints and the composed types.
// node compose.mjs SDL_FILE
import { readFileSync } from "node:fs";
import { composeServices } from "@apollo/composition";
import { parse, print } from "graphql";

const notes = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])
  type Query { notes(first: Int!): NoteConnection! }
  type User @key(fields: "id") { id: ID! notes: [Note!]! }
  type Job @key(fields: "id") { id: ID! notes: [Note!]! }
  type Note { author: User! about: Job! text: String! }
  type NoteConnection { nodes: [Note!]! pageInfo: PageInfo! }
  type PageInfo @shareable { hasPreviousPage: Boolean! hasNextPage: Boolean! startCursor: String endCursor: String }
`;
const service = (name, sdl) => ({ name, url: `http://${name}.example`, typeDefs: parse(sdl) });
const { errors = [], hints = [], schema, supergraphSdl } = composeServices([
  service("portcullis", readFileSync(process.argv[2], "utf8")),
  service("notes", notes),
]);
if (errors.length > 0) {
  throw new AggregateError(errors, errors.map(String).join("\n"));
}
/** The fields of a type, as printed in the composed schema. */
const fields = (name) => {
  const { definitions } = parse(supergraphSdl);
  const type = definitions.find((definition) => definition.name?.value === name);
  return Object.fromEntries(type.fields.map((field) => [field.name.value, print({ ...field, description: undefined })]));
};
console.log(
  JSON.stringify({
    hints: hints.map(String),
    user: fields("User"),
    job: fields("Job"),
    roots: schema.schemaDefinition.roots().map((root) => root.type.name),
  }),
);
