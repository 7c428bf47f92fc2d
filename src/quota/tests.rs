//! The counts. That fields are charged is tested in `tests/it`.

use chrono::TimeDelta;

use super::*;
use crate::access::{ADMIN, Actor, GUEST, Permissions, USER};
use crate::clock::ShiftedClock;

struct TestQuotas {
    store: Arc<Store>,
    clock: ShiftedClock,
}

impl TestQuotas {
    /// Starts with the clock at the beginning of an hour.
    async fn open() -> Self {
        let clock = ShiftedClock::default();
        clock.advance(hour_end(clock.now()) - clock.now());
        let store = Arc::new(Store::open("mem://").await.unwrap());
        Self { store, clock }
    }

    fn quotas(&self, per_second: Option<u32>) -> Quotas {
        let hourly = [
            (USER.to_owned(), 100),
            ("HEAVY".to_owned(), 1000),
            (GUEST.to_owned(), 10),
        ];
        let settings = Settings {
            hourly: hourly.into(),
            per_second: per_second.map(|units| (ADMIN.to_owned(), units)).into_iter().collect(),
            at_once: BTreeMap::from([(USER.to_owned(), 40), ("HEAVY".to_owned(), 4_000)]),
        };
        Quotas::new(
            settings,
            MOST_COUNTS,
            Arc::clone(&self.store),
            Arc::new(self.clock.clone()),
        )
    }
}

fn user(name: &str, roles: &[&str]) -> QuotaSubject {
    let roles: Vec<String> = roles.iter().map(|&role| role.to_owned()).collect();
    QuotaSubject::of(&Actor::user(name, roles, Permissions::NONE), None)
}

#[tokio::test]
async fn hourly_units_are_charged_exactly_and_reset_each_hour() {
    let test = TestQuotas::open().await;
    let mut one = test.quotas(None);
    let mut other = test.quotas(None);
    for shared in [false, true] {
        (one.shared, other.shared) = (shared, shared);
        // With a shared count, the second process continues where the first stopped.
        let second = if shared { &other } else { &one };
        let ann = user(&format!("ann{shared}"), &[USER]);
        for _ in 0..5 {
            one.spend(&ann, 10).await.unwrap();
            second.spend(&ann, 9).await.unwrap();
        }
        match one.spend(&ann, 6).await {
            Err(Error::QuotaExceeded {
                limit: 100,
                retry_after,
            }) => assert!(retry_after.as_secs() > 3000),
            outcome => panic!("{outcome:?}"),
        }
        one.spend(&ann, 5).await.unwrap();
        assert!(second.spend(&ann, 1).await.is_err());
        let usage = second.usage(&ann).await.unwrap();
        assert_eq!((usage.limit, usage.used), (Some(100), 100));
        second.refund(&ann, 40).await;
        one.spend(&ann, 40).await.unwrap();
        one.spend(&user("bob", &[USER]), 1).await.unwrap();
        test.clock.advance(TimeDelta::hours(1));
        assert_eq!(one.usage(&ann).await.unwrap().used, 0);
        one.spend(&ann, 100).await.unwrap();
    }
}

#[tokio::test]
async fn the_highest_limit_of_the_roles_applies_and_guests_are_counted_by_address() {
    let test = TestQuotas::open().await;
    let quotas = test.quotas(None);
    let limit = async |who: &QuotaSubject| quotas.usage(who).await.unwrap().limit;
    assert_eq!(limit(&user("ann", &[USER, "HEAVY", "IDLE"])).await, Some(1000));
    assert_eq!(limit(&user("root", &[ADMIN])).await, None);
    quotas.spend(&user("root", &[ADMIN]), u32::MAX).await.unwrap();
    assert_eq!(quotas.most_at_once(&user("ann", &[USER, "HEAVY", "IDLE"])), 4_000);
    assert_eq!(quotas.most_at_once(&user("ann", &[USER])), 40);
    assert_eq!(quotas.most_at_once(&user("root", &[ADMIN])), MOST_AT_ONCE);
    let guest = |address: &str| QuotaSubject::of(&Actor::guest(), Some(address.parse().unwrap()));
    quotas.spend(&guest("192.0.2.1"), 10).await.unwrap();
    assert!(quotas.spend(&guest("192.0.2.1"), 1).await.is_err());
    quotas.spend(&guest("192.0.2.2"), 10).await.unwrap();
    quotas.spend(&guest("2001:db8::1"), 10).await.unwrap();
    assert!(quotas.spend(&guest("2001:db8::2"), 1).await.is_err());
}

#[tokio::test]
async fn a_rate_limited_caller_may_retry_after_the_given_time() {
    let test = TestQuotas::open().await;
    let quotas = test.quotas(Some(2));
    let root = user("root", &[ADMIN]);
    quotas.spend(&root, 10).await.unwrap();
    quotas.spend(&root, 9).await.unwrap();
    let Err(Error::RateLimited { retry_after }) = quotas.spend(&root, 20).await else {
        panic!("too fast");
    };
    assert!((7000..=9500).contains(&retry_after.as_millis()), "{retry_after:?}");
    test.clock
        .advance(TimeDelta::from_std(retry_after).unwrap() + TimeDelta::milliseconds(1));
    quotas.spend(&root, 20).await.unwrap();
    quotas.spend(&user("ann", &[ADMIN]), 20).await.unwrap();
    // Above the burst: allowed once, after a pause.
    test.clock.advance(TimeDelta::minutes(1));
    quotas.spend(&root, 50).await.unwrap();
    assert!(quotas.spend(&root, 1).await.is_err());
    test.clock.advance(TimeDelta::seconds(30));
    quotas.spend(&root, 1).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_callers_do_not_exceed_the_quota() {
    let test = TestQuotas::open().await;
    let mut quotas = test.quotas(None);
    for shared in [false, true] {
        quotas.shared = shared;
        let ann = user(&format!("ann{shared}"), &[USER]);
        let all = (0..24).map(|_| quotas.spend(&ann, 10));
        let outcomes = futures_util::future::join_all(all).await;
        let served = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(served, 10, "{outcomes:?}");
    }
}
