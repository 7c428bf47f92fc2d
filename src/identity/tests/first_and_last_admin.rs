//! The first admin, created at the first start, and the last admin, which cannot be removed.

use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn the_first_start_creates_one_admin() {
    let test = TestAccounts::open().await;
    let FirstAdmin::Generated(password) = test.accounts.ensure_admin(None).await.unwrap() else {
        panic!("expected a generated password");
    };
    assert!(password.expose_secret().len() >= 20);
    let grant = test
        .accounts
        .login("admin", password, &Origin::default())
        .await
        .unwrap();
    assert_eq!(*grant.user.roles, [ADMIN.to_owned()]);
    let session = test.session(&grant).await.unwrap();
    assert_eq!(session.actor.permissions(), crate::access::Permissions::ALL);
    assert!(matches!(
        test.accounts.ensure_admin(None).await.unwrap(),
        FirstAdmin::Present
    ));
}

#[tokio::test]
async fn a_configured_password_is_used_and_must_follow_the_rules() {
    let test = TestAccounts::open().await;
    let weak = test.accounts.ensure_admin(Some("admin".into())).await;
    assert!(matches!(weak, Err(Error::WeakPassword { .. })));
    let outcome = test.accounts.ensure_admin(Some(password())).await.unwrap();
    assert!(matches!(outcome, FirstAdmin::Created));
    test.login("admin").await;
}

#[tokio::test]
async fn the_last_enabled_admin_cannot_be_removed_disabled_or_demoted() {
    let test = TestAccounts::open().await;
    test.admin("ann").await;
    test.register("bob").await;
    let by = root();
    let last = |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::LastAdmin)), "{outcome:?}");
    last(test.accounts.set_enabled(&by, "ann", false).await.map(drop));
    last(
        test.accounts
            .set_roles(&by, "ann", &["USER".to_owned()])
            .await
            .map(drop),
    );
    last(test.accounts.remove(&by, "ann").await.map(drop));
    // The refused changes had no effect.
    let ann = test.accounts.find("ann").await.unwrap().unwrap();
    assert!(ann.enabled && *ann.roles == [ADMIN.to_owned()]);
    test.login("ann").await;
    // A disabled admin does not count.
    test.admin("cid").await;
    test.accounts.set_enabled(&by, "cid", false).await.unwrap();
    last(test.accounts.remove(&by, "ann").await.map(drop));
    test.accounts.set_enabled(&by, "cid", true).await.unwrap();
    test.accounts.remove(&by, "ann").await.unwrap();
    // Other changes of the last admin are allowed.
    test.accounts
        .set_roles(&by, "cid", &[ADMIN.to_owned(), "USER".to_owned()])
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_changes_leave_an_admin() {
    for round in 0..6 {
        let test = TestAccounts::open().await;
        for n in 0..5 {
            test.admin(&format!("admin{n}")).await;
        }
        let tasks = (0..5).map(|n| {
            let accounts = Arc::clone(&test.accounts);
            tokio::spawn(async move {
                let (by, id) = (root(), format!("admin{n}"));
                match round % 3 {
                    0 => accounts.set_enabled(&by, &id, false).await.map(drop),
                    1 => accounts.set_roles(&by, &id, &["USER".to_owned()]).await.map(drop),
                    _ => accounts.remove(&by, &id).await.map(drop),
                }
            })
        });
        let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        let kept = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(Error::LastAdmin)))
            .count();
        let gone = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!((kept, gone), (1, 4), "{outcomes:?}");
    }
}

#[tokio::test]
async fn an_unknown_role_is_named() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let outcome = test.accounts.set_roles(&root(), "ann", &["KING".to_owned()]).await;
    assert!(outcome.unwrap_err().to_string().contains("`KING`"));
    let roles = ["USER".to_owned(), "ADMIN".to_owned(), "USER".to_owned()];
    let user = test.accounts.set_roles(&root(), "ann", &roles).await.unwrap();
    assert_eq!(*user.roles, ["ADMIN".to_owned(), "USER".to_owned()]);
    let none = test.accounts.set_roles(&root(), "unknown", &[]).await;
    assert!(matches!(none, Err(Error::NotFound(ObjectKind::User))));
}
