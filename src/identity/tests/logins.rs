//! Logins, and the end of sessions.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::*;
use crate::access::Permission;

#[tokio::test]
async fn a_token_names_its_owner() {
    let test = TestAccounts::open().await;
    test.register("Ann").await;
    let grant = test.login("ANN").await;
    assert_eq!(grant.tokens.expires_in, 15 * 60);
    let session = test.session(&grant).await.unwrap();
    assert_eq!(session.actor.id(), Some("ann"));
    assert_eq!(session.id, grant.session);
    assert!(session.actor.permissions().contains(Permission::Predict));
    assert!(!session.actor.permissions().contains(Permission::ReadUsers));
    assert!(test.accounts.recheck(&session).await.is_ok());
}

#[tokio::test]
async fn a_failed_login_does_not_reveal_the_reason() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    test.register("bob").await;
    test.accounts.set_enabled(&root(), "bob", false).await.unwrap();
    let attempt = async |name: &str, word: &str| {
        let outcome = test.accounts.login(name, word.into(), &Origin::default()).await;
        outcome.unwrap_err().to_string()
    };
    let wrong = "the username or the password is wrong";
    for name in ["ann", "bob", "unknown", "", "a\0", &"x".repeat(1 << 20)] {
        assert_eq!(attempt(name, "wrong horse battery").await, wrong);
        assert_eq!(attempt(name, "").await, wrong);
    }
    assert_eq!(attempt("ann", &"x".repeat(1 << 20)).await, wrong);
    assert_eq!(
        attempt("bob", "correct horse battery").await,
        "this account is disabled"
    );
}

#[tokio::test]
async fn disabling_takes_effect_before_it_returns() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grants = [test.login("ann").await, test.login("ann").await];
    let session = test.session(&grants[0]).await.unwrap();
    let toggled = test.accounts.set_enabled(&root(), "ann", false).await.unwrap();
    assert_eq!(toggled.ended_sessions, 2);
    assert!(!toggled.user.enabled);
    assert!(test.accounts.recheck(&session).await.is_err());
    for grant in &grants {
        assert!(refused(test.session(grant).await));
        let refreshed = test.accounts.refresh(&grant.tokens.refresh).await;
        assert!(matches!(refreshed, Err(Error::AccountDisabled)));
    }
    assert_eq!(test.accounts.count_sessions("ann").await.unwrap(), 0);
    assert!(test.accounts.sessions("ann").await.unwrap().is_empty());
    let again = test.accounts.set_enabled(&root(), "ann", false).await.unwrap();
    assert_eq!(again.ended_sessions, 0);
    // Enabling the account does not restore old sessions.
    test.accounts.set_enabled(&root(), "ann", true).await.unwrap();
    for grant in &grants {
        assert!(refused(test.session(grant).await));
        let refreshed = test.accounts.refresh(&grant.tokens.refresh).await;
        assert!(matches!(refreshed, Err(Error::InvalidRefreshToken)));
    }
    let grant = test.login("ann").await;
    assert!(test.session(&grant).await.is_ok());
    assert_eq!(test.accounts.count_sessions("ann").await.unwrap(), 1);
    // Enabling an enabled account changes nothing.
    test.accounts.set_enabled(&root(), "ann", true).await.unwrap();
    assert!(test.session(&grant).await.is_ok());
}

#[tokio::test]
async fn nothing_of_a_client_is_kept_after_disabling() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let origin = Origin {
        address: Some([192, 0, 2, 7].into()),
        user_agent: Some("an agent".to_owned()),
    };
    let grant = test.accounts.login("ann", password(), &origin).await.unwrap();
    let stored = async || records::find_session(&test.store, &grant.session).await.unwrap();
    assert!(stored().await.is_some_and(|session| session.address.is_some()));
    test.accounts.set_enabled(&root(), "ann", false).await.unwrap();
    let kept = stored().await.unwrap();
    assert_eq!((kept.user_agent, kept.address), (None, None));
    // Setting the password deletes the record, and no open session is reported.
    let set = test
        .accounts
        .set_password("ann", "a quite different staple".into())
        .await;
    assert_eq!(set.unwrap().ended_sessions, 0);
    assert!(stored().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_is_answered_after_disabling_under_load() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    for _ in 0..10 {
        let grant = test.login("ann").await;
        let off = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let token = Arc::new(grant.tokens.access.expose_secret().to_owned());
        let readers = (0..8).map(|_| {
            let (accounts, off, token) = (Arc::clone(&test.accounts), Arc::clone(&off), Arc::clone(&token));
            tokio::spawn(async move {
                let mut late = 0;
                loop {
                    let was_off = off.load(std::sync::atomic::Ordering::SeqCst);
                    let answered = accounts.authenticate(&token).await.is_ok();
                    late += usize::from(was_off && answered);
                    if was_off {
                        return late;
                    }
                    tokio::task::yield_now().await;
                }
            })
        });
        let readers: Vec<_> = readers.collect();
        tokio::time::sleep(Duration::from_millis(5)).await;
        test.accounts.set_enabled(&root(), "ann", false).await.unwrap();
        off.store(true, std::sync::atomic::Ordering::SeqCst);
        let late: usize = join_all(readers).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(late, 0);
        test.accounts.set_enabled(&root(), "ann", true).await.unwrap();
    }
}

