// The cost of an operation before it runs, equal to the estimate of the server (src/graphql/request/cost.rs).
import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getVariableValues,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
  valueFromASTUntyped,
} from "graphql";

import { type Caller, type FieldRule, MAXIMUM, natural, permits, type Rules } from "./rules";

export interface Estimate {
  /** The cost in units. */
  readonly units: number;
  /** The selected fields that the caller may not select, as `Type.field`. They cost nothing. */
  readonly refused: readonly string[];
}

/** The variables do not fit the operation: the server refuses it before it costs anything. */
export class VariableError extends Error {}

/** The operations of a document. */
export function operationsOf(document: DocumentNode): readonly OperationDefinitionNode[] {
  return document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

/**
 * Estimates the cost of an operation of a valid document.
 *
 * @throws VariableError if the variables do not fit the operation.
 */
export function estimate(
  { schema, rules }: { readonly schema: GraphQLSchema; readonly rules: Rules },
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
  caller: Caller,
): Estimate {
  const values = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  if (values.errors) {
    throw new VariableError(values.errors[0]?.message);
  }
  const root = schema.getRootType(operation.operation);
  const bill = new Bill(schema, rules, document, values.coerced, caller);
  return { units: root ? bill.object(root, [operation.selectionSet]) : 0, refused: [...bill.refused] };
}

class Bill {
  readonly refused = new Set<string>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rules: Rules,
    private readonly document: DocumentNode,
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly caller: Caller,
  ) {}

  /** The cost of the selections on an object type. Fields with one response key are one field. */
  object(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): number {
    const fields = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    for (const set of sets) {
      this.collect(type, set, visited, fields);
    }
    return [...fields.values()].reduce((total, nodes) => add(total, this.field(type, nodes)), 0);
  }

  /** The cost of the selections on a type. Those on an interface or a union count for each possible type. */
  private selections(type: GraphQLNamedType, sets: readonly SelectionSetNode[]): number {
    if (isAbstractType(type)) {
      return this.schema.getPossibleTypes(type).reduce((total, object) => add(total, this.object(object, sets)), 0);
    }
    return isObjectType(type) ? this.object(type, sets) : 0;
  }

  /** `CollectFields()` of the GraphQL specification (section 6.3.2). */
  private collect(type: GraphQLObjectType, set: SelectionSetNode, visited: Set<string>, fields: Map<string, FieldNode[]>): void {
    for (const selection of set.selections) {
      if (!this.isIncluded(selection)) {
        continue;
      }
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        fields.set(key, [...(fields.get(key) ?? []), selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragment(selection.name.value, visited);
      const condition = fragment?.typeCondition && typeFromAST(this.schema, fragment.typeCondition);
      const applies = !condition || condition === type || (isAbstractType(condition) && this.schema.isSubType(condition, type));
      if (fragment && applies) {
        this.collect(type, fragment.selectionSet, visited, fields);
      }
    }
  }

  /** The fragment of a spread that was not spread before in the same selection set. */
  private fragment(name: string, visited: Set<string>) {
    if (visited.has(name)) {
      return undefined;
    }
    visited.add(name);
    for (const definition of this.document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) {
        return definition;
      }
    }
    return undefined;
  }

  private isIncluded({ directives = [] }: Pick<FieldNode, "directives">): boolean {
    return directives.every(({ name, arguments: given }) => {
      const condition = given?.find((argument) => argument.name.value === "if")?.value;
      const holds = condition && valueFromASTUntyped(condition, this.variables) === true;
      return name.value === "skip" ? !holds : name.value === "include" ? holds : true;
    });
  }

  private field(parent: GraphQLObjectType, nodes: readonly FieldNode[]): number {
    const [first] = nodes;
    const type = first && parent.getFields()[first.name.value]?.type;
    const rule = first && this.rules.get(`${parent.name}.${first.name.value}`);
    if (!first || !type || !rule) {
      return 0;
    }
    if (!permits(rule, this.caller)) {
      this.refused.add(`${parent.name}.${first.name.value}`);
      return 0;
    }
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const below = this.selections(getNamedType(type), sets);
    return add(this.own(rule, first), multiply(below, this.items(rule, first)));
  }

  /** The cost of a field without its selections. */
  private own(rule: FieldRule, field: FieldNode): number {
    if (rule.per === null) {
      return rule.cost;
    }
    const [name, ...steps] = rule.per.split(".");
    const list = steps.reduce<unknown>(
      (value, step) => (isObject(value) ? value[step] : undefined),
      name === undefined ? undefined : this.argument(field, name),
    );
    // A single item is coerced to a list.
    const items = list === undefined || list === null ? 0 : Array.isArray(list) ? list.length : 1;
    return multiply(rule.cost, items + 1);
  }

  /** The number of items for which the selections of a field count. */
  private items({ page }: FieldRule, field: FieldNode): number {
    return page === null ? 1 : (natural(this.argument(field, "first")) ?? page);
  }

  /** The value of an argument; undefined if it is absent. */
  private argument(field: FieldNode, name: string): unknown {
    const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
    return value && valueFromASTUntyped(value, this.variables);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const add = (a: number, b: number): number => Math.min(a + b, MAXIMUM);
const multiply = (a: number, b: number): number => Math.min(a * b, MAXIMUM);
