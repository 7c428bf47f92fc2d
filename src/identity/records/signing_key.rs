//! The id of the newest key that signs the access tokens of a store. An empty id is a key whose id is unknown.

use surrealdb::types::Variables;

use crate::store::{Error, Store};

/// Returns the id of the newest signing key; `None` before the first start of a server.
pub(in crate::identity) async fn newest_signing_key(store: &Store) -> Result<Option<String>, Error> {
    let statement = "SELECT VALUE kid FROM ONLY signing_key:newest";
    store.run(statement, Variables::new()).await?.take()
}

/// Replaces the id if it is still `expected`. Returns whether it was.
pub(in crate::identity) async fn replace_newest_signing_key(
    store: &Store,
    expected: Option<String>,
    kid: String,
) -> Result<bool, Error> {
    let mut bindings = Variables::new();
    bindings.insert("expected", expected);
    bindings.insert("kid", kid);
    let statement = "{
        LET $found = (SELECT VALUE kid FROM ONLY signing_key:newest);
        IF $found != $expected { RETURN false };
        UPSERT signing_key:newest SET kid = $kid RETURN NONE;
        RETURN true;
    }";
    store.run(statement, bindings).await?.take()
}

/// Sets the id.
pub(in crate::identity) async fn set_newest_signing_key(store: &Store, kid: String) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("kid", kid);
    let statement = "UPSERT signing_key:newest SET kid = $kid RETURN NONE";
    store.run(statement, bindings).await.map(drop)
}
