// Generates src/gql from the schema and the documents with the client preset of @graphql-codegen, as its command line does,
// which depends on 250 more packages. relay-compiler runs after it and requires its manifest and its folder to exist.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { addTypenameSelectionDocumentTransform, preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import { buildASTSchema, parse } from "graphql";

const schema = parse(readFileSync("../../../schema.graphql", "utf8"));
const documents = ["../documents.graphql", "../follow.graphql"].map((location) => {
  const rawSDL = readFileSync(location, "utf8");
  return { location, document: parse(rawSDL), rawSDL };
});
const sections = await preset.buildGeneratesSection({
  baseOutputDir: "src/gql/",
  schema,
  schemaAst: buildASTSchema(schema),
  documents,
  // Apollo's cache needs type names; a document that is identified by its hash must contain them.
  documentTransforms: [{ name: "typename", transformObject: addTypenameSelectionDocumentTransform, config: {} }],
  plugins: [],
  pluginMap: {},
  presetConfig: {
    fragmentMasking: { unmaskFunctionName: "getFragmentData" },
    persistedDocuments: { mode: "embedHashInDocument", hashAlgorithm: "sha256" },
  },
  config: {
    useTypeImports: true,
    strictScalars: true,
    defaultScalarType: "unknown",
    scalars: { DateTime: "string", JSON: "unknown" },
    importExtension: ".js",
    // Every client here throws if a response has errors, so a field with @semanticNonNull is never read as null.
    nullability: { errorHandlingClient: true },
  },
});
// Sequentially: some sections depend on those before them.
for (const section of sections) {
  mkdirSync(dirname(section.filename), { recursive: true });
  writeFileSync(section.filename, await codegen(section));
}

// It adds only newly generated documents to the manifest.
rmSync("src/relay/__generated__", { recursive: true, force: true });
mkdirSync("src/relay/__generated__", { recursive: true });
writeFileSync("relay-documents.json", "{}");
