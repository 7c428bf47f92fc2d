//! Roles as data, through the accounts that have them.

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
async fn a_change_of_a_role_holds_on_the_next_request() {
    let house = House::open().await;
    house.admin("root").await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    let may = async || house.session(&grant).await.unwrap().actor.permissions();
    let put = async |set: &[Permission]| {
        let role = house.accounts.put_role(&root(), "AUDITOR", only(set)).await.unwrap();
        assert!(!role.built_in);
    };
    put(&[Permission::ReadAudit]).await;
    let roles = ["AUDITOR".to_owned()];
    house.accounts.set_roles(&root(), "ann", &roles).await.unwrap();
    assert_eq!(may().await, only(&[Permission::ReadAudit]));
    put(&[Permission::ReadUsers, Permission::Predict]).await;
    assert_eq!(may().await, only(&[Permission::Predict, Permission::ReadUsers]));
    house.accounts.remove_role(&root(), "AUDITOR").await.unwrap();
    assert_eq!(may().await, Permissions::NONE);
    assert!(house.session(&grant).await.unwrap().user.roles.is_empty());
    // Made again, it does not come back to those who had it.
    put(&[Permission::ReadAudit]).await;
    assert_eq!(may().await, Permissions::NONE);
    assert!(matches!(
        house.accounts.remove_role(&root(), "KING").await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn what_everybody_leans_on_stays() {
    let house = House::open().await;
    let put = async |name: &str, set| house.accounts.put_role(&root(), name, set).await;
    for name in [ADMIN, USER, GUEST] {
        assert!(message(house.accounts.remove_role(&root(), name).await).contains("built-in"));
    }
    assert!(message(put(ADMIN, only(&[Permission::Predict])).await).contains("every permission"));
    assert!(put(ADMIN, Permissions::ALL).await.unwrap().built_in);
    for name in ["", "auditor", "1ST", "A B", "A\0", "ÄRZTE", &"A".repeat(65)] {
        assert!(
            message(put(name, Permissions::NONE).await).starts_with("name: "),
            "{name:.9}"
        );
    }
    let roles = house.accounts.roles().await.unwrap();
    let names: Vec<_> = roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, [ADMIN, GUEST, USER]);
}

#[tokio::test]
async fn user_and_guest_can_be_changed() {
    let house = House::open().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    assert_eq!(house.accounts.guest().await.unwrap(), Actor::guest());
    let put = async |name: &str, set| house.accounts.put_role(&root(), name, set).await.unwrap();
    put(GUEST, Permissions::NONE).await;
    put(USER, only(&[Permission::Predict])).await;
    let guest = house.accounts.guest().await.unwrap();
    assert_eq!((guest.id(), guest.permissions()), (None, Permissions::NONE));
    let session = house.session(&grant).await.unwrap();
    assert_eq!(session.actor.permissions(), only(&[Permission::Predict]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_account_is_left_with_a_role_that_went_meanwhile() {
    let house = House::open().await;
    for round in 0..10 {
        let names: Vec<String> = (0..4).map(|n| format!("user{round}-{n}")).collect();
        join_all(names.iter().map(|name| house.register(name))).await;
        let set = Permissions::ALL;
        house.accounts.put_role(&root(), "BRIEF", set).await.unwrap();
        let giving = names.iter().map(|name| {
            let (accounts, name) = (Arc::clone(&house.accounts), name.clone());
            let roles = ["BRIEF".to_owned()];
            tokio::spawn(async move { accounts.set_roles(&root(), &name, &roles).await.map(drop) })
        });
        let giving: Vec<_> = giving.collect();
        house.accounts.remove_role(&root(), "BRIEF").await.unwrap();
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
        assert_eq!(house.accounts.count(&filter).await.unwrap(), 0);
    }
}
