// The schema of the server with the permission and the cost of each field in its description.
import {
  buildASTSchema,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  visit,
} from "graphql";

import { type Caller, permits, ruleFrom } from "./rules";

/** Builds the schema for a caller: the first paragraph of each description ends with permission and cost. */
export function schemaFor(document: DocumentNode, caller: Caller): GraphQLSchema {
  let root = "";
  const annotated = visit(document, {
    ObjectTypeDefinition: {
      enter({ name }: ObjectTypeDefinitionNode) {
        root = ["Query", "Mutation", "Subscription"].includes(name.value) ? name.value : "";
      },
    },
    FieldDefinition(field: FieldDefinitionNode): FieldDefinitionNode | undefined {
      const note = noteOf(field, caller, root !== "");
      if (!note) {
        return undefined;
      }
      // Lists of fields show the first paragraph only; two spaces at the end of a line break it in Markdown.
      const [first = "", ...rest] = (field.description?.value ?? "").split("\n\n");
      const value = [first ? `${first}  \n${note}` : note, ...rest].join("\n\n");
      return { ...field, description: { kind: Kind.STRING, value, block: true } };
    },
  });
  return buildASTSchema(annotated, { assumeValidSDL: true });
}

/** The permission and the cost of a field in words; empty for a nested field without either. */
export function noteOf(field: FieldDefinitionNode, caller: Caller, isRoot: boolean): string {
  const rule = ruleFrom(field.directives ?? []);
  const isPaged = field.arguments?.some(({ name, defaultValue }) => name.value === "first" && defaultValue) ?? false;
  const parts: string[] = [];
  if (rule.permission !== null) {
    parts.push(`**Requires ${rule.permission}**`, verdict(caller, rule));
  } else if (rule.session) {
    parts.push("**Requires a session**", caller.signedIn ? "you may use it" : "you are not signed in");
  } else if (isRoot) {
    parts.push("**Requires no permission**");
  }
  if (rule.cost > 0) {
    parts.push(rule.per === null ? `costs ${rule.cost}` : `costs ${rule.cost}, and ${rule.cost} for each item of \`${rule.per}\``);
  } else if (isRoot) {
    parts.push("costs nothing by itself");
  }
  if (isPaged) {
    parts.push("what is selected inside counts once for each item of the page");
  }
  return parts.join(" · ");
}

function verdict(caller: Caller, rule: ReturnType<typeof ruleFrom>): string {
  if (rule.permission !== null && caller.permissions.has(rule.permission)) {
    return "you may use it";
  }
  if (permits(rule, caller)) {
    return "you may use it on what is yours";
  }
  return caller.signedIn ? "your account lacks it" : "you are not signed in";
}
