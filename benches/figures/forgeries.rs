//! Figure 9: forged tokens, ours and a foreign issuer's, one class each.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use portcullis::clock::Clock as _;
use portcullis::config::{self, Config};
use portcullis::http::Settings;
use portcullis::identity::Error;

use super::Figure;
use super::forge::{self, Case, Forge};
use super::forge_foreign;
use super::provider::Provider;
use super::stage::Stage;

const LEAST: usize = 40;

pub(super) async fn measure() -> Figure {
    let keys = forge_foreign::Keys::new();
    let provider = Provider::start(&keys.published()).await;
    let config = Config {
        accounts: config::Accounts {
            issuers: vec![serde_json::from_value(forge_foreign::settings(&provider.url)).unwrap()],
            ..config::Accounts::default()
        },
        ..Config::default()
    };
    let stage = Stage::with(config, Settings::default()).await;
    let client = stage.client(1);
    let accounts = stage.gateway.app().accounts();
    let (ours, _) = client.join("ann").await;
    let (others, _) = client.join("bob").await;
    let others = accounts.authenticate(&others).await.unwrap().id.clone();

    let pem = std::fs::read(stage.data.path().join("keys/current.pem")).unwrap();
    let forge = Forge::open(&ours, EncodingKey::from_ed_pem(&pem).unwrap(), Algorithm::EdDSA);
    let jwk = accounts.public_keys()["keys"][0].clone();
    let public = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
    let now = stage.clock.now().timestamp();
    let mut own = forge::signatures(&ours, &forge, &public, &pem);
    own.extend(forge::headers_and_claims(&forge, jwk, now, &others));
    let claims = forge_foreign::claims(&provider.url, now);
    let good = [
        ours,
        forge.good(),
        keys.ed.token("EdDSA", &claims),
        keys.rsa.token("RS256", &claims),
    ];
    let foreign = forge_foreign::cases(&keys, &claims, now);

    let mut good_accepted = 0;
    for token in good.iter().chain(&good) {
        good_accepted += usize::from(accounts.authenticate(token).await.is_ok());
    }
    let classes = |cases: &[Case]| cases.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>().len();
    let (own_classes, foreign_classes) = (classes(&own), classes(&foreign));
    let mut accepted = Vec::new();
    for (name, token) in own.iter().chain(&foreign) {
        if !matches!(accounts.authenticate(token).await, Err(Error::Unauthenticated { .. })) {
            accepted.push(*name);
        }
    }
    Figure {
        said: format!(
            "{own_classes} classes of forged tokens of ours and {foreign_classes} of a foreign issuer's: accepted {} \
             {accepted:?}; must be 0 of at least {LEAST} each; good tokens accepted {good_accepted} of {}",
            accepted.len(),
            2 * good.len()
        ),
        holds: accepted.is_empty()
            && own_classes >= LEAST
            && foreign_classes >= LEAST
            && good_accepted == 2 * good.len(),
    }
}
