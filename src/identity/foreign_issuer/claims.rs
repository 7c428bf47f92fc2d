//! Claims of foreign tokens: required claims, and the account and roles derived from them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use serde_json::Value;

use super::members::Members;
use super::settings::ForeignIssuer;
use crate::identity::numeric_date::NumericDate;

/// The first character of a foreign account's id. Usernames cannot begin with it, so the id of a foreign account cannot
/// be registered in advance.
const ID_PREFIX: char = '~';
/// The number of hexadecimal digits after the prefix: 160 bits of a hash of issuer and subject.
const ID_DIGITS: usize = 40;

/// The maximum length of a subject (OpenID Connect Core, 2).
const SUBJECT_BYTES: usize = 255;
/// The maximum number of characters of the display name before the issuer's host.
const SHOWN_CHARS: usize = 64;
/// Claims of ID tokens and logout tokens only (OpenID Connect Core, 3.1.3.6 and 3.3.2.11; RFC 8417).
const NEVER_IN_ACCESS_TOKENS: [&str; 5] = ["nonce", "at_hash", "c_hash", "s_hash", "events"];

/// Returns whether the id has the form of a foreign account's id.
pub(in crate::identity) fn is_foreign(id: &str) -> bool {
    id.strip_prefix(ID_PREFIX).is_some_and(|digits| {
        digits.len() == ID_DIGITS && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

/// The claims of a token of the configured issuer. Not trusted until the signature has been verified.
#[derive(Debug)]
pub(super) struct Claims {
    /// The account's id.
    pub(super) account: String,
    pub(super) subject: String,
    /// The display name of the account.
    pub(super) name: String,
    /// The local roles, sorted.
    pub(super) roles: Vec<String>,
    pub(super) exp: NumericDate,
    pub(super) nbf: Option<NumericDate>,
    pub(super) iat: Option<NumericDate>,
}

impl Claims {
    pub(super) fn read(claims: &Members, issuer: &ForeignIssuer) -> Result<Self, &'static str> {
        if claims.text("iss")? != Some(&issuer.url) {
            return Err("it is from another issuer");
        }
        check_kind(claims)?;
        check_audience(claims, issuer)?;
        check_client(claims, issuer)?;
        let subject = claims.text("sub")?.ok_or("it has no subject")?;
        if subject.is_empty() || subject.len() > SUBJECT_BYTES || subject.chars().any(char::is_control) {
            return Err("its subject is not allowed; allowed: 1 to 255 bytes without control characters");
        }
        Ok(Self {
            account: account(&issuer.url, subject),
            subject: subject.to_owned(),
            name: name(claims, issuer, subject)?,
            roles: roles(claims, issuer)?,
            exp: claims.time("exp")?.ok_or("it has no expiry time")?,
            nbf: claims.time("nbf")?,
            iat: claims.time("iat")?,
        })
    }
}

/// Checks that the token is a bearer access token, by the claims with which issuers mark other tokens.
fn check_kind(claims: &Members) -> Result<(), &'static str> {
    // Keycloak sets `typ` in every token, Cognito `token_use`.
    let bearer = claims.text("typ")?.is_none_or(|kind| kind == "Bearer");
    let access = claims.text("token_use")?.is_none_or(|kind| kind == "access");
    if !bearer || !access || claims.has_any(&NEVER_IN_ACCESS_TOKENS) {
        return Err("it is not an access token");
    }
    if claims.get("cnf").is_some() {
        // RFC 7800: the token requires proof of possession of a key, which a bearer request does not give.
        return Err("it is bound to a key; only bearer tokens are accepted");
    }
    Ok(())
}

fn check_audience(claims: &Members, issuer: &ForeignIssuer) -> Result<(), &'static str> {
    let matches = match claims.get("aud") {
        Some(Value::String(audience)) => *audience == issuer.audience,
        Some(Value::Array(audiences)) => {
            audiences.iter().all(Value::is_string) && audiences.iter().any(|audience| *audience == *issuer.audience)
        }
        _ => false,
    };
    if matches {
        Ok(())
    } else {
        Err("it is for another audience")
    }
}

