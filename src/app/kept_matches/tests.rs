//! Owners, expiry and limits. The scoring itself is tested in `matching::kept_match`.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::clock::ShiftedClock;

const SMALL: Limits = Limits {
    per_account: 3,
    bytes_per_account: 100,
    bytes: 200,
    sweep_interval: Duration::from_millis(5),
};

fn kept(limits: Limits) -> (KeptMatches<usize>, ShiftedClock) {
    let clock = ShiftedClock::default();
    (KeptMatches::with_limits(Arc::new(clock.clone()), limits), clock)
}

/// Which of these matches an account still has. Their order of use stays the same.
fn found(all: &KeptMatches<usize>, ids: &[(&str, String)]) -> Vec<bool> {
    let find = |(account, id): &(&str, String)| all.find(account, id).is_some();
    ids.iter().map(find).collect()
}

fn assert_consistent(all: &KeptMatches<usize>) {
    let state = all.inner.state.lock();
    let entries: Vec<_> = state.accounts.values().flatten().collect();
    assert_eq!(entries.len(), state.by_use.len());
    assert_eq!(entries.iter().map(|entry| entry.bytes).sum::<usize>(), state.bytes);
    assert!(state.accounts.values().all(|entries| !entries.is_empty()));
    for (account, entries) in &state.accounts {
        assert!(entries.is_sorted_by_key(|entry| entry.number));
        assert!(
            entries
                .iter()
                .all(|entry| state.by_use.get(&entry.number) == Some(account))
        );
    }
}

#[test]
fn a_match_is_found_by_its_account_only() {
    let (all, _) = kept(Limits::of(64 << 20));
    let (ann, bob) = (all.keep("ann", 1, 10), all.keep("bob", 2, 10));
    assert_eq!(all.find("ann", &ann).as_deref(), Some(&1));
    assert_eq!(all.find("bob", &bob).as_deref(), Some(&2));
    assert_eq!(all.find("bob", &ann), None);
    assert_eq!(all.find("eve", &ann), None);
    assert_eq!(all.find("ann", "unknown"), None);
    assert_ne!(all.keep("ann", 1, 10), ann);
    assert_consistent(&all);
}

#[test]
fn a_match_expires_two_minutes_after_its_last_use() {
    let (all, clock) = kept(Limits::of(64 << 20));
    let (used, unused) = (all.keep("ann", 1, 10), all.keep("ann", 2, 10));
    clock.advance(TimeDelta::seconds(90));
    assert!(all.find("ann", &used).is_some());
    clock.advance(TimeDelta::seconds(90));
    assert_eq!(all.find("ann", &unused), None);
    assert!(all.find("ann", &used).is_some());
    assert_consistent(&all);
    clock.advance(TimeDelta::seconds(121));
    assert_eq!(all.find("ann", &used), None);
    let state = all.inner.state.lock();
    assert!(state.accounts.is_empty() && state.by_use.is_empty() && state.bytes == 0);
}

#[test]
fn the_number_and_the_bytes_of_an_account_are_bounded() {
    let (all, _) = kept(SMALL);
    let mut ids: Vec<_> = (0..3).map(|at| ("ann", all.keep("ann", at, 10))).collect();
    ids.push(("bob", all.keep("bob", 9, 10)));
    // The first one is used again, so the second one is removed.
    assert!(all.find("ann", &ids[0].1).is_some());
    ids.push(("ann", all.keep("ann", 3, 10)));
    assert_eq!(found(&all, &ids), [true, false, true, true, true]);
    ids.push(("ann", all.keep("ann", 4, 95)));
    assert_eq!(found(&all, &ids), [false, false, false, true, false, true]);
    // The newest match is kept whatever its size.
    ids.push(("ann", all.keep("ann", 5, 150)));
    assert_eq!(found(&all, &ids), [false, false, false, true, false, false, true]);
    assert_consistent(&all);
}

#[test]
fn the_bytes_of_all_accounts_are_bounded() {
    let (all, _) = kept(SMALL);
    let accounts = ["ann", "bob", "cy", "dee", "eve"];
    let ids: Vec<_> = accounts
        .iter()
        .map(|account| (*account, all.keep(account, 0, 60)))
        .collect();
    assert_eq!(found(&all, &ids), [false, false, true, true, true]);
    assert!(all.inner.state.lock().bytes <= SMALL.bytes);
    assert_consistent(&all);
}

/// Counts how many of its kind exist.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn expired_matches_are_removed_without_a_call() {
    let (clock, count) = (ShiftedClock::default(), Arc::new(AtomicUsize::new(0)));
    let all = KeptMatches::with_limits(Arc::new(clock.clone()), SMALL);
    for _ in 0..2 {
        // The second time, a new task is started.
        count.fetch_add(1, Ordering::SeqCst);
        let id = all.keep("ann", Counted(Arc::clone(&count)), 10);
        tokio::time::sleep(5 * SMALL.sweep_interval).await;
        assert_eq!(count.load(Ordering::SeqCst), 1);
        clock.advance(KEPT_FOR);
        let removed = async {
            while count.load(Ordering::SeqCst) > 0 || all.inner.state.lock().sweeping {
                tokio::time::sleep(SMALL.sweep_interval).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), removed).await.unwrap();
        assert!(all.find("ann", &id).is_none());
    }
}