#[tokio::test]
async fn a_change_of_roles_applies_to_the_next_request() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    test.session(&grant).await.unwrap();
    test.accounts
        .set_roles(&root(), "ann", &[ADMIN.to_owned()])
        .await
        .unwrap();
    let session = test.session(&grant).await.unwrap();
    assert!(session.actor.permissions().contains(Permission::ManageRoles));
    test.accounts.set_roles(&root(), "ann", &[]).await.unwrap();
    let session = test.session(&grant).await.unwrap();
    assert_eq!(session.actor.permissions().iter().count(), 0);
}

#[tokio::test]
async fn logging_out_ends_one_session_or_all() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let (first, second, third) = (
        test.login("ann").await,
        test.login("ann").await,
        test.login("ann").await,
    );
    let session = test.session(&first).await.unwrap();
    assert_eq!(test.accounts.logout(&session, false).await.unwrap(), 1);
    assert!(refused(test.session(&first).await));
    assert!(test.accounts.refresh(&first.tokens.refresh).await.is_err());
    let session = test.session(&second).await.unwrap();
    assert_eq!(test.accounts.logout(&session, true).await.unwrap(), 2);
    for grant in [&second, &third] {
        assert!(refused(test.session(grant).await));
        assert!(test.accounts.refresh(&grant.tokens.refresh).await.is_err());
    }
    test.login("ann").await;
}

#[tokio::test]
async fn an_open_connection_is_notified_that_its_session_ended() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    test.register("bob").await;
    let grant = test.login("ann").await;
    let session = test.session(&grant).await.unwrap();
    let accounts = Arc::clone(&test.accounts);
    let waiting = tokio::spawn(async move { accounts.ended(&session).await });
    test.accounts.set_enabled(&root(), "bob", false).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(
        !waiting.is_finished(),
        "an event of another account must not end the session"
    );
    test.accounts.set_enabled(&root(), "ann", false).await.unwrap();
    let end = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    assert_eq!(end.unwrap().unwrap(), SessionEnd::AccountDisabled);
}

#[tokio::test]
async fn a_failure_of_the_store_does_not_end_a_session() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let session = test.session(&grant).await.unwrap();
    let failure = "REMOVE TABLE session";
    test.store.run(failure, Default::default()).await.unwrap();
    test.accounts.states.session_changed(&grant.session);
    assert!(matches!(test.accounts.recheck(&session).await, Err(Error::Store(_))));
    let end = tokio::time::timeout(Duration::from_secs(60), test.accounts.ended(&session)).await;
    assert_eq!(end.unwrap(), SessionEnd::Unverified);
}

#[tokio::test]
async fn an_access_token_expires_by_the_injected_clock() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    test.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
    let session = test.session(&grant).await.unwrap();
    test.clock.advance(TimeDelta::seconds(7));
    assert!(refused(test.session(&grant).await));
    assert!(test.accounts.recheck(&session).await.is_err());
    let end = tokio::time::timeout(Duration::from_secs(60), test.accounts.ended(&session)).await;
    assert_eq!(end.unwrap(), SessionEnd::TokenExpired);
    test.clock.advance(TimeDelta::hours(-1));
    assert!(
        refused(test.session(&grant).await),
        "a token must not be valid before it was issued"
    );
}

