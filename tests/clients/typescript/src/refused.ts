// The error of a refused field or request. The codes are in `extensions`, which are not typed in the schema, so they are
// validated.

/** An error, as every client exposes it. */
export interface GraphQLProblem {
  readonly message: string;
  readonly path?: readonly (string | number)[] | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

export class Refused extends Error {
  readonly code: string;
  readonly requires: string | undefined;
  readonly path: readonly (string | number)[];

  constructor(errors: readonly GraphQLProblem[]) {
    const [first] = errors;
    const extensions = first?.extensions ?? {};
    const { code, requires } = extensions;
    super(first?.message ?? "no error");
    this.code = typeof code === "string" ? code : "(none)";
    this.requires = typeof requires === "string" ? requires : undefined;
    this.path = first?.path ?? [];
  }
}

/** Whether the access token is the reason, so that a new one helps. */
export function isUnauthenticated(errors: readonly GraphQLProblem[]): boolean {
  return errors.some((error) => error.extensions?.["code"] === "UNAUTHENTICATED");
}
