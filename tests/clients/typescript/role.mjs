// Generates a client of role/ from the schema in a folder, as generate.mjs does, and compiles it there. Prints the errors of
// each tool: of @graphql-codegen by document, of relay-compiler and of tsc. A document that @graphql-codegen refuses is
// left out of what tsc compiles.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import { buildSchema, parse, print } from "graphql";

const here = import.meta.dirname;
const folder = process.argv[2];
const sdl = readFileSync(join(folder, "schema.graphql"), "utf8");

async function generate(documents) {
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: join(folder, "gql/"),
    schema: parse(sdl),
    schemaAst: buildSchema(sdl),
    documents,
    plugins: [],
    pluginMap: {},
    presetConfig: { fragmentMasking: false },
    config: {
      useTypeImports: true,
      strictScalars: true,
      defaultScalarType: "unknown",
      scalars: { DateTime: "string", JSON: "unknown" },
      importExtension: ".js",
    },
  });
  for (const section of sections) {
    mkdirSync(dirname(section.filename), { recursive: true });
    writeFileSync(section.filename, await codegen(section));
  }
}

function run(program, ...parameters) {
  const { status, stdout, stderr } = spawnSync(join(here, "node_modules/.bin", program), parameters, {
    cwd: folder,
    encoding: "utf8",
  });
  return status === 0 ? null : stdout + stderr;
}

const errors = { codegen: {} };
const accepted = [];
for (const definition of parse(readFileSync(join(here, "role/documents.graphql"), "utf8")).definitions) {
  const document = { kind: "Document", definitions: [definition] };
  const source = { location: `${definition.name.value}.graphql`, document, rawSDL: print(document) };
  try {
    await generate([source]);
    accepted.push(source);
    errors.codegen[definition.name.value] = null;
  } catch (error) {
    errors.codegen[definition.name.value] = String(error);
  }
}
await generate(accepted);

copyFileSync(join(here, "role/page.ts"), join(folder, "page.ts"));
mkdirSync(join(folder, "__generated__"), { recursive: true });
const relay = {
  src: ".",
  schema: "schema.graphql",
  language: "typescript",
  artifactDirectory: "__generated__",
  eagerEsModules: true,
  useImportTypeSyntax: true,
  customScalarTypes: { DateTime: "string", JSON: "unknown" },
};
writeFileSync(join(folder, "relay.config.json"), JSON.stringify(relay));
errors.relay = run("relay-compiler");

const compiler = {
  extends: relative(folder, join(here, "tsconfig.json")),
  compilerOptions: { rootDir: ".", noEmit: true },
  include: ["page.ts", "gql"],
};
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(compiler));
errors.tsc = run("tsc");
console.log(JSON.stringify(errors));
