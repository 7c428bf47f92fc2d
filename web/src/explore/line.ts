// The sentence about the cost of what is in the editor.
import { type DocumentNode, type GraphQLSchema, parse, validate } from "graphql";

import { count, number, time } from "../lib/format";
import { estimate, operationsOf, VariableError } from "./cost";
import type { Caller, Rules } from "./rules";

export interface Line {
  readonly kind: "normal" | "warning";
  readonly text: string;
}

export interface Quota {
  readonly limit?: number | null;
  readonly used: number;
  readonly resetsAt: string;
}

const normal = (text: string): Line => ({ kind: "normal", text });
const warning = (text: string): Line => ({ kind: "warning", text });

export function lineOf(
  known: { readonly schema: GraphQLSchema; readonly rules: Rules } | null,
  texts: { readonly query: string; readonly variables: string },
  caller: Caller,
  quota: Quota | null,
): Line {
  const document = documentOf(texts.query);
  const variables = variablesOf(texts.variables);
  if (!document) {
    return normal(texts.query.trim() ? "The operation is not complete yet." : left(quota));
  }
  if (!variables) {
    return warning("The variables are not a JSON object.");
  }
  const operations = operationsOf(document);
  if (!known || operations.length === 0) {
    return normal(left(quota));
  }
  // Estimates are defined for valid documents only; one with cyclic fragments has no end.
  const [mistake] = validate(known.schema, document);
  if (mistake) {
    return warning(mistake.message);
  }
  try {
    const estimates = operations.map((operation) => ({
      name: operation.name?.value ?? "Without a name",
      ...estimate(known, document, operation, variables, caller),
    }));
    const refused = [...new Set(estimates.flatMap((each) => each.refused))];
    const [only] = estimates;
    const cost =
      estimates.length === 1 && only
        ? sentenceOf(only.units, quota)
        : `Costs: ${estimates.map(({ name, units }) => `${name} ${number(units)}`).join(", ")}. ${left(quota)}`;
    const highest = Math.max(...estimates.map(({ units }) => units));
    const isShort = quota !== null && typeof quota.limit === "number" && highest > quota.limit - quota.used;
    const denied = refused.length > 0 ? ` ${caller.signedIn ? "Your account" : "Without signing in, you"} may not use ${refused.join(", ")}.` : "";
    return { kind: isShort || denied ? "warning" : "normal", text: cost + denied };
  } catch (error) {
    if (error instanceof VariableError) {
      return warning(error.message);
    }
    throw error;
  }
}

function sentenceOf(units: number, quota: Quota | null): string {
  if (units === 0) {
    return `This will cost nothing. ${left(quota)}`.trim();
  }
  if (!quota || typeof quota.limit !== "number") {
    return `This will cost ${count(units, "unit")}.${quota ? " Your account has no limit." : ""}`;
  }
  const remaining = Math.max(quota.limit - quota.used, 0);
  return units <= remaining
    ? `This will cost ${number(units)} of your ${number(remaining)} left.`
    : `This costs ${number(units)}, but you have only ${number(remaining)} left until ${time(quota.resetsAt)}.`;
}

function left(quota: Quota | null): string {
  if (!quota || typeof quota.limit !== "number") {
    return "";
  }
  return `You have ${number(Math.max(quota.limit - quota.used, 0))} of ${number(quota.limit)} units left until ${time(quota.resetsAt)}.`;
}

function documentOf(text: string): DocumentNode | null {
  try {
    return parse(text, { noLocation: true });
  } catch {
    return null;
  }
}

function variablesOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = text.trim() ? JSON.parse(text) : {};
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
