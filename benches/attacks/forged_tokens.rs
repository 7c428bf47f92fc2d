//! Figure 9: forged tokens, the server's own and a foreign issuer's, one of each class.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use portcullis::clock::Clock as _;
use portcullis::config::{self, Config};
use portcullis::http::Settings;
use portcullis::identity::Error;
use portcullis_test_support::forged_foreign_tokens;
use portcullis_test_support::forged_tokens::{self, ForgedToken, SignedToken};
use portcullis_test_support::test_issuer::TestIssuer;

use super::Figure;
use super::test_server::TestServer;

const MIN_CLASSES: usize = 40;

pub(super) async fn measure() -> Figure {
    let keys = forged_foreign_tokens::Keys::new();
    let issuer = TestIssuer::start(&keys.published()).await;
    let config = Config {
        accounts: config::Accounts {
            issuers: vec![serde_json::from_value(forged_foreign_tokens::settings(&issuer.url)).unwrap()],
            ..config::Accounts::default()
        },
        ..Config::default()
    };
    let server = TestServer::with(config, Settings::default()).await;
    let client = server.client(1);
    let accounts = server.gateway.app().accounts();
    let (ours, _) = client.sign_up("ann").await;
    let (other, _) = client.sign_up("bob").await;
    let other_session = accounts.authenticate(&other).await.unwrap().id.clone();

    let pem = std::fs::read(server.data.path().join("keys/current.pem")).unwrap();
    let signed = SignedToken::parse(&ours, EncodingKey::from_ed_pem(&pem).unwrap(), Algorithm::EdDSA);
    let jwk = accounts.public_keys()["keys"][0].clone();
    let public = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
    let now = server.clock.now().timestamp();
    let mut own = forged_tokens::with_wrong_signatures(&ours, &signed, &public, &pem);
    own.extend(forged_tokens::with_wrong_headers_and_claims(
        &signed,
        jwk,
        now,
        &other_session,
    ));
    let claims = forged_foreign_tokens::claims(&issuer.url, now);
    let good = [
        ours,
        signed.unchanged(),
        keys.ed.token("EdDSA", &claims),
        keys.rsa.token("RS256", &claims),
    ];
    let foreign = forged_foreign_tokens::all(&keys, &claims, now);

    let mut good_accepted = 0;
    for token in good.iter().chain(&good) {
        good_accepted += usize::from(accounts.authenticate(token).await.is_ok());
    }
    let classes = |forged: &[ForgedToken]| forged.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>().len();
    let (own_classes, foreign_classes) = (classes(&own), classes(&foreign));
    let mut accepted = Vec::new();
    for (name, token) in own.iter().chain(&foreign) {
        if !matches!(accounts.authenticate(token).await, Err(Error::Unauthenticated { .. })) {
            accepted.push(*name);
        }
    }
    Figure {
        text: format!(
            "{own_classes} classes of forged own tokens and {foreign_classes} of a foreign issuer's: accepted {} \
             {accepted:?}; must be 0 of at least {MIN_CLASSES} each; valid tokens accepted {good_accepted} of {}",
            accepted.len(),
            2 * good.len()
        ),
        holds: accepted.is_empty()
            && own_classes >= MIN_CLASSES
            && foreign_classes >= MIN_CLASSES
            && good_accepted == 2 * good.len(),
    }
}