#[tokio::test]
async fn a_hash_with_old_parameters_is_renewed_at_login() {
    let old = Settings {
        password_cost: Cost {
            memory: 64,
            passes: 1,
            lanes: 1,
        },
        ..Settings::default()
    };
    let test = TestAccounts::with(old).await;
    test.register("ann").await;
    let settings = Settings {
        key: KeySource::Ephemeral,
        ..Settings::default()
    };
    let accounts = Accounts::new(Arc::clone(&test.store), Arc::new(test.clock.clone()), settings).unwrap();
    let stored = async || {
        records::find_user(&test.store, "ann")
            .await
            .unwrap()
            .unwrap()
            .password
            .unwrap()
    };
    assert!(stored().await.contains("m=64,"));
    accounts.login("ann", password(), &Origin::default()).await.unwrap();
    let renewed = stored().await;
    assert!(renewed.contains("m=19456,"));
    accounts.login("ann", password(), &Origin::default()).await.unwrap();
    assert_eq!(stored().await, renewed);
}

#[tokio::test]
async fn secrets_are_not_printed() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let session = test.session(&grant).await.unwrap();
    let printed = format!("{grant:?} {session:?} {:?} {:?}", test.accounts, new_user("ann"));
    for secret in [
        grant.tokens.access.expose_secret(),
        grant.tokens.refresh.expose_secret(),
        password().expose_secret(),
        "ann@example.org",
    ] {
        assert!(!printed.contains(secret));
    }
}

#[tokio::test]
async fn an_operator_sets_a_password_and_ends_the_sessions() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    test.register("bob").await;
    let bob = test.login("bob").await;
    let grant = test.login("ann").await;
    let session = test.session(&grant).await.unwrap();
    let accounts = Arc::clone(&test.accounts);
    let connection = tokio::spawn(async move { accounts.ended(&session).await });
    let weak = test.accounts.set_password("ann", "short".into()).await;
    assert!(matches!(weak, Err(Error::WeakPassword { .. })), "{weak:?}");
    let unknown = test.accounts.set_password("unknown", password()).await;
    assert!(matches!(unknown, Err(Error::NotFound(ObjectKind::User))), "{unknown:?}");
    test.session(&grant).await.unwrap();

    let other = "a quite different staple";
    let set = test.accounts.set_password("ANN", other.into()).await.unwrap();
    assert_eq!((&*set.user.id, set.ended_sessions), ("ann", 1));
    let end = tokio::time::timeout(Duration::from_secs(60), connection).await;
    assert_eq!(end.unwrap().unwrap(), SessionEnd::Ended);
    assert!(refused(test.session(&grant).await));
    assert!(test.accounts.refresh(&grant.tokens.refresh).await.is_err());
    test.session(&bob).await.unwrap();
    let old = test.accounts.login("ann", password(), &Origin::default()).await;
    assert!(matches!(old, Err(Error::InvalidCredentials)));
    let new = test.accounts.login("ann", other.into(), &Origin::default()).await;
    new.unwrap();
}

#[tokio::test]
async fn only_the_request_that_ends_its_own_session_is_told() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("ann").await;
    test.register("bob").await;
    let session = test.session(&test.login("ann").await).await.unwrap();
    let elsewhere = test.session(&test.login("ann").await).await.unwrap();
    let bystander = test.session(&test.login("bob").await).await.unwrap();
    let accounts = &test.accounts;
    // Ending another session, and operations that end no session.
    let (_, own) = watch(Arc::clone(&session), accounts.end_session(&session, &elsewhere.id)).await;
    assert!(!own);
    let (_, own) = watch(Arc::clone(&session), accounts.set_enabled(&root(), "bob", false)).await;
    assert!(!own);
    let (_, own) = watch(Arc::clone(&session), accounts.set_enabled(&root(), "ann", true)).await;
    assert!(!own);
    // A failed operation ends no session.
    let (outcome, own) = watch(Arc::clone(&session), accounts.erase_me(&session, "wrong horse".into())).await;
    assert!(outcome.is_err() && !own);
    // Of two requests of one session, the one that did not end it is not told.
    let (begun, wait) = (tokio::sync::Notify::new(), tokio::sync::Notify::new());
    let idle = watch(Arc::clone(&session), async {
        begun.notify_one();
        wait.notified().await;
    });
    let ending = async {
        begun.notified().await;
        let (ended, own) = watch(Arc::clone(&session), accounts.logout(&session, false)).await;
        wait.notify_one();
        (ended.unwrap(), own)
    };
    let (((), idle_own), ended) = tokio::join!(idle, ending);
    assert_eq!((idle_own, ended), (false, (1, true)));
    // The session had already ended, so the request did not end it.
    let (_, own) = watch(Arc::clone(&session), accounts.logout(&session, false)).await;
    assert!(!own);
    let (_, own) = watch(Arc::clone(&bystander), accounts.remove(&root(), "bob")).await;
    assert!(own);
}
