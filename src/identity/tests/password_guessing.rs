//! Password guessing: its cost for the server and for the owner of the account. The decay of counts is tested in
//! `throttle`.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::*;

fn from(address: &str) -> Origin {
    Origin {
        address: Some(address.parse().unwrap()),
        user_agent: None,
    }
}

fn with_short_delays() -> Settings {
    Settings {
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        password_permits: 4,
        ..Settings::default()
    }
}

async fn guess(test: &TestAccounts, name: &str, origin: &Origin) -> Error {
    let guess = "wrong horse battery".into();
    test.accounts.login(name, guess, origin).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_cost_few_hash_runs_and_the_owner_can_sign_in() {
    let test = TestAccounts::with(with_short_delays()).await;
    test.register("ann").await;
    let home = from("192.0.2.7");
    test.accounts.login("ann", password(), &home).await.unwrap();
    let before = test.accounts.password_runs();
    let begun = test.clock.now();
    let mut refused = 0;
    for round in 0..100 {
        let origin = from(&format!("198.51.100.{round}"));
        let guesses = (0..100).map(|_| guess(&test, "ann", &origin));
        for error in join_all(guesses).await {
            match error {
                Error::TooManyAttempts { retry_after } => {
                    assert!(retry_after <= Duration::from_secs(30));
                    refused += 1;
                }
                Error::InvalidCredentials => {}
                other => panic!("{other}"),
            }
        }
    }
    let runs = test.accounts.password_runs() - before;
    // The failures without a delay, those checked concurrently, and one for each delay that has passed: 1 s, 2 s, 4 s
    // and so on, so at most the seconds that the test took.
    let seconds = u64::try_from((test.clock.now() - begun).num_seconds()).unwrap();
    assert!(runs <= 10 + 4 + 6 + seconds, "{runs} in {seconds} s");
    assert_eq!(refused, 10_000 - runs);
    // The owner signs in at once from a known network, and from another after the longest delay.
    test.accounts.login("ann", password(), &home).await.unwrap();
    let away = from("203.0.113.9");
    let early = test.accounts.login("ann", password(), &away).await.unwrap_err();
    assert!(matches!(early, Error::TooManyAttempts { .. }));
    test.clock.advance(TimeDelta::seconds(30));
    test.accounts.login("ann", password(), &away).await.unwrap();
}

#[tokio::test]
async fn unknown_names_are_throttled_like_known_ones() {
    let test = TestAccounts::with(with_short_delays()).await;
    test.register("ann").await;
    let mut stories = Vec::new();
    for name in ["ann", "unknown", "not a username"] {
        let mut story = Vec::new();
        for _ in 0..15 {
            story.push(match guess(&test, name, &Origin::default()).await {
                Error::TooManyAttempts { .. } => "too many",
                Error::InvalidCredentials => "wrong",
                other => panic!("{other}"),
            });
        }
        stories.push(story);
    }
    assert_eq!(stories[0], stories[1]);
    assert_eq!(stories[0], stories[2]);
    assert_eq!(stories[0].iter().filter(|word| **word == "wrong").count(), 10);
}

#[tokio::test]
async fn guesses_from_one_address_at_many_accounts_are_throttled() {
    let mut settings = with_short_delays();
    settings.throttling.address_failures = 20;
    let test = TestAccounts::with(settings).await;
    test.register("ann").await;
    let origin = from("2001:db8::1");
    for n in 0..20 {
        assert!(matches!(
            guess(&test, &format!("user{n}"), &origin).await,
            Error::InvalidCredentials
        ));
    }
    let neighbour = from("2001:db8::2");
    let outcome = test.accounts.login("ann", password(), &neighbour).await;
    assert!(matches!(outcome, Err(Error::TooManyAttempts { .. })), "same network");
    let elsewhere = from("2001:db8:1::1");
    test.accounts.login("ann", password(), &elsewhere).await.unwrap();
}

#[tokio::test]
async fn guesses_with_a_session_are_throttled() {
    let test = TestAccounts::with(with_short_delays()).await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let session = test.session(&grant).await.unwrap();
    let change = async |old: &str| {
        let new = "another horse battery".into();
        test.accounts.change_password(&session, old.into(), new, false).await
    };
    for _ in 0..10 {
        assert!(matches!(
            change("wrong horse battery").await,
            Err(Error::InvalidCredentials)
        ));
    }
    assert!(matches!(
        change("correct horse battery").await,
        Err(Error::TooManyAttempts { .. })
    ));
    // The owner can still sign in.
    test.login("ann").await;
}
