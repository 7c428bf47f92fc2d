//! Tokens of foreign issuers: their accounts and permissions. Keys are tested in `foreign_issuer_keys`, forged tokens
//! in `forged_tokens`, a real provider in `tests/it`.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portcullis_test_support::test_issuer::{IssuerKey, TestIssuer};
use serde_json::{Value, json};

use super::*;
use crate::access::{Permission, Permissions, USER};
use crate::audit::{Action, AuditFilter};
use crate::clock::Clock;

/// Accounts that trust an issuer with one key.
pub(super) struct IssuerTest {
    pub(super) test: TestAccounts,
    pub(super) issuer: TestIssuer,
    pub(super) key: IssuerKey,
}

impl IssuerTest {
    pub(super) async fn open() -> Self {
        let key = IssuerKey::new("first", "EdDSA");
        let issuer = TestIssuer::start(&[&key]).await;
        let test = accounts_with_issuer(&issuer, json!({})).await;
        Self { test, issuer, key }
    }

    pub(super) fn claims(&self, subject: &str, roles: &[&str]) -> Value {
        let now = self.test.clock.now().timestamp();
        json!({
            "iss": self.issuer.url, "aud": "portcullis", "sub": subject, "exp": now + 3600, "iat": now,
            "preferred_username": subject, "groups": roles,
        })
    }

    pub(super) fn token(&self, subject: &str, roles: &[&str]) -> String {
        self.key.token("EdDSA", &self.claims(subject, roles))
    }

    pub(super) async fn authenticate(&self, token: &str) -> Result<Arc<Session>, Error> {
        self.test.accounts.authenticate(token).await
    }
}

/// Accounts that trust an issuer, by default with every algorithm and roles by group; `changes` are its other settings.
pub(super) async fn accounts_with_issuer(issuer: &TestIssuer, changes: Value) -> TestAccounts {
    let mut settings = json!({
        "url": issuer.url, "audience": "portcullis", "roles_claim": "groups",
        "algorithms": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"],
        "default_roles": ["USER"], "roles": { "boss": "ADMIN", "reads": "AUDITOR" },
    });
    settings
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    TestAccounts::with(Settings {
        issuers: vec![serde_json::from_value(settings).unwrap()],
        ..Settings::default()
    })
    .await
}

fn with(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims[name] = value.into();
    claims
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_first_requests_create_one_account() {
    let setup = IssuerTest::open().await;
    let tokens: Vec<String> = (0..16)
        .map(|n| setup.key.token("EdDSA", &with(setup.claims("ann", &[]), "jti", n)))
        .collect();
    let sessions = join_all(tokens.iter().map(|token| setup.authenticate(token))).await;
    let session = sessions.into_iter().map(Result::unwrap).next().unwrap();
    assert_eq!(session.user.username, "ann@127.0.0.1");
    assert_eq!((&*session.user.email, session.credential), ("", Credential::Foreign));
    assert_eq!(session.actor.roles(), [USER.to_owned()]);
    assert_eq!(*session.user.roles, [USER.to_owned()]);
    assert_eq!(setup.issuer.key_set_requests(), 1, "expected one request for keys");
    let accounts = &setup.test.accounts;
    assert_eq!(accounts.count(&UserFilter::default()).await.unwrap(), 1);
    let found = UserFilter {
        text: Some("ANN@127".to_owned()),
        ..UserFilter::default()
    };
    assert_eq!(accounts.count(&found).await.unwrap(), 1);
    let filter = AuditFilter {
        action: Some(Action::Registered),
        ..AuditFilter::default()
    };
    let events = accounts.audit().list(10, None, &filter).await.unwrap().events;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].subject.as_deref(), Some(&*session.user.id));
    let other = setup.authenticate(&setup.token("Ann", &[])).await.unwrap();
    assert_ne!(other.user.id, session.user.id, "subjects are case-sensitive");
    // The account has no password, so a password login fails.
    for name in [&*session.user.id, "ann@127.0.0.1", "ann"] {
        let outcome = accounts.login(name, password(), &Origin::default()).await;
        assert!(matches!(outcome, Err(Error::InvalidCredentials)), "{name}");
    }
    let squatter = NewUser {
        username: session.user.id.to_string(),
        ..new_user("ann")
    };
    assert!(matches!(
        accounts.register(squatter, &Origin::default()).await,
        Err(Error::InvalidInput { path: "username", .. })
    ));
}

#[tokio::test]
async fn a_disabled_account_is_refused_at_once() {
    let setup = IssuerTest::open().await;
    let token = setup.token("ann", &["boss"]);
    let session = setup.authenticate(&token).await.unwrap();
    let accounts = &setup.test.accounts;
    let toggled = accounts.set_enabled(&root(), &session.user.id, false).await.unwrap();
    assert!(!toggled.user.enabled);
    assert!(refused(setup.authenticate(&token).await));
    assert!(
        refused(setup.authenticate(&setup.token("ann", &[])).await),
        "another token of a disabled account must be refused"
    );
    assert!(accounts.recheck(&session).await.is_err());
    accounts.ended(&session).await;
    accounts.set_enabled(&root(), &session.user.id, true).await.unwrap();
    setup.authenticate(&token).await.unwrap();
    accounts.recheck(&session).await.unwrap();
    // After a removal, the next token creates a new account; requests of the old one are refused.
    setup.test.clock.advance(TimeDelta::seconds(1));
    accounts.remove(&root(), &session.user.id).await.unwrap();
    assert!(accounts.recheck(&session).await.is_err());
    let again = setup.authenticate(&token).await.unwrap();
    assert_ne!(again.user.created_at, session.user.created_at);
    assert!(accounts.recheck(&session).await.is_err());
}

