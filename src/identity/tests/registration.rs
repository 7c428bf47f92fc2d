//! Registration of accounts, including concurrent registrations.

use futures_util::future::join_all;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_concurrent_registrations_gets_the_name() {
    let test = TestAccounts::open().await;
    for round in 0..4 {
        let tasks = (0..16).map(|n| {
            let accounts = Arc::clone(&test.accounts);
            let new = NewUser {
                email: format!("{round}-{n}@example.org").into(),
                ..new_user(&if n % 2 == 0 {
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
    assert_eq!(test.accounts.count(&UserFilter::default()).await.unwrap(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_concurrent_registrations_gets_the_email() {
    let test = TestAccounts::open().await;
    let tasks = (0..16).map(|n| {
        let accounts = Arc::clone(&test.accounts);
        let new = NewUser {
            email: if n % 2 == 0 {
                "Ann@Example.org"
            } else {
                "ann@example.ORG"
            }
            .into(),
            ..new_user(&format!("ann{n}"))
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
    // The failed registrations stored nothing: their names are available.
    assert_eq!(test.accounts.count(&UserFilter::default()).await.unwrap(), 1);
}

#[tokio::test]
async fn an_account_has_the_given_values() {
    let test = TestAccounts::open().await;
    let user = test.register("Ann").await;
    assert_eq!((&*user.id, user.username.as_str()), ("ann", "Ann"));
    assert_eq!(user.email, "ann@example.org");
    assert_eq!(*user.roles, ["USER".to_owned()]);
    assert!(user.enabled);
    assert_eq!(test.accounts.find("ANN").await.unwrap().unwrap(), user);
    assert_eq!(test.accounts.find("unknown").await.unwrap(), None);
    assert_eq!(test.accounts.find("\0").await.unwrap(), None);
}

#[tokio::test]
async fn invalid_input_is_named() {
    let test = TestAccounts::open().await;
    let cases = [
        ("a\0b", "a@b.c", "correct horse battery", "username"),
        ("ann", "nowhere", "correct horse battery", "email"),
        ("ann", "a@b.c", "short", "must be 12 to 128"),
        ("ann", "a@b.c", "password1234", "common password"),
    ];
    for (username, email, password, word) in cases {
        let new = NewUser {
            username: username.to_owned(),
            email: email.into(),
            password: password.into(),
        };
        let error = test.accounts.register(new).await.unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    }
    let megabyte = "x".repeat(1 << 20);
    let new = NewUser {
        username: megabyte.clone(),
        email: megabyte.clone().into(),
        password: megabyte.into(),
    };
    let runs = test.accounts.password_runs();
    assert!(matches!(
        test.accounts.register(new).await,
        Err(Error::InvalidInput { .. })
    ));
    assert_eq!(test.accounts.password_runs(), runs, "invalid input must not be hashed");
}

#[tokio::test]
async fn the_name_and_email_of_a_removed_account_are_available_and_its_tokens_invalid() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    assert_eq!(test.accounts.remove(&root(), "ann").await.unwrap(), "ann");
    assert!(matches!(
        test.accounts.remove(&root(), "ann").await,
        Err(Error::NotFound)
    ));
    test.register("ann").await;
    assert!(refused(test.session(&grant).await));
    let refreshed = test.accounts.refresh(&grant.tokens.refresh).await;
    assert!(matches!(refreshed, Err(Error::InvalidRefreshToken)));
}

#[tokio::test]
async fn registration_may_be_closed_or_need_approval() {
    let test = TestAccounts::with(Settings {
        registration: Registration::Closed,
        ..Settings::default()
    })
    .await;
    assert!(matches!(
        test.accounts.register(new_user("ann")).await,
        Err(Error::RegistrationClosed)
    ));
    let test = TestAccounts::with(Settings {
        registration: Registration::Approval,
        ..Settings::default()
    })
    .await;
    assert!(!test.register("ann").await.enabled);
    let outcome = test.accounts.login("ann", password(), &Origin::default()).await;
    assert!(matches!(outcome, Err(Error::AccountDisabled)));
    test.accounts.set_enabled(&root(), "ann", true).await.unwrap();
    test.login("ann").await;
}