/// Checks the client, which is in `azp` (OpenID Connect) or `client_id` (RFC 9068).
fn check_client(claims: &Members, issuer: &ForeignIssuer) -> Result<(), &'static str> {
    let clients = [claims.text("azp")?, claims.text("client_id")?];
    if issuer.clients.is_empty() {
        return Ok(());
    }
    let mut named = clients.into_iter().flatten().peekable();
    if named.peek().is_some() && named.all(|client| issuer.clients.iter().any(|allowed| allowed == client)) {
        Ok(())
    } else {
        Err("it was issued to a client that is not allowed")
    }
}

/// Returns the account id of a subject: the same for all of its tokens, and unique to it.
fn account(issuer: &str, subject: &str) -> String {
    let mut context = Context::new(&SHA256);
    context.update(issuer.as_bytes());
    // A URL cannot contain this byte, so the concatenation is unambiguous.
    context.update(&[0]);
    context.update(subject.as_bytes());
    let mut id = ID_PREFIX.to_string();
    for byte in &context.finish().as_ref()[..ID_DIGITS / 2] {
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// Returns the display name: the preferred username or subject, `@` and the issuer's host. Local usernames contain no
/// `@`.
fn name(claims: &Members, issuer: &ForeignIssuer, subject: &str) -> Result<String, &'static str> {
    let called = claims.text("preferred_username")?.unwrap_or(subject);
    let called: String = called
        .chars()
        .filter(|c| c.is_alphanumeric() || "._-@".contains(*c))
        .take(SHOWN_CHARS)
        .collect();
    let host = url::Url::parse(&issuer.url).ok();
    let host = host.as_ref().and_then(url::Url::host_str).unwrap_or_default();
    Ok(format!("{called}@{host}"))
}

fn roles(claims: &Members, issuer: &ForeignIssuer) -> Result<Vec<String>, &'static str> {
    const WRONG: &str = "its roles claim must be a string or a list of strings";
    let mut roles: BTreeSet<&String> = issuer.default_roles.iter().collect();
    match claims.at(&issuer.roles_claim) {
        None => {}
        Some(Value::String(text)) => roles.extend(text.split(' ').filter_map(|value| issuer.roles.get(value))),
        Some(Value::Array(values)) => {
            for value in values {
                roles.extend(issuer.roles.get(value.as_str().ok_or(WRONG)?));
            }
        }
        Some(_) => return Err(WRONG),
    }
    Ok(roles.into_iter().cloned().collect())
}

#[cfg(test)]
mod tests {
    //! Names and ids; refused tokens are tested in `identity::tests`.

    use serde_json::json;

    use super::*;

    #[test]
    fn issuer_and_subject_pairs_have_distinct_ids() {
        let pairs = [
            ("https://a", "b"),
            ("https://ab", ""),
            ("https://a", "B"),
            ("https://a/", "b"),
        ];
        let ids: BTreeSet<String> = pairs.iter().map(|(issuer, subject)| account(issuer, subject)).collect();
        assert_eq!(ids.len(), pairs.len());
        assert!(ids.iter().all(|id| is_foreign(id)));
        assert!(crate::identity::user::username::username(&account("https://a", "b")).is_err());
    }

    #[test]
    fn foreign_names_are_not_valid_local_usernames() {
        let issuer: ForeignIssuer =
            serde_json::from_value(json!({ "url": "https://id.example.org/x", "audience": "a" })).unwrap();
        for (called, shown) in [
            ("admin", "admin@id.example.org"),
            ("ann@corp.example", "ann@corp.example@id.example.org"),
            ("a\u{202e}b c\n<script>", "abcscript@id.example.org"),
        ] {
            let claims: Members = serde_json::from_value(json!({ "preferred_username": called })).unwrap();
            let name = name(&claims, &issuer, "sub").unwrap();
            assert_eq!(name, shown);
            assert!(crate::identity::user::username::username(&name).is_err());
        }
    }
}
