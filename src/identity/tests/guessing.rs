//! Guesses at passwords: what they cost us, what they cost the owner. That a count fades is tested in `throttle`.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::*;

fn from(address: &str) -> Origin {
    Origin {
        address: Some(address.parse().unwrap()),
        user_agent: None,
    }
}

fn hurried() -> Settings {
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

async fn guess(house: &House, name: &str, origin: &Origin) -> Error {
    let guess = "wrong horse battery".into();
    house.accounts.login(name, guess, origin).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_guesses_cost_a_handful_of_runs_and_the_owner_gets_in() {
    let house = House::with(hurried()).await;
    house.register("ann").await;
    let home = from("192.0.2.7");
    house.accounts.login("ann", password(), &home).await.unwrap();
    let before = house.accounts.password_runs();
    let begun = house.clock.now();
    let mut refused = 0;
    for round in 0..100 {
        let origin = from(&format!("198.51.100.{round}"));
        let guesses = (0..100).map(|_| guess(&house, "ann", &origin));
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
    let runs = house.accounts.password_runs() - before;
    // Those that cost no wait, those whose turn had come at the same time, and the waits that this took on the machine:
    // 1 s, 2 s, 4 s and so on, so no more than its seconds.
    let seconds = u64::try_from((house.clock.now() - begun).num_seconds()).unwrap();
    assert!(runs <= 10 + 4 + 6 + seconds, "{runs} in {seconds} s");
    assert_eq!(refused, 10_000 - runs);
    // The owner is heard at once at home, and elsewhere after the longest wait.
    house.accounts.login("ann", password(), &home).await.unwrap();
    let away = from("203.0.113.9");
    let early = house.accounts.login("ann", password(), &away).await.unwrap_err();
    assert!(matches!(early, Error::TooManyAttempts { .. }));
    house.clock.advance(TimeDelta::seconds(30));
    house.accounts.login("ann", password(), &away).await.unwrap();
}

#[tokio::test]
async fn names_that_nobody_has_are_refused_alike() {
    let house = House::with(hurried()).await;
    house.register("ann").await;
    let mut stories = Vec::new();
    for name in ["ann", "nobody", "no name at all"] {
        let mut story = Vec::new();
        for _ in 0..15 {
            story.push(match guess(&house, name, &Origin::default()).await {
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
async fn one_address_at_many_accounts_is_slowed_down_too() {
    let mut settings = hurried();
    settings.throttling.address_failures = 20;
    let house = House::with(settings).await;
    house.register("ann").await;
    let origin = from("2001:db8::1");
    for n in 0..20 {
        assert!(matches!(
            guess(&house, &format!("user{n}"), &origin).await,
            Error::InvalidCredentials
        ));
    }
    let neighbour = from("2001:db8::2");
    let outcome = house.accounts.login("ann", password(), &neighbour).await;
    assert!(matches!(outcome, Err(Error::TooManyAttempts { .. })), "same network");
    let elsewhere = from("2001:db8:1::1");
    house.accounts.login("ann", password(), &elsewhere).await.unwrap();
}

#[tokio::test]
async fn a_stolen_session_cannot_guess_the_password_either() {
    let house = House::with(hurried()).await;
    house.register("ann").await;
    let grant = house.login("ann").await;
    let session = house.session(&grant).await.unwrap();
    let change = async |old: &str| {
        let new = "another horse battery".into();
        house.accounts.change_password(&session, old.into(), new).await
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
    // The owner's own way in is not barred by it.
    house.login("ann").await;
}
