//! The first administrator and the last one.

use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn the_first_start_makes_an_administrator_once() {
    let house = House::open().await;
    let FirstAdmin::Generated(password) = house.accounts.ensure_admin(None).await.unwrap() else {
        panic!("a password is generated");
    };
    assert!(password.expose_secret().len() >= 20);
    let grant = house
        .accounts
        .login("admin", password, &Origin::default())
        .await
        .unwrap();
    assert_eq!(*grant.user.roles, [ADMIN.to_owned()]);
    let session = house.session(&grant).await.unwrap();
    assert_eq!(session.actor.permissions(), crate::access::Permissions::ALL);
    assert!(matches!(
        house.accounts.ensure_admin(None).await.unwrap(),
        FirstAdmin::Present
    ));
}

#[tokio::test]
async fn a_configured_password_is_used_and_held_to_the_rules() {
    let house = House::open().await;
    let weak = house.accounts.ensure_admin(Some("admin".into())).await;
    assert!(matches!(weak, Err(Error::WeakPassword { .. })));
    let outcome = house.accounts.ensure_admin(Some(password())).await.unwrap();
    assert!(matches!(outcome, FirstAdmin::Created));
    house.login("admin").await;
}

#[tokio::test]
async fn the_last_enabled_one_stays() {
    let house = House::open().await;
    house.admin("ann").await;
    house.register("bob").await;
    let by = root();
    let last = |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::LastAdmin)), "{outcome:?}");
    last(house.accounts.set_enabled(&by, "ann", false).await.map(drop));
    last(
        house
            .accounts
            .set_roles(&by, "ann", &["USER".to_owned()])
            .await
            .map(drop),
    );
    last(house.accounts.remove(&by, "ann").await.map(drop));
    // Nothing of the refused changes is left.
    let ann = house.accounts.find("ann").await.unwrap().unwrap();
    assert!(ann.enabled && *ann.roles == [ADMIN.to_owned()]);
    house.login("ann").await;
    // A disabled administrator does not count.
    house.admin("cid").await;
    house.accounts.set_enabled(&by, "cid", false).await.unwrap();
    last(house.accounts.remove(&by, "ann").await.map(drop));
    house.accounts.set_enabled(&by, "cid", true).await.unwrap();
    house.accounts.remove(&by, "ann").await.unwrap();
    // Other changes of the last one are free.
    house
        .accounts
        .set_roles(&by, "cid", &[ADMIN.to_owned(), "USER".to_owned()])
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_at_once_they_cannot_all_go() {
    for round in 0..6 {
        let house = House::open().await;
        for n in 0..5 {
            house.admin(&format!("admin{n}")).await;
        }
        let tasks = (0..5).map(|n| {
            let accounts = Arc::clone(&house.accounts);
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
    let house = House::open().await;
    house.register("ann").await;
    let outcome = house.accounts.set_roles(&root(), "ann", &["KING".to_owned()]).await;
    assert!(outcome.unwrap_err().to_string().contains("`KING`"));
    let roles = ["USER".to_owned(), "ADMIN".to_owned(), "USER".to_owned()];
    let user = house.accounts.set_roles(&root(), "ann", &roles).await.unwrap();
    assert_eq!(*user.roles, ["ADMIN".to_owned(), "USER".to_owned()]);
    let none = house.accounts.set_roles(&root(), "nobody", &[]).await;
    assert!(matches!(none, Err(Error::NotFound)));
}
