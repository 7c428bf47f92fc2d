//! Counts only. Logins are tested in `identity::tests::password_guessing`.

use futures_util::FutureExt as _;

use super::*;
use crate::clock::ShiftedClock;

/// The result of an attempt whose counts are in memory.
fn at_once<T>(outcome: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    outcome.now_or_never().expect("counts in memory need no waiting")
}

fn throttle() -> (Arc<Throttle>, ShiftedClock) {
    let clock = ShiftedClock::default();
    let settings = Throttling {
        address_failures: 20,
        ..Throttling::default()
    };
    let throttle = Throttle::in_memory(settings, Arc::new(clock.clone()));
    (Arc::new(throttle), clock)
}

fn wait(attempt: &Attempt) -> u64 {
    match at_once(attempt.peek()) {
        Err(Error::TooManyAttempts { retry_after }) => retry_after.as_secs_f64().round() as u64,
        Ok(()) => 0,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn concurrent_attempts_are_not_early() {
    let (throttle, _) = throttle();
    let attempt = || throttle.attempt("ann", Guesser::Stranger, None);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..200).for_each(|_| at_once(attempt().enter()).unwrap()));
        }
    });
}

#[test]
fn a_clock_set_back_does_not_extend_a_delay() {
    let (throttle, clock) = throttle();
    let attempt = throttle.attempt("ann", Guesser::Stranger, None);
    (0..12).for_each(|_| at_once(attempt.failed()).unwrap());
    let before = wait(&attempt);
    clock.advance(TimeDelta::minutes(-10));
    assert_eq!(wait(&attempt), before);
}

#[test]
fn delays_grow_to_a_maximum_and_decay() {
    let (throttle, clock) = throttle();
    let attempt = throttle.attempt("ann", Guesser::Stranger, None);
    let mut waits = Vec::new();
    for _ in 0..20 {
        at_once(attempt.enter()).unwrap();
        at_once(attempt.failed()).unwrap();
        let seconds = wait(&attempt);
        waits.push(seconds);
        clock.advance(TimeDelta::seconds(i64::try_from(seconds).unwrap() + 1));
    }
    assert_eq!(waits[..9], [0; 9]);
    assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
    assert_eq!(waits[9], 1);
    assert_eq!(waits[19], 30);
    clock.advance(TimeDelta::hours(1));
    for _ in 0..5 {
        at_once(attempt.enter()).unwrap();
        at_once(attempt.failed()).unwrap();
    }
    assert_eq!(wait(&attempt), 0);
}

#[test]
fn early_attempts_do_not_extend_the_delay_and_only_one_is_admitted() {
    let (throttle, clock) = throttle();
    let attempt = throttle.attempt("ann", Guesser::Stranger, None);
    for _ in 0..30 {
        at_once(attempt.failed()).unwrap();
    }
    clock.advance(TimeDelta::seconds(20));
    for _ in 0..1000 {
        assert!(at_once(attempt.enter()).is_err());
    }
    clock.advance(TimeDelta::seconds(10));
    at_once(attempt.enter()).unwrap();
    assert!(
        at_once(attempt.enter()).is_err(),
        "only one attempt is admitted at a time"
    );
}

#[test]
fn success_clears_the_account_but_not_the_address() {
    let (throttle, _clock) = throttle();
    let here = Some("192.0.2.1".parse().unwrap());
    let mine = throttle.attempt("mallory", Guesser::Stranger, here);
    for n in 0..20 {
        let theirs = throttle.attempt(&format!("user{n}"), Guesser::Stranger, here);
        at_once(theirs.failed()).unwrap();
        at_once(mine.succeeded()).unwrap();
    }
    assert!(wait(&mine) > 0);
    let elsewhere = Some("192.0.2.2".parse().unwrap());
    assert_eq!(wait(&throttle.attempt("mallory", Guesser::Stranger, elsewhere)), 0);
    let owner = throttle.attempt("user1", Guesser::Familiar("192.0.2.1".parse().unwrap()), here);
    assert_eq!(
        wait(&owner),
        0,
        "failures at other accounts do not delay an owner at a known address"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_with_one_store_count_together() {
    let store = Arc::new(Store::open("mem://").await.unwrap());
    let clock = ShiftedClock::default();
    let process = || {
        Arc::new(Throttle {
            settings: Throttling::default(),
            clock: Arc::new(clock.clone()),
            counts: Counts::InStore(Arc::clone(&store)),
        })
    };
    let here = Some("192.0.2.1".parse().unwrap());
    let attempts: Vec<_> = (0..3)
        .map(|_| process().attempt("ann", Guesser::Stranger, here))
        .collect();
    let failing = attempts.iter().cloned().map(|attempt| {
        tokio::spawn(async move {
            for _ in 0..4 {
                attempt.failed().await.unwrap();
            }
        })
    });
    for failed in failing.collect::<Vec<_>>() {
        failed.await.unwrap();
    }
    for attempt in &attempts {
        let early = attempt.peek().await.unwrap_err();
        // Twelve failures: two beyond the free ones double the first delay of a second twice.
        assert!(
            matches!(early, Error::TooManyAttempts { retry_after } if retry_after > Duration::from_secs(2)),
            "{early}"
        );
    }
    clock.advance(TimeDelta::seconds(5));
    attempts[0].enter().await.unwrap();
    attempts[1].enter().await.unwrap_err();
    attempts[0].succeeded().await.unwrap();
    for attempt in &attempts {
        attempt.enter().await.unwrap();
    }
    clock.advance(TimeDelta::days(2));
    process().sweep().await.unwrap();
    let left = store.run(
        "RETURN count(SELECT VALUE id FROM password_failures)",
        Default::default(),
    );
    assert_eq!(left.await.unwrap().take::<i64>().unwrap(), 0);
}

#[test]
fn networks_are_ipv4_addresses_or_ipv6_prefixes() {
    let network = |text: &str| network(text.parse().unwrap());
    assert_eq!(network("2001:db8:1:2:3::1"), network("2001:db8:1:2:ffff::9"));
    assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
}
