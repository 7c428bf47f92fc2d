//! Tests of the audit trail alone. The events of accounts are tested in `identity::tests::audit_trail`.

use super::*;
use crate::clock::ShiftedClock;

async fn trail() -> (Audit, ShiftedClock) {
    let clock = ShiftedClock::default();
    let store = Arc::new(Store::open("mem://").await.unwrap());
    let audit = Audit::new(store, Arc::new(clock.clone()), TimeDelta::days(90));
    (audit, clock)
}

#[tokio::test]
async fn events_are_written_within_a_second() {
    let (audit, _clock) = trail().await;
    for n in 0..250 {
        let event = Event::new(Action::Inference).by(Some("ann")).field("Query.predict");
        audit.note(event.model("occupation@1").cost(10).millis(n));
    }
    let mut looks = 0;
    while audit
        .list(1, None, &AuditFilter::default())
        .await
        .unwrap()
        .events
        .is_empty()
    {
        looks += 1;
        assert!(looks < 1_200, "the writer did not write");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    audit.flush().await.unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = audit
            .list(100, after.as_deref(), &AuditFilter::default())
            .await
            .unwrap();
        seen.extend(page.events.iter().map(|event| event.millis.unwrap()));
        after = page.events.last().map(|event| event.id.clone());
        if !page.has_next {
            break;
        }
    }
    assert_eq!(seen, (0..250).rev().collect::<Vec<_>>());
    audit.close().await.unwrap();
}

#[tokio::test]
async fn filters_combine_and_old_events_are_removed() {
    let (audit, clock) = trail().await;
    let login = |who| Event::new(Action::Login).by(Some(who)).to(who);
    audit.record(login("ann")).await.unwrap();
    clock.advance(TimeDelta::days(50));
    let since = clock.now();
    audit.record(login("bob").refused("INVALID_CREDENTIALS")).await.unwrap();
    audit.record(login("ann").refused("INVALID_CREDENTIALS")).await.unwrap();
    audit
        .record(Event::new(Action::UserDisabled).by(Some("root")).to("ann"))
        .await
        .unwrap();
    let count = async |filter: AuditFilter| audit.list(10, None, &filter).await.unwrap().events.len();
    let filter = AuditFilter::default;
    assert_eq!(count(filter()).await, 4);
    assert_eq!(
        count(AuditFilter {
            account: Some("ann".into()),
            ..filter()
        })
        .await,
        3
    );
    assert_eq!(
        count(AuditFilter {
            refused: Some(true),
            ..filter()
        })
        .await,
        2
    );
    assert_eq!(
        count(AuditFilter {
            since: Some(since),
            ..filter()
        })
        .await,
        3
    );
    assert_eq!(
        count(AuditFilter {
            until: Some(since),
            ..filter()
        })
        .await,
        1
    );
    let both = AuditFilter {
        action: Some(Action::Login),
        account: Some("ann".into()),
        refused: Some(true),
        ..filter()
    };
    assert_eq!(count(both).await, 1);
    clock.advance(TimeDelta::days(50));
    assert_eq!(audit.sweep().await.unwrap(), 1);
    assert_eq!(count(filter()).await, 3);
    audit.pseudonymise("ann", "erased").await.unwrap();
    assert_eq!(
        count(AuditFilter {
            account: Some("ann".into()),
            ..filter()
        })
        .await,
        0
    );
    assert_eq!(
        count(AuditFilter {
            account: Some("erased".into()),
            ..filter()
        })
        .await,
        2
    );
}

#[tokio::test]
async fn events_of_a_newer_release_do_not_end_a_walk() {
    let (audit, _clock) = trail().await;
    for who in ["ann", "new", "new", "bob", "new", "cid"] {
        audit.record(Event::new(Action::Login).by(Some(who))).await.unwrap();
    }
    let statement = "UPDATE audit SET action = 'OF_A_NEWER_RELEASE' WHERE actor = 'new'";
    audit.inner.store.run(statement, Default::default()).await.unwrap();
    for first in 1..4 {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = audit
                .list(first, after.as_deref(), &AuditFilter::default())
                .await
                .unwrap();
            let is_full = page.events.len() == first;
            after = page.events.last().map(|event| event.id.clone());
            seen.extend(page.events.into_iter().filter_map(|event| event.actor));
            if !page.has_next {
                break;
            }
            assert!(is_full, "a page before the last is short: {seen:?}");
        }
        assert_eq!(seen, ["cid", "bob", "ann"]);
    }
}
