// A codegen plugin: the fields of the schema that require a permission or a session, as a typed list.
import { getDirectiveValues, isObjectType } from "graphql";

/** The first sentence of a description, without line breaks. */
const firstSentence = (text) => /^.*?[.](?=\s|$)/su.exec(text ?? "")?.[0].replace(/\s+/gu, " ") ?? "";

function guardedFields(schema) {
  const [auth, signedIn] = [schema.getDirective("auth"), schema.getDirective("signedIn")];
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) => {
        // Absent for the fields of introspection.
        const node = field.astNode ?? {};
        const rule = getDirectiveValues(auth, node);
        if (!rule && !getDirectiveValues(signedIn, node)) {
          return [];
        }
        const [permission, orOwner] = [rule?.requires ?? null, rule?.orOwner ?? false];
        return [{ name: `${type.name}.${field.name}`, description: firstSentence(field.description), permission, orOwner }];
      }),
    );
}

export function plugin(schema) {
  return `import type { Permission } from "./graphql";

/** A field that requires a permission or, where \`permission\` is null, a session. */
export interface GuardedField {
  readonly name: string;
  /** The first sentence of its description in the schema. */
  readonly description: string;
  readonly permission: Permission | null;
  /** Whether the owner of the object may read the field without the permission. */
  readonly orOwner: boolean;
}

export const GUARDED_FIELDS: readonly GuardedField[] = ${JSON.stringify(guardedFields(schema), null, 2)};
`;
}
