//! The rooms that hostile input reaches first, built without the rest of the house: a fuzzer instruments all that it
//! links, and the store takes half an hour to build.
//!
//! `just fuzz query 600` runs one of the targets for so many seconds.
#![allow(dead_code, reason = "the product calls what the targets do not")]
#![allow(unreachable_pub, missing_docs, reason = "the files are the product's")]

pub mod small;

#[path = "../../src"]
mod house {
    pub mod document;

    pub mod graphql {
        pub mod limits;
        mod merge;
        mod source;
        mod variables;

        use std::sync::LazyLock;

        /// What those rooms use of `graphql::error`, which knows the whole house.
        mod error {
            use async_graphql::ServerError;

            pub(super) fn with_code(mut error: ServerError, code: &'static str) -> ServerError {
                let values = error.extensions.get_or_insert_default();
                if values.get("code").is_none() {
                    values.set("code", code);
                }
                error
            }
        }

        static TYPES: LazyLock<variables::TypeNames> = LazyLock::new(|| {
            let introspection = ["__TypeKind", "__DirectiveLocation"];
            variables::TypeNames::of(&crate::small::schema().sdl(), &introspection)
                .expect("a schema prints what parses")
        });

        /// What the gateway does with a document before the schema sees it.
        ///
        /// # Errors
        /// The refusal.
        pub fn admit(request: &mut async_graphql::Request) -> Result<(), async_graphql::ServerError> {
            limits::Limits::default().admit(request)?;
            let name = request.operation_name.clone();
            let given = request.variables.clone();
            let document = request.parsed_query()?;
            variables::check(document, name.as_deref(), &given, &TYPES)?;
            let merged = merge::merged(document)?;
            let written_out = source::written_out(merged.as_ref().unwrap_or(document))?;
            if let Some(changed) = written_out.or(merged) {
                request.set_parsed_query(changed);
            }
            Ok(())
        }
    }
}

pub use house::document;
pub use house::graphql::{admit, limits};
