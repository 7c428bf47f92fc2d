//! Usernames: the spellings of one name, and names that look alike. These count as taken, also concurrently, and those of
//! earlier releases keep working. Which names look alike is tested in `user::skeleton`.

use futures_util::future::join_all;
use serde_json::Value;

use super::*;
use crate::access::{Permissions, USER};

/// Spellings of "scope" and "admin" that look alike. The first is Latin.
const SCOPE: [&str; 6] = ["scope", "ѕсоре", "SCOPE", "ＳＣＯＰＥ", "ЅСОРЕ", "sc0pe"];
const ADMINS: [&str; 6] = ["admın", "ADMIN", "ᎪᎠᎷᎥΝ", "ADM1N", "adm\u{131}n", " AdmIn "];

async fn ask(store: &Store, statement: &str) -> Value {
    store.run(statement, Default::default()).await.unwrap().take().unwrap()
}

fn cheap() -> Settings {
    Settings {
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    }
}

fn named(name: &str, n: usize) -> NewUser {
    NewUser {
        username: name.to_owned(),
        ..new_user(&format!("user{n}"))
    }
}

#[tokio::test]
async fn a_name_is_the_same_wherever_it_is_given() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    let forms = ["lora ", "\u{a0}LORA", "ｌｏｒａ", "lo\u{200c}ra"];
    for (n, registered) in forms[..3].iter().enumerate() {
        let new = NewUser {
            username: (*registered).to_owned(),
            ..new_user(&format!("user{n}"))
        };
        assert_eq!(&*test.try_register(new).await.unwrap().id, "lora");
        for form in forms {
            assert_eq!(&*test.login(form).await.user.id, "lora", "{form:?}");
            assert!(test.accounts.find(form).await.unwrap().is_some(), "{form:?}");
            test.accounts.set_password(form, password()).await.unwrap();
            test.accounts
                .set_roles(&root(), form, &["USER".to_owned()])
                .await
                .unwrap();
            test.accounts.set_enabled(&root(), form, false).await.unwrap();
            test.accounts.set_enabled(&root(), form, true).await.unwrap();
        }
        let filter = UserFilter {
            text: Some(format!(" {registered}")),
            ..UserFilter::default()
        };
        assert_eq!(test.accounts.count(&filter).await.unwrap(), 1);
        assert_eq!(test.accounts.remove(&root(), " Lora\t").await.unwrap(), "lora");
    }
}

