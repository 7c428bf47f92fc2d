//! Migrations of the tables. Each file in `migrations/` runs once, in order, in one transaction with the record of its
//! version. A released file is never edited; changes are added as new files.

use surrealdb::types::Variables;

use super::{Error, OpenError, Store};
use crate::text::one_line;

/// Version 1 is the first.
const MIGRATIONS: [&str; 16] = [
    include_str!("migrations/0001_accounts.surql"),
    include_str!("migrations/0002_known_networks.surql"),
    include_str!("migrations/0003_roles.surql"),
    include_str!("migrations/0004_audit.surql"),
    include_str!("migrations/0005_api_keys.surql"),
    include_str!("migrations/0006_spending.surql"),
    include_str!("migrations/0007_foreign_issuers.surql"),
    include_str!("migrations/0008_jobs.surql"),
    include_str!("migrations/0009_session_order.surql"),
    include_str!("migrations/0010_audit_weights.surql"),
    include_str!("migrations/0011_session_scope.surql"),
    include_str!("migrations/0012_name_skeletons.surql"),
    include_str!("migrations/0013_user_list.surql"),
    include_str!("migrations/0014_signing_key.surql"),
    include_str!("migrations/0015_password_failures.surql"),
    include_str!("migrations/0016_data_key.surql"),
];

/// Runs the missing migrations. Two processes that start at once on a shared database run each migration once: both
/// write the record of the version, so one conflicts, reads the version again and finds the migration done.
pub(super) async fn run(store: &Store) -> Result<(), OpenError> {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let failed = |error: Error| OpenError::Database {
        place: store.location.to_string(),
        reason: one_line(&error.to_string()),
    };
    let mut done = version(store).await.map_err(failed)?;
    loop {
        if done > known {
            return Err(OpenError::TooNew {
                place: store.location.to_string(),
                found: done,
                release: release(store, done).await,
                known,
            });
        }
        let Some(statements) = MIGRATIONS.get(done as usize) else {
            return Ok(());
        };
        let version = done + 1;
        match apply(store, statements, version).await {
            Ok(()) => {
                tracing::info!(version, "migrated the database");
                done = version;
            }
            Err(Error::Exists(_)) => done = newest(store).await.map_err(failed)?,
            Err(error) => {
                return Err(OpenError::Migration {
                    place: store.location.to_string(),
                    version,
                    reason: one_line(&error.to_string()),
                });
            }
        }
    }
}

/// Checks that the tables exist. A remote server that lost its data has none.
pub(super) async fn check(store: &Store) -> Result<(), Error> {
    match newest(store).await? {
        0 => Err(Error::Failed("the database has no tables".to_owned())),
        _ => Ok(()),
    }
}

async fn version(store: &Store) -> Result<u32, Error> {
    store
        .run("DEFINE TABLE IF NOT EXISTS migration SCHEMALESS", Variables::new())
        .await?;
    newest(store).await
}

async fn newest(store: &Store) -> Result<u32, Error> {
    let statement = "SELECT VALUE version FROM migration ORDER BY version DESC LIMIT 1";
    let done: Vec<i64> = store.run(statement, Variables::new()).await?.take()?;
    Ok(done
        .first()
        .map_or(0, |version| u32::try_from(*version).unwrap_or(u32::MAX)))
}

/// Returns the release that migrated the database to this version. `None` if it did not record it.
async fn release(store: &Store, version: u32) -> Option<String> {
    let statement = format!("SELECT VALUE release FROM ONLY migration:{version}");
    let answer = store.run(&statement, Variables::new()).await.ok()?;
    answer.take().ok()
}

async fn apply(store: &Store, statements: &str, version: u32) -> Result<(), Error> {
    let release = env!("CARGO_PKG_VERSION");
    let whole = format!(
        "BEGIN; CREATE migration:{version} SET version = {version}, release = '{release}'; {statements}; COMMIT"
    );
    // Some statements build an index.
    store.scan(&whole, Variables::new()).await.map(drop)
}

#[cfg(test)]
mod tests {
    //! Refusal of newer databases. What the migrations define is tested by the domains.

    use super::*;

    async fn refusal(newer: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("surrealkv://{}", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        store.run(newer, Variables::new()).await.unwrap();
        store.close().await;
        Store::open(&url).await.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn a_newer_database_is_refused_with_both_versions() {
        let known = format!(
            "Portcullis {} with schema version {}",
            env!("CARGO_PKG_VERSION"),
            MIGRATIONS.len()
        );
        let line = refusal("CREATE migration:99 SET version = 99, release = '7.1.0'").await;
        assert!(
            line.contains("schema version 99, written by Portcullis 7.1.0"),
            "{line}"
        );
        assert!(line.contains(&known), "{line}");
        let line = refusal("CREATE migration:99 SET version = 99").await;
        assert!(line.contains("schema version 99, but this is Portcullis"), "{line}");
        assert!(line.contains(&known) && line.lines().count() == 1, "{line}");
    }
}
