//! Making accounts, many at once included.

use futures_util::future::join_all;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_one_gets_the_name() {
    let house = House::open().await;
    for round in 0..4 {
        let tasks = (0..16).map(|n| {
            let accounts = Arc::clone(&house.accounts);
            let new = NewUser {
                email: format!("{round}-{n}@example.org").into(),
                ..newcomer(&if n % 2 == 0 {
                    format!("Ann{round}")
                } else {
                    format!("aNN{round}")
                })
            };
            tokio::spawn(async move { accounts.register(new).await })
        });
        let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let losers = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(Error::UsernameTaken)))
            .count();
        assert_eq!((winners, losers), (1, 15), "{outcomes:?}");
    }
    assert_eq!(house.accounts.count(&UserFilter::default()).await.unwrap(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_one_gets_the_address() {
    let house = House::open().await;
    let tasks = (0..16).map(|n| {
        let accounts = Arc::clone(&house.accounts);
        let new = NewUser {
            email: if n % 2 == 0 {
                "Ann@Example.org"
            } else {
                "ann@example.ORG"
            }
            .into(),
            ..newcomer(&format!("ann{n}"))
        };
        tokio::spawn(async move { accounts.register(new).await })
    });
    let outcomes: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
    let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let losers = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(Error::EmailTaken)))
        .count();
    assert_eq!((winners, losers), (1, 15), "{outcomes:?}");
    // The losers have left nothing behind: their names are free.
    assert_eq!(house.accounts.count(&UserFilter::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn an_account_is_what_was_asked_for() {
    let house = House::open().await;
    let user = house.register("Ann").await;
    assert_eq!((&*user.id, user.username.as_str()), ("ann", "Ann"));
    assert_eq!(user.email, "ann@example.org");
    assert_eq!(*user.roles, ["USER".to_owned()]);
    assert!(user.enabled);
    assert_eq!(house.accounts.find("ANN").await.unwrap().unwrap(), user);
    assert_eq!(house.accounts.find("nobody").await.unwrap(), None);
    assert_eq!(house.accounts.find("\0").await.unwrap(), None);
}

#[tokio::test]
async fn bad_input_is_named() {
    let house = House::open().await;
    let cases = [
        ("a\0b", "a@b.c", "correct horse battery", "username"),
        ("ann", "nowhere", "correct horse battery", "email"),
        ("ann", "a@b.c", "short", "must be 12 to 128"),
        ("ann", "a@b.c", "password1234", "tried first"),
    ];
    for (username, email, password, word) in cases {
        let new = NewUser {
            username: username.to_owned(),
            email: email.into(),
            password: password.into(),
        };
        let error = house.accounts.register(new).await.unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    }
    let megabyte = "x".repeat(1 << 20);
    let new = NewUser {
        username: megabyte.clone(),
        email: megabyte.clone().into(),
        password: megabyte.into(),
    };
    let runs = house.accounts.password_runs();
    assert!(matches!(
        house.accounts.register(new).await,
        Err(Error::InvalidInput { .. })
    ));
    assert_eq!(house.accounts.password_runs(), runs, "nothing is hashed for it");
}

#[tokio::test]
async fn a_removed_name_and_address_are_free_again_and_old_tokens_stay_dead() {
    let house = House::open().await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    assert_eq!(house.accounts.remove(&root(), "ann").await.unwrap(), "ann");
    assert!(matches!(
        house.accounts.remove(&root(), "ann").await,
        Err(Error::NotFound)
    ));
    house.register("ann").await;
    assert!(refused(house.session(&grant).await));
    let refreshed = house.accounts.refresh(&grant.tokens.refresh).await;
    assert!(matches!(refreshed, Err(Error::InvalidRefreshToken)));
}

#[tokio::test]
async fn modes_close_the_door_or_ask_for_approval() {
    let house = House::with(Settings {
        registration: Registration::Closed,
        ..Settings::default()
    })
    .await;
    assert!(matches!(
        house.accounts.register(newcomer("ann")).await,
        Err(Error::RegistrationClosed)
    ));
    let house = House::with(Settings {
        registration: Registration::Approval,
        ..Settings::default()
    })
    .await;
    assert!(!house.register("ann").await.enabled);
    let outcome = house.accounts.login("ann", password(), &Origin::default()).await;
    assert!(matches!(outcome, Err(Error::AccountDisabled)));
    house.accounts.set_enabled(&root(), "ann", true).await.unwrap();
    house.login("ann").await;
}
