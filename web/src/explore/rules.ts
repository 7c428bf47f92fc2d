// The rules of the fields, read from the directives of schema.graphql: permission, cost, and size of a page.
import { type DirectiveNode, type GraphQLSchema, isObjectType, Kind, valueFromASTUntyped } from "graphql";

export interface FieldRule {
  /** The permission that the field requires. */
  readonly permission: string | null;
  /** Whether a signed-in caller may select the field on their own objects without the permission. */
  readonly orOwner: boolean;
  /** Whether the field requires a session. */
  readonly session: boolean;
  /** The weight of `@cost`. */
  readonly cost: number;
  /** The path of the list for each item of which the weight counts again, such as `input.jobs`. */
  readonly per: string | null;
  /** The default size of a page; null for a field without pages. */
  readonly page: number | null;
}

/** The rules by `Type.field`. */
export type Rules = ReadonlyMap<string, FieldRule>;

/** The caller, as far as rules depend on them. */
export interface Caller {
  readonly signedIn: boolean;
  readonly permissions: ReadonlySet<string>;
}

export function rulesOf(schema: GraphQLSchema): Rules {
  const rules = new Map<string, FieldRule>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) {
      continue;
    }
    for (const field of Object.values(type.getFields())) {
      const first = field.args.find((argument) => argument.name === "first")?.defaultValue;
      rules.set(`${type.name}.${field.name}`, { ...ruleFrom(field.astNode?.directives ?? []), page: natural(first) });
    }
  }
  return rules;
}

/** The rule that the directives of a field state. */
export function ruleFrom(directives: readonly DirectiveNode[]): Omit<FieldRule, "page"> {
  const argument = (directive: string, name: string): unknown => {
    const found = directives.find((node) => node.name.value === directive);
    const value = found?.arguments?.find((node) => node.name.value === name)?.value;
    return value && valueFromASTUntyped(value);
  };
  const permission = argument("auth", "requires");
  const per = argument("cost", "per");
  return {
    permission: typeof permission === "string" ? permission : null,
    orOwner: argument("auth", "orOwner") === true,
    session: directives.some((node) => node.kind === Kind.DIRECTIVE && node.name.value === "signedIn"),
    cost: natural(argument("cost", "weight")) ?? 0,
    per: typeof per === "string" ? per : null,
  };
}

/** Whether the caller may select the field; for a field that an owner may select, on their own objects. */
export function permits(rule: Pick<FieldRule, "permission" | "orOwner" | "session">, caller: Caller): boolean {
  if (rule.permission !== null) {
    return caller.permissions.has(rule.permission) || (rule.orOwner && caller.signedIn);
  }
  return !rule.session || caller.signedIn;
}

/** The value as the 32-bit natural number that the server counts with; null for any other value. */
export function natural(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAXIMUM ? value : null;
}

/** The largest cost that the server counts. */
export const MAXIMUM = 2 ** 32 - 1;
