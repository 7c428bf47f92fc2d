//! A store on disk: acknowledged writes survive a restart, and a second process cannot open it.

use super::*;
use crate::store::OpenError;

fn url(folder: &std::path::Path) -> String {
    format!("surrealkv://{}", folder.join("db").display())
}

#[tokio::test]
async fn accounts_sessions_and_the_key_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        key: KeySource::Folder(folder.path().to_owned()),
        ..Settings::default()
    };
    let test = TestAccounts::at(&url(folder.path()), settings.clone()).await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    drop(test);
    let test = TestAccounts::at(&url(folder.path()), settings).await;
    assert!(test.session(&grant).await.is_ok());
    test.accounts.refresh(&grant.tokens.refresh).await.unwrap();
    test.login("ann").await;
    let outcome = test.try_register(new_user("ann")).await;
    let taken = |error: &Error| matches!(error, Error::UsernameTaken | Error::EmailTaken);
    assert!(
        matches!(&outcome, Err(Error::Several(errors)) if errors.iter().all(taken)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_folder_in_use_is_reported_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&url(folder.path())).await.unwrap();
    let second = Store::open(&url(folder.path())).await.unwrap_err();
    assert!(matches!(second, OpenError::Locked(_)));
    assert_eq!(second.to_string().lines().count(), 1);
    assert!(second.to_string().contains("in use by another process"));
    first.ping().await.unwrap();
    first.close().await;
    Store::open(&url(folder.path())).await.unwrap();
}

#[tokio::test]
async fn a_path_that_is_not_a_folder_is_reported_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("db"), "a file").unwrap();
    let error = Store::open(&url(folder.path())).await.unwrap_err();
    assert!(matches!(error, OpenError::Folder { .. }));
    assert_eq!(error.to_string().lines().count(), 1);
    let error = Store::open("surrealkv:///proc/nowhere").await.unwrap_err();
    assert!(matches!(error, OpenError::Folder { .. }), "{error}");
}

#[tokio::test]
async fn a_damaged_folder_is_reported_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let test = TestAccounts::at(&url(folder.path()), Settings::default()).await;
    for n in 0..20 {
        test.register(&format!("user{n}")).await;
    }
    drop(test);
    let closed = Store::open(&url(folder.path())).await.unwrap();
    closed.close().await;
    let mut damaged = 0;
    let mut folders = vec![folder.path().join("db")];
    while let Some(path) = folders.pop() {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::metadata(&path).unwrap().len() > 64 {
                std::fs::write(&path, vec![0x5a; 512]).unwrap();
                damaged += 1;
            }
        }
    }
    assert!(damaged > 0);
    let error = Store::open(&url(folder.path())).await.unwrap_err();
    assert_eq!(error.to_string().lines().count(), 1);
    assert!(
        error.to_string().contains(&folder.path().display().to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn an_unreachable_database_is_reported_in_one_line_without_the_password() {
    let error = Store::open("ws://ann:secret@127.0.0.1:9/ns/db")
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(error.lines().count(), 1);
    assert!(
        error.contains("ws://ann:***@127.0.0.1:9/ns/db") && !error.contains("secret"),
        "{error}"
    );
}
