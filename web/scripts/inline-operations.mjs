// A Vite plugin: replaces each call of `graphql` by the text of its operation, with the fragments that it uses. Otherwise
// the map that codegen generates would bring all operations of the console to every page.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Kind, parse, stripIgnoredCharacters, visit } from "graphql";

const CALL = /\bgraphql\(\s*`((?:[^`$]|\$(?!\{))*)`\s*,?\s*\)/gu;
const isSource = (path) => /\.(vue|ts)$/u.test(path) && !/(\.test\.ts$|[/\\]gql[/\\])/u.test(path);
const isFragment = ({ kind }) => kind === Kind.FRAGMENT_DEFINITION;
const textOf = ({ loc }) => loc.source.body.slice(loc.start, loc.end);

/** The fragments in the sources of a folder, by name. */
function fragmentsIn(folder) {
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
  const texts = paths.filter(isSource).flatMap((path) => [...readFileSync(path, "utf8").matchAll(CALL)].map(([, text]) => text));
  return new Map(texts.flatMap((text) => parse(text).definitions).filter(isFragment).map((each) => [each.name.value, each]));
}

/** The operation of a text, followed by its fragments; undefined if the text has fragments only. */
export function operationOf(text, fragments) {
  const definitions = parse(text).definitions.filter((definition) => !isFragment(definition));
  if (definitions.length === 0) {
    return undefined;
  }
  const used = new Set(definitions);
  // A set also iterates over what is added meanwhile: the fragments of fragments.
  for (const definition of used) {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment) {
          throw new Error(`the fragment ${name.value} does not exist`);
        }
        used.add(fragment);
      },
    });
  }
  return stripIgnoredCharacters([...used].map(textOf).join("\n"));
}

export function inlineOperations(folder) {
  let fragments = new Map();
  return {
    name: "inline-operations",
    apply: "build",
    enforce: "pre",
    buildStart() {
      fragments = fragmentsIn(folder);
    },
    transform(code, id) {
      const isOurs = id.startsWith(folder) && isSource(id) && code.includes("graphql(");
      return isOurs ? { code: code.replace(CALL, (_call, text) => String(JSON.stringify(operationOf(text, fragments)))), map: null } : null;
    },
  };
}
