//! Records of the skeletons of usernames, by which confusable names are unique.
//!
//! A record has several accounts only if these were created by a release that allowed confusable names.

use surrealdb::types::{RecordId, SurrealValue, Variables};

use super::user_id;
use crate::identity::error::Error;
use crate::store::{Store, record_key, records_after};

/// The number of accounts whose skeletons are stored in one transaction.
const PAGE: usize = 200;

/// Releases the skeletons of the account `$user`, whose record is `$before`.
pub(super) const FREE_SKELETONS: &str = "
    FOR $skeleton IN ($before.skeletons ?? []) {
        UPDATE $skeleton SET users -= $user RETURN NONE;
        DELETE $skeleton WHERE array::is_empty(users) RETURN NONE;
    };
";

#[derive(SurrealValue)]
struct NameRecord {
    id: RecordId,
    username: String,
    issuer: Option<String>,
}

/// The skeletons of an account.
#[derive(SurrealValue)]
struct Claim {
    user: RecordId,
    skeletons: Vec<RecordId>,
}

pub(super) fn skeleton_ids(skeletons: &[String]) -> Vec<RecordId> {
    let id = |skeleton: &String| RecordId::new("name_skeleton", skeleton.as_str());
    skeletons.iter().map(id).collect()
}

/// Returns whether an account has this name, or one with one of the skeletons.
pub(in crate::identity) async fn username_is_taken(
    store: &Store,
    id: &str,
    skeletons: &[String],
) -> Result<bool, Error> {
    let mut names = skeleton_ids(skeletons);
    names.push(user_id(id));
    let mut bindings = Variables::new();
    bindings.insert("names", names);
    let found: Vec<RecordId> = store.run("SELECT VALUE id FROM $names", bindings).await?.take()?;
    Ok(!found.is_empty())
}

/// Stores the skeletons of all accounts, unless those of this version are stored. Accounts of foreign issuers have none,
/// because their names are unique at their issuers only.
pub(in crate::identity) async fn claim_names(
    store: &Store,
    version: &str,
    skeletons: impl Fn(&str) -> Vec<String>,
) -> Result<(), Error> {
    let statement = "SELECT VALUE touched FROM ONLY rule:name_skeletons";
    let done: Option<String> = store.run(statement, Variables::new()).await?.take()?;
    if done.as_deref() == Some(version) {
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let mut bindings = Variables::new();
        bindings.insert("page", records_after("user", &after));
        let statement = format!("SELECT id, username, issuer FROM type::record($page.range) LIMIT {PAGE}");
        let page: Vec<NameRecord> = store.run(&statement, bindings).await?.take()?;
        let Some(last) = page.last() else { break };
        after = record_key(last.id.clone());
        let claims: Vec<Claim> = page
            .into_iter()
            .filter(|name| name.issuer.is_none())
            .map(|name| Claim {
                user: name.id,
                skeletons: skeleton_ids(&skeletons(&name.username)),
            })
            .collect();
        store_claims(store, claims).await?;
    }
    let mut bindings = Variables::new();
    bindings.insert("version", version.to_owned());
    let statement = "UPSERT rule:name_skeletons SET touched = $version RETURN NONE";
    store.run(statement, bindings).await?;
    Ok(())
}

/// Replaces the skeletons of these accounts, except of those removed since.
async fn store_claims(store: &Store, claims: Vec<Claim>) -> Result<(), Error> {
    let mut bindings = Variables::new();
    bindings.insert("claims", claims);
    let statement = format!(
        "{{
        FOR $claim IN $claims {{
            LET $user = $claim.user;
            LET $skeletons = $claim.skeletons;
            LET $before = (SELECT id, skeletons FROM ONLY $user);
            IF $before IS NOT NONE {{
                {FREE_SKELETONS}
                FOR $skeleton IN $skeletons {{
                    UPSERT $skeleton SET users = array::union(users ?? [], [$user]) RETURN NONE;
                }};
                UPDATE $user SET skeletons = $skeletons RETURN NONE;
            }};
        }};
    }}"
    );
    store.run(&statement, bindings).await?;
    Ok(())
}
