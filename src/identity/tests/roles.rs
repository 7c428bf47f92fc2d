//! Custom roles, through the accounts that have them.

use futures_util::future::join_all;

use super::*;
use crate::access::{GUEST, Permission, Permissions, USER};

fn only(permissions: &[Permission]) -> Permissions {
    Permissions::of(permissions)
}

fn message(outcome: Result<impl std::fmt::Debug, Error>) -> String {
    outcome.unwrap_err().to_string()
}

#[tokio::test]
async fn a_change_of_a_role_applies_to_the_next_request() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let may = async || test.session(&grant).await.unwrap().actor.permissions();
    let put = async |set: &[Permission]| {
        let role = test.accounts.put_role(&root(), "AUDITOR", only(set)).await.unwrap();
        assert!(!role.built_in);
    };
    put(&[Permission::ReadAudit]).await;
    let roles = ["AUDITOR".to_owned()];
    test.accounts.set_roles(&root(), "ann", &roles).await.unwrap();
    assert_eq!(may().await, only(&[Permission::ReadAudit]));
    put(&[Permission::ReadUsers, Permission::Predict]).await;
    assert_eq!(may().await, only(&[Permission::Predict, Permission::ReadUsers]));
    test.accounts.remove_role(&root(), "AUDITOR").await.unwrap();
    assert_eq!(may().await, Permissions::NONE);
    assert!(test.session(&grant).await.unwrap().user.roles.is_empty());
    // A new role of the same name is not given to the accounts that had the old one.
    put(&[Permission::ReadAudit]).await;
    assert_eq!(may().await, Permissions::NONE);
    assert!(matches!(
        test.accounts.remove_role(&root(), "KING").await,
        Err(Error::NotFound(ObjectKind::Role))
    ));
}

#[tokio::test]
async fn built_in_roles_cannot_be_removed() {
    let test = TestAccounts::open().await;
    let put = async |name: &str, set| test.accounts.put_role(&root(), name, set).await;
    for name in [ADMIN, USER, GUEST] {
        assert!(message(test.accounts.remove_role(&root(), name).await).contains("built-in"));
    }
    assert!(message(put(ADMIN, only(&[Permission::Predict])).await).contains("every permission"));
    assert!(put(ADMIN, Permissions::ALL).await.unwrap().built_in);
    for name in ["", "auditor", "1ST", "A B", "A\0", "ÄRZTE", &"A".repeat(65)] {
        assert!(
            message(put(name, Permissions::NONE).await).starts_with("name: "),
            "{name:.9}"
        );
    }
    let roles = test.accounts.roles().await.unwrap();
    let names: Vec<_> = roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, [ADMIN, GUEST, USER]);
}

#[tokio::test]
async fn user_and_guest_can_be_changed() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    assert_eq!(test.accounts.guest().await.unwrap(), Actor::guest());
    let put = async |name: &str, set| test.accounts.put_role(&root(), name, set).await.unwrap();
    put(GUEST, Permissions::NONE).await;
    put(USER, only(&[Permission::Predict])).await;
    let guest = test.accounts.guest().await.unwrap();
    assert_eq!((guest.id(), guest.permissions()), (None, Permissions::NONE));
    let session = test.session(&grant).await.unwrap();
    assert_eq!(session.actor.permissions(), only(&[Permission::Predict]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_account_keeps_a_role_that_is_removed_concurrently() {
    let test = TestAccounts::open().await;
    for round in 0..10 {
        let names: Vec<String> = (0..4).map(|n| format!("user{round}-{n}")).collect();
        join_all(names.iter().map(|name| test.register(name))).await;
        let set = Permissions::ALL;
        test.accounts.put_role(&root(), "BRIEF", set).await.unwrap();
        let giving = names.iter().map(|name| {
            let (accounts, name) = (Arc::clone(&test.accounts), name.clone());
            let roles = ["BRIEF".to_owned()];
            tokio::spawn(async move { accounts.set_roles(&root(), &name, &roles).await.map(drop) })
        });
        let giving: Vec<_> = giving.collect();
        test.accounts.remove_role(&root(), "BRIEF").await.unwrap();
        for outcome in join_all(giving).await {
            match outcome.unwrap() {
                Ok(()) | Err(Error::InvalidInput { .. }) => {}
                Err(other) => panic!("{other}"),
            }
        }
        let filter = UserFilter {
            role: Some("BRIEF".to_owned()),
            ..UserFilter::default()
        };
        assert_eq!(test.accounts.count(&filter).await.unwrap(), 0);
    }
}
