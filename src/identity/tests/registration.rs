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
            tokio::spawn(async move { accounts.register(new, &Origin::default()).await })
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
        tokio::spawn(async move { accounts.register(new, &Origin::default()).await })
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

/// The codes of an error, and of each of several.
fn codes(error: &Error) -> Vec<&'static str> {
    match error {
        Error::Several(errors) => errors.iter().flat_map(codes).collect(),
        error => vec![error.code()],
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_named_at_once() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let runs = test.accounts.password_runs();
    let names = [
        ("bob", None),
        ("ANN", Some("USERNAME_TAKEN")),
        ("a\0b", Some("INVALID_INPUT")),
    ];
    let emails = [
        ("bob@example.org", None),
        ("Ann@Example.org", Some("EMAIL_TAKEN")),
        ("nowhere", Some("INVALID_INPUT")),
    ];
    let passwords = [
        ("correct horse battery", None),
        ("short", Some("WEAK_PASSWORD")),
        ("password1234", Some("WEAK_PASSWORD")),
    ];
    for (username, name_code) in names {
        for (email, email_code) in emails {
            for (password, password_code) in passwords {
                let new = NewUser {
                    username: username.to_owned(),
                    email: email.into(),
                    password: password.into(),
                };
                let all: Vec<_> = [name_code, email_code, password_code].into_iter().flatten().collect();
                // Input that is invalid is not compared with that of other accounts.
                let taken = |code: &str| code.ends_with("_TAKEN");
                let invalid: Vec<_> = all.iter().copied().filter(|code| !taken(code)).collect();
                let expected = if invalid.is_empty() { all } else { invalid };
                if expected.is_empty() {
                    continue;
                }
                let error = test.try_register(new).await.unwrap_err();
                assert_eq!(codes(&error), expected, "{username:?} {email} {password}: {error}");
                assert!(!error.to_string().contains(password), "{error}");
            }
        }
    }
    let megabyte = "x".repeat(1 << 20);
    let new = NewUser {
        username: megabyte.clone(),
        email: megabyte.clone().into(),
        password: megabyte.into(),
    };
    let error = test.try_register(new).await.unwrap_err();
    assert_eq!(codes(&error), ["INVALID_INPUT", "INVALID_INPUT", "WEAK_PASSWORD"]);
    assert!(error.to_string().len() < 500, "{error}");
    assert_eq!(test.accounts.password_runs(), runs, "refused input must not be hashed");
}

#[tokio::test]
async fn spellings_of_an_address_are_one_address() {
    let test = TestAccounts::open().await;
    let with = |name: &str, email: &str| NewUser {
        email: email.into(),
        ..new_user(name)
    };
    let user = test.try_register(with("ann", "Ann@Faß.example")).await.unwrap();
    assert_eq!(user.email, "ann@faß.example");
    for same in ["ann@xn--fa-hia.example", " ANN@FAß.EXAMPLE ", "\"Ann\"@faß.example"] {
        let outcome = test.try_register(with("bob", same)).await;
        assert!(matches!(outcome, Err(Error::EmailTaken)), "{same}: {outcome:?}");
    }
    test.try_register(with("bob", "ann@fass.example")).await.unwrap();
    // Earlier releases stored the domain as typed.
    let store = "CREATE email:`cid@xn--fa-hia.example` SET user = user:ann";
    test.store.run(store, Default::default()).await.unwrap();
    let outcome = test.try_register(with("cid", "cid@faß.example")).await;
    assert!(matches!(outcome, Err(Error::EmailTaken)), "{outcome:?}");
}

#[tokio::test]
async fn registrations_from_an_address_are_limited() {
    let settings = Settings {
        registration_rate: RegistrationRate {
            burst: 5,
            interval: Duration::from_secs(20),
        },
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    };
    let test = TestAccounts::with(settings).await;
    let from = |address: &str| Origin {
        address: Some(address.parse().unwrap()),
        user_agent: None,
    };
    let here = from("192.0.2.1");
    // Invalid input does not count.
    for _ in 0..20 {
        let outcome = test.accounts.register(new_user("a\0b"), &here).await;
        assert!(matches!(outcome, Err(Error::InvalidInput { .. } | Error::Several(_))));
    }
    let mut registered = 0;
    for n in 0..50 {
        match test.accounts.register(new_user(&format!("user{n}")), &here).await {
            Ok(_) => registered += 1,
            Err(Error::TooManyAttempts { retry_after }) => assert!(retry_after <= Duration::from_secs(20)),
            Err(other) => panic!("{other}"),
        }
    }
    assert!((5..=6).contains(&registered), "{registered}");
    // Other addresses and the operator are not limited by this one.
    test.accounts
        .register(new_user("bob"), &from("192.0.2.2"))
        .await
        .unwrap();
    test.admin("cid").await;
    test.clock.advance(chrono::TimeDelta::seconds(20));
    test.accounts.register(new_user("dee"), &here).await.unwrap();
    // A name that is in use counts, so names cannot be tried out without limit.
    let outcome = test.accounts.register(new_user("dee"), &here).await;
    assert!(matches!(outcome, Err(Error::TooManyAttempts { .. })), "{outcome:?}");
}

#[tokio::test]
async fn the_name_and_email_of_a_removed_account_are_available_and_its_tokens_invalid() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    assert_eq!(test.accounts.remove(&root(), "ann").await.unwrap(), "ann");
    assert!(matches!(
        test.accounts.remove(&root(), "ann").await,
        Err(Error::NotFound(ObjectKind::User))
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
        test.try_register(new_user("ann")).await,
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