#[tokio::test]
async fn a_name_that_looks_like_another_is_taken_until_the_account_is_removed() {
    let test = TestAccounts::with(cheap()).await;
    for (n, first) in SCOPE.iter().enumerate() {
        let user = test.try_register(named(first, n)).await.unwrap();
        for other in SCOPE {
            let outcome = test.try_register(named(other, 10 + n)).await;
            assert!(
                matches!(outcome, Err(Error::UsernameTaken)),
                "{first} {other}: {outcome:?}"
            );
        }
        assert_eq!(&*test.login(first).await.user.id, &*user.id);
        test.accounts.remove(&root(), &user.id).await.unwrap();
        assert_eq!(
            ask(&test.store, "SELECT * FROM name_skeleton").await,
            serde_json::json!([])
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_concurrent_registrations_gets_the_skeleton() {
    let test = TestAccounts::with(cheap()).await;
    for round in 0..8 {
        let tasks = (0..18).map(|n| {
            let accounts = Arc::clone(&test.accounts);
            let name = format!("{}-{round}", SCOPE[n % SCOPE.len()]);
            let new = named(&name, 100 * round + n);
            tokio::spawn(async move { accounts.register(new, &Origin::default()).await })
        });
        let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let losers = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(Error::UsernameTaken)))
            .count();
        assert_eq!((winners, losers), (1, 17), "{outcomes:?}");
    }
}

#[tokio::test]
async fn names_of_roles_are_taken() {
    let test = TestAccounts::with(cheap()).await;
    test.accounts
        .put_role(&root(), "AUDITOR", Permissions::NONE)
        .await
        .unwrap();
    for (n, name) in ADMINS
        .into_iter()
        .chain(["guest", "user", "auditor", "АUDITОR", "AUDlT0R"])
        .enumerate()
    {
        let outcome = test.try_register(named(name, n)).await;
        // A mixture of scripts is refused for that.
        assert!(
            matches!(outcome, Err(Error::UsernameTaken | Error::InvalidInput { .. })),
            "{name}: {outcome:?}"
        );
        let lookalike = !["admin", "guest", "user", "auditor"].contains(&name.trim().to_lowercase().as_str());
        let created = test.accounts.create(named(name, n), &[USER.to_owned()]).await;
        assert_eq!(created.is_err(), lookalike, "{name}: {created:?}");
        if let Ok(user) = created {
            test.accounts.remove(&root(), &user.id).await.unwrap();
        }
    }
    test.accounts.ensure_admin(Some(password())).await.unwrap();
    test.login("admin").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn roles_do_not_look_alike() {
    let test = TestAccounts::open().await;
    let put = async |name: &str| test.accounts.put_role(&root(), name, Permissions::NONE).await;
    for name in ["ADM1N", "GUE5T", "AUDITOR", "AUD1TOR", "AUDIT0R", "AUDITOR2"] {
        let refused = put(name).await.is_err();
        assert_eq!(refused, ["ADM1N", "AUD1TOR", "AUDIT0R"].contains(&name), "{name}");
    }
    // An existing role can be changed.
    put("AUDITOR").await.unwrap();
    for round in 0..5 {
        let tasks = ["PILOT", "P1LOT", "PIL0T", "P1L0T", "PLL0T"].map(|name| {
            let accounts = Arc::clone(&test.accounts);
            let name = format!("{name}_{round}");
            tokio::spawn(async move { accounts.put_role(&root(), &name, Permissions::NONE).await.map(drop) })
        });
        let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        let created = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let looks = test.accounts.roles().await.unwrap();
        let looks = looks.iter().filter(|role| role.name.ends_with(&format!("_{round}")));
        assert_eq!(created, looks.count());
        // One of the first four, and `PLL0T`, which looks like none of them.
        assert_eq!(created, 2, "{outcomes:?}");
    }
}

#[tokio::test]
async fn accounts_of_earlier_releases_keep_their_names() {
    let test = TestAccounts::with(cheap()).await;
    test.register("ann").await;
    test.register("scope").await;
    test.register("bob").await;
    // An earlier release stored no skeletons, and allowed confusable names.
    let earlier = "
        LET $scope = (SELECT * FROM ONLY user:scope);
        CREATE user:`ѕсоре` CONTENT {
            username: 'ѕсоре', email: 'other@example.org', password: $scope.password, roles: $scope.roles, enabled: true,
            era: $scope.era, created_at: $scope.created_at, updated_at: $scope.updated_at
        };
        UPDATE user SET skeletons = NONE;
        DELETE name_skeleton;
        DELETE rule;
    ";
    test.store.run(earlier, Default::default()).await.unwrap();
    let restart = || {
        let settings = Settings {
            key: KeySource::Ephemeral,
            ..cheap()
        };
        Accounts::new(Arc::clone(&test.store), Arc::new(test.clock.clone()), settings).unwrap()
    };
    let now = restart();
    for name in ["scope", "ѕсоре"] {
        let grant = now.login(name, password(), &Origin::default()).await.unwrap();
        assert_eq!(&*grant.user.id, name);
    }
    let taken = async |accounts: &Accounts, name: &str| {
        let outcome = accounts.register(named(name, 50), &Origin::default()).await;
        matches!(outcome, Err(Error::UsernameTaken))
    };
    assert!(taken(&now, "SCOPE").await);
    assert!(taken(&now, "anո").await);
    // The name stays taken as long as one of them has it.
    now.remove(&root(), "scope").await.unwrap();
    assert!(taken(&now, "scope").await);
    now.remove(&root(), "ѕсоре").await.unwrap();
    // Skeletons of another version of Unicode are replaced at the next start.
    let outdated = "
        UPDATE rule:name_skeletons SET touched = 'outdated';
        DELETE name_skeleton;
        CREATE name_skeleton:old SET users = [user:bob];
        UPDATE user:bob SET skeletons = [name_skeleton:old];
    ";
    test.store.run(outdated, Default::default()).await.unwrap();
    let next = restart();
    assert!(taken(&next, "b0b").await);
    next.register(named("scope", 51), &Origin::default()).await.unwrap();
    let rows = ask(
        &test.store,
        "SELECT VALUE id FROM name_skeleton WHERE users CONTAINS user:bob",
    )
    .await;
    assert_eq!(rows, serde_json::json!(["name_skeleton:bob"]));
}
