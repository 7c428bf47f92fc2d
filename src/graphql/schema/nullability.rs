//! Semantic nullability: the nullable fields that are null only with an error.
//!
//! A guarded field is nullable because it may be refused. Unless it can also be null without an error, `@semanticNonNull`
//! says so, and a client that handles errors can treat the field as non-null. The directive is derived from the guard's
//! directives, so that a new guarded field has it too.

use async_graphql::TypeDirective;
use async_graphql::registry::{MetaDirectiveInvocation, MetaField, MetaType, Registry};

use super::Edit;

/// The guarded fields that can be null without an error. Their descriptions say when.
const NULL_WITHOUT_ERROR: [(&str, &str); 6] = [
    ("Query", "job"),
    ("Query", "user"),
    ("Query", "userAccess"),
    ("RankedMatch", "job"),
    ("User", "email"),
    ("UserAccess", "lastChange"),
];

/// The field is null only if the response has an error whose path is the path of the field or begins with it. `levels`
/// contains 0 for the field itself, 1 for the items of its list, and so on.
#[TypeDirective(
    name = "semanticNonNull",
    location = "FieldDefinition",
    composable = "https://portcullis.example/access/v1.0"
)]
pub(super) fn semantic_non_null(#[graphql(default_with = "vec![0]")] levels: Vec<i32>) {}

/// Adds `@semanticNonNull` to the guarded fields.
pub(super) struct SemanticNullability;

impl Edit for SemanticNullability {
    fn edit(types: &mut Registry) {
        semantic_non_null.register(types);
        for (name, ty) in &mut types.types {
            let MetaType::Object { fields, .. } = ty else { continue };
            for field in fields.values_mut() {
                let can_be_null = NULL_WITHOUT_ERROR.contains(&(name.as_str(), field.name.as_str()));
                if is_guarded(field) && !field.ty.ends_with('!') && !can_be_null {
                    field.directive_invocations.push(MetaDirectiveInvocation {
                        name: semantic_non_null.name().into_owned(),
                        // The default of `levels` applies.
                        args: Default::default(),
                    });
                }
            }
        }
    }
}

fn is_guarded(field: &MetaField) -> bool {
    let mut directives = field.directive_invocations.iter();
    directives.any(|directive| ["auth", "signedIn"].contains(&directive.name.as_str()))
}
