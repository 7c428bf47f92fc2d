//! The directives of the schema: the access rule and the cost of a field, and which data is sensitive.
//!
//! `#[graphql(directive = auth::apply(...))]` on a field is the only declaration of its rule: the SDL contains it, and
//! the guard reads it from the SDL.

use async_graphql::TypeDirective;

use crate::access::Permission;

// The URL identifies these directives in a composed schema. Its domain is reserved (RFC 2606) and does not resolve.

/// The permission that the field requires. With `orOwner: true`, the owner of the object needs none.
#[TypeDirective(location = "FieldDefinition", composable = "https://portcullis.example/access/v1.0")]
pub fn auth(requires: Permission, #[graphql(default = false)] or_owner: bool) {}

/// The caller must be signed in with a session of its own; an API key is not enough.
#[TypeDirective(
    name = "signedIn",
    location = "FieldDefinition",
    composable = "https://portcullis.example/access/v1.0"
)]
pub fn signed_in() {}

/// The cost of the field, which counts towards the caller's quota and the limit of the operation: the weight, plus the
/// weight for each item of the list that `per` names. `per` is an argument or a field of one, such as `input.jobs`.
#[TypeDirective(location = "FieldDefinition", composable = "https://portcullis.example/access/v1.0")]
pub fn cost(weight: i32, per: Option<String>) {}

/// Personal data or a secret: never logged, exported to its owner, removed on erasure.
#[TypeDirective(
    location = "FieldDefinition",
    location = "ArgumentDefinition",
    location = "InputFieldDefinition",
    composable = "https://portcullis.example/access/v1.0"
)]
pub fn sensitive() {}