#[tokio::test]
async fn permissions_come_from_the_token_alone() {
    let setup = IssuerTest::open().await;
    let accounts = &setup.test.accounts;
    let may = async |roles: &[&str]| {
        setup
            .authenticate(&setup.token("ann", roles))
            .await
            .unwrap()
            .actor
            .permissions()
    };
    let user = may(&["unmapped", "ADMIN", "USER"]).await;
    assert_eq!(Some(user), crate::access::built_in_role(USER));
    assert_eq!(may(&["boss"]).await, Permissions::ALL);
    assert_eq!(may(&[]).await, user, "roles of an earlier token must not be kept");
    assert_eq!(may(&["reads"]).await, user, "a role that does not exist grants nothing");
    let set = Permissions::of(&[Permission::ReadAudit]);
    accounts.put_role(&root(), "AUDITOR", set).await.unwrap();
    assert_eq!(
        may(&["reads"]).await,
        user.union(set),
        "a role grants its permissions once it exists"
    );
    let session = setup.authenticate(&setup.token("ann", &["boss"])).await.unwrap();
    let roles = [ADMIN.to_owned()];
    let outcome = accounts.set_roles(&root(), &session.user.id, &roles).await;
    assert!(matches!(outcome, Err(Error::InvalidInput { path: "roles", .. })));
    let outcome = accounts.set_password(&session.user.id, password()).await;
    assert!(matches!(outcome, Err(Error::InvalidInput { path: "id", .. })));
    let unknown = format!("~{}", "0".repeat(40));
    assert!(matches!(
        accounts.set_roles(&root(), &unknown, &roles).await,
        Err(Error::NotFound(ObjectKind::User))
    ));
    let stored = accounts.find(&session.user.id).await.unwrap().unwrap();
    assert!(stored.roles.is_empty());
    // A foreign admin does not count as the last admin.
    setup.test.admin("root").await;
    let outcome = accounts.set_enabled(&root(), "root", false).await;
    assert!(matches!(outcome, Err(Error::LastAdmin)));
}

#[tokio::test]
async fn roles_are_read_from_the_configured_claim() {
    let key = IssuerKey::new("k", "EdDSA");
    let issuer = TestIssuer::start(&[&key]).await;
    for (path, claims) in [
        (
            "realm_access.roles",
            json!({ "realm_access": { "roles": ["x", "boss"] } }),
        ),
        (
            "https://example.org/roles",
            json!({ "https://example.org/roles": ["boss"] }),
        ),
        ("scope", json!({ "scope": "openid boss" })),
    ] {
        let test = accounts_with_issuer(&issuer, json!({ "roles_claim": path, "default_roles": [] })).await;
        let now = test.clock.now().timestamp();
        let mut token = json!({ "iss": issuer.url, "aud": ["portcullis"], "sub": "ann", "exp": now + 60 });
        let bare = key.token("EdDSA", &token);
        token
            .as_object_mut()
            .unwrap()
            .extend(claims.as_object().unwrap().clone());
        let session = test.accounts.authenticate(&key.token("EdDSA", &token)).await.unwrap();
        assert_eq!(session.actor.roles(), [ADMIN.to_owned()], "{path}");
        let session = test.accounts.authenticate(&bare).await.unwrap();
        assert_eq!(session.actor.permissions(), Permissions::NONE, "{path}");
    }
}

#[tokio::test]
async fn a_foreign_session_cannot_manage_the_account() {
    let setup = IssuerTest::open().await;
    let accounts = &setup.test.accounts;
    let session = setup.authenticate(&setup.token("ann", &[])).await.unwrap();
    let exp = setup.test.clock.now() + TimeDelta::hours(1);
    assert!((exp - session.session_expires_at).num_seconds().abs() <= 1);
    assert_eq!(accounts.logout(&session, true).await.unwrap(), 0);
    accounts.recheck(&session).await.unwrap();
    let key = NewApiKey {
        name: "batch".to_owned(),
        roles: vec![USER.to_owned()],
        expires_at: None,
    };
    for outcome in [
        accounts.create_api_key(&session, key).await.map(drop),
        accounts
            .change_password(&session, password(), "another horse battery".into(), false)
            .await
            .map(drop),
        accounts.end_session(&session, &session.id).await,
        accounts.erase_me(&session, password()).await,
    ] {
        assert!(matches!(outcome, Err(Error::SessionRequired)), "{outcome:?}");
    }
    let export = accounts.export_my_data(&session).await.unwrap();
    assert_eq!(export["account"]["subject"], "ann");
    assert_eq!(export["account"]["issuer"], setup.issuer.url);
    let token = setup.token("ann", &[]);
    setup.test.clock.advance(TimeDelta::hours(1) + TimeDelta::seconds(6));
    assert!(accounts.recheck(&session).await.is_err());
    assert!(refused(setup.authenticate(&token).await));
    assert!(refused(setup.authenticate(&setup.key.token("EdDSA", &json!({}))).await));
}

#[tokio::test]
async fn own_tokens_are_accepted_beside_an_issuer() {
    let setup = IssuerTest::open().await;
    setup.test.register("ann").await;
    let grant = setup.test.login("ann").await;
    let session = setup.test.session(&grant).await.unwrap();
    assert_eq!(
        (session.actor.id(), session.credential),
        (Some("ann"), Credential::Session)
    );
    let mut claims = setup.claims("ann", &["boss"]);
    claims["iss"] = "portcullis".into();
    assert!(refused(setup.authenticate(&setup.key.token("EdDSA", &claims)).await));
    assert!(setup.issuer.requests().is_empty(), "expected no request to the issuer");
}
