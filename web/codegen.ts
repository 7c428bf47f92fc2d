import type { CodegenConfig } from "@graphql-codegen/cli";

// The types of the operations in src/, from the schema that the server prints.
const config: CodegenConfig = {
  schema: "../schema.graphql",
  documents: ["src/**/*.vue", "src/**/*.ts", "!src/gql/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { DateTime: "string", JSON: "unknown" },
        nullability: { errorHandlingClient: true },
      },
    },
    "src/gql/guarded-fields.ts": { plugins: ["./scripts/guarded-fields.mjs"] },
  },
};

export default config;
