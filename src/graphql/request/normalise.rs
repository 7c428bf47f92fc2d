//! Rewriting of documents into a form that async-graphql executes as the specification requires: repeated root fields are
//! merged, and the root field of a subscription is written out of its fragments.

use async_graphql::{Request, ServerError};

use super::{field_merging, subscription_root};

/// Rewrites the document of an admitted request.
///
/// # Errors
/// As [`field_merging::merged`] and [`subscription_root::written_out`].
pub(super) fn normalise(request: &mut Request) -> Result<(), ServerError> {
    let document = request.parsed_query()?;
    let merged = field_merging::merged(document)?;
    let written_out = subscription_root::written_out(merged.as_ref().unwrap_or(document))?;
    if let Some(changed) = written_out.or(merged) {
        request.set_parsed_query(changed);
    }
    Ok(())
}
