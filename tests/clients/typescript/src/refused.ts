// Why a field or a whole request was refused. The codes stand in `extensions`, which the schema does not type: they are
// looked at before they are believed.

/** One error, as every client hands it out. */
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

/** Whether the access token is what is wrong, so that another one helps. */
export function isUnauthenticated(errors: readonly GraphQLProblem[]): boolean {
  return errors.some((error) => error.extensions?.["code"] === "UNAUTHENTICATED");
}
