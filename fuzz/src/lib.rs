//! The modules that hostile input reaches first, built without the rest of the product: a fuzzer instruments all that it
//! links, and the store takes half an hour to build.
//!
//! `just fuzz query 600` runs one of the targets for 600 seconds.
#![allow(dead_code, unused_imports, reason = "the product calls what the targets do not")]
#![allow(unreachable_pub, missing_docs, reason = "the files are the product's")]

pub mod small;

#[path = "../../src"]
mod product {
    pub mod clock;
    pub mod document;
    pub mod memory;

    pub mod graphql {
        /// The part of `graphql::error` that admission uses; the rest depends on the whole product.
        pub(crate) mod error {
            use async_graphql::ServerError;

            pub(crate) fn with_code(mut error: ServerError, code: &'static str) -> ServerError {
                let values = error.extensions.get_or_insert_default();
                if values.get("code").is_none() {
                    values.set("code", code);
                }
                error
            }
        }

        pub mod request {
            pub mod admission;
            mod copies;
            mod document_cache;
            pub mod limits;
            mod literal;
            mod lowering;
            pub mod operation;
            mod session_operation;
            pub mod validation;
            pub mod variables;
        }
    }
}

// The modules name each other from the root of the product's crate.
pub(crate) use product::{clock, graphql, memory};

use std::sync::LazyLock;

pub use product::document;
pub use product::graphql::request::limits;

use product::graphql::request::admission::Admission;

static ADMISSION: LazyLock<Admission> =
    LazyLock::new(|| Admission::new(&small::schema().sdl(), true).expect("a schema prints what is valid"));

/// Admits a request as the gateway does before the schema sees it.
///
/// # Errors
/// The refusal.
pub fn admit(request: &mut async_graphql::Request) -> Result<(), Vec<async_graphql::ServerError>> {
    ADMISSION.admit(request).map(|_| ())
}
