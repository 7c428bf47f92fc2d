//! Export and erasure of personal data.

use super::*;
use crate::audit::{Action, AuditFilter, Event};

#[tokio::test]
async fn the_export_holds_all_data_of_the_account_without_secrets() {
    let test = TestAccounts::open().await;
    test.register("ann").await;
    test.register("bob").await;
    let home = Origin {
        address: Some("192.0.2.1".parse().unwrap()),
        user_agent: Some("browser".to_owned()),
    };
    let stranger = Origin {
        address: Some("198.51.100.1".parse().unwrap()),
        user_agent: None,
    };
    let grant = test.accounts.login("ann", password(), &home).await.unwrap();
    assert!(
        test.accounts
            .login("ann", "wrong horse battery".into(), &stranger)
            .await
            .is_err()
    );
    let caller = test.session(&grant).await.unwrap();
    let new = NewApiKey {
        name: "nightly".to_owned(),
        roles: vec![crate::access::USER.to_owned()],
        expires_at: None,
    };
    let (_, secret) = test.accounts.create_api_key(&caller, new).await.unwrap();
    let event = Event::new(Action::Inference).by(Some("ann")).field("Query.predict");
    test.accounts
        .audit()
        .note(event.model("occupation@1").cost(10).millis(3));
    let export = test.accounts.export_my_data(&caller).await.unwrap();
    assert_eq!(export["account"]["email"], "ann@example.org");
    assert_eq!(export["sessions"][0]["userAgent"], "browser");
    assert_eq!(export["apiKeys"][0]["name"], "nightly");
    assert_eq!(export["networks"][0]["network"], "192.0.2.1");
    assert_eq!(export["olderAuditEventsLeftOut"], false);
    let actions: Vec<_> = export["auditEvents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["action"].as_str().unwrap())
        .collect();
    let told = [
        "INFERENCE",
        "DATA_EXPORTED",
        "KEY_CREATED",
        "LOGIN",
        "LOGIN",
        "REGISTERED",
    ];
    let (mut actions, mut told) = (actions, told.to_vec());
    actions.sort_unstable();
    told.sort_unstable();
    assert_eq!(actions, told);
    let printed = export.to_string();
    for hidden in [
        "bob",
        "198.51.100.1",
        "argon2",
        secret.expose_secret(),
        grant.tokens.refresh.expose_secret(),
    ] {
        assert!(!printed.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn erasing_leaves_a_pseudonym() {
    let test = TestAccounts::open().await;
    test.admin("root").await;
    test.register("ann").await;
    let grant = test.login("ann").await;
    let caller = test.session(&grant).await.unwrap();
    let wrong = test.accounts.erase_me(&caller, "wrong horse battery".into()).await;
    assert!(matches!(wrong, Err(Error::InvalidCredentials)));
    test.session(&grant).await.unwrap();
    test.accounts.erase_me(&caller, password()).await.unwrap();
    assert!(refused(test.session(&grant).await));
    assert!(test.accounts.find("ann").await.unwrap().is_none());
    let page = test
        .accounts
        .audit()
        .list(100, None, &AuditFilter::default())
        .await
        .unwrap();
    let printed = format!("{:?}", page.events);
    assert!(!printed.contains("\"ann\""), "{printed}");
    let erased = page
        .events
        .iter()
        .filter(|event| {
            event
                .subject
                .as_deref()
                .is_some_and(|subject| subject.starts_with("erased-"))
        })
        .count();
    assert_eq!(erased, 4, "registered, logged in, gave a wrong password, erased");
    test.register("ann").await;
    let grant = test.login("root").await;
    let last = test.session(&grant).await.unwrap();
    let outcome = test.accounts.erase_me(&last, password()).await;
    assert!(matches!(outcome, Err(Error::LastAdmin)));
}
