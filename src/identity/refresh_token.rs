//! Refresh tokens.
//!
//! A refresh token is `prt_` followed by 48 random bytes in base64url: a 16-byte handle shared by all tokens of the
//! session and a 32-byte (256-bit) secret of its own. The session id is a hash of the handle, so a token identifies its
//! session, but the id, which appears in access tokens and lists, does not reveal the handle. This makes reuse
//! detectable: a correct handle with a wrong secret must come from a client that has held a token of this session.
//!
//! The store contains only hashes of tokens. For clients that lost the response, it also contains the successor,
//! encrypted with a key derived from the predecessor, so a copy of the store reveals no token.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::error::Error;

/// The prefix of every refresh token.
pub(super) const PREFIX: &str = "prt_";
const HANDLE_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// A parsed refresh token.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(super) struct RefreshToken {
    handle: [u8; HANDLE_BYTES],
    secret: [u8; SECRET_BYTES],
}

impl RefreshToken {
    /// Generates the first token of a new session.
    pub(super) fn first() -> Result<Self, Error> {
        let mut token = Self {
            handle: [0; HANDLE_BYTES],
            secret: [0; SECRET_BYTES],
        };
        rand::fill(&mut token.handle).map_err(|_| no_randomness())?;
        rand::fill(&mut token.secret).map_err(|_| no_randomness())?;
        Ok(token)
    }

    /// Generates the next token of the same session.
    pub(super) fn next(&self) -> Result<Self, Error> {
        let mut token = Self::first()?;
        token.handle = self.handle;
        Ok(token)
    }

    /// Parses a token sent by a client.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; HANDLE_BYTES + SECRET_BYTES]);
        let body = text.strip_prefix(PREFIX).ok_or(Error::InvalidRefreshToken)?;
        match URL_SAFE_NO_PAD.decode_slice(body, bytes.as_mut_slice()) {
            Ok(length) if length == bytes.len() => {}
            Ok(_) | Err(_) => return Err(Error::InvalidRefreshToken),
        }
        let mut token = Self {
            handle: [0; HANDLE_BYTES],
            secret: [0; SECRET_BYTES],
        };
        let (handle, secret) = bytes.split_at(HANDLE_BYTES);
        token.handle.copy_from_slice(handle);
        token.secret.copy_from_slice(secret);
        Ok(token)
    }

    /// Returns the token as sent to the client.
    pub(super) fn reveal(&self) -> SecretString {
        let mut bytes = Zeroizing::new([0; HANDLE_BYTES + SECRET_BYTES]);
        let (handle, secret) = bytes.split_at_mut(HANDLE_BYTES);
        handle.copy_from_slice(&self.handle);
        secret.copy_from_slice(&self.secret);
        format!(
            "{PREFIX}{}",
            Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())).as_str()
        )
        .into()
    }

    /// Returns the id of the token's session.
    pub(super) fn session_id(&self) -> String {
        let hash = digest(&SHA256, &self.handle);
        URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
    }

    /// Returns the hash to store.
    pub(super) fn hash(&self) -> Vec<u8> {
        digest(&SHA256, &self.secret).as_ref().to_vec()
    }

    fn sealing_key(&self) -> Result<LessSafeKey, Error> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        let derived = hmac::sign(&key, b"portcullis refresh token successor");
        UnboundKey::new(&AES_256_GCM, derived.as_ref())
            .map(LessSafeKey::new)
            .map_err(|_| Error::Internal("failed to encrypt a refresh token".to_owned()))
    }

    /// Encrypts the successor's secret with a key derived from this token. Each key encrypts only one successor, so a
    /// constant nonce is safe.
    pub(super) fn seal(&self, next: &Self) -> Result<Vec<u8>, Error> {
        let mut sealed = next.secret.to_vec();
        self.sealing_key()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key([0; NONCE_LEN]), Aad::empty(), &mut sealed)
            .map_err(|_| Error::Internal("failed to encrypt a refresh token".to_owned()))?;
        Ok(sealed)
    }

    /// Decrypts the successor; `None` if it was not sealed with this token.
    pub(super) fn unseal(&self, sealed: &[u8]) -> Option<Self> {
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let secret = self
            .sealing_key()
            .ok()?
            .open_in_place(Nonce::assume_unique_for_key([0; NONCE_LEN]), Aad::empty(), &mut bytes)
            .ok()?;
        Some(Self {
            handle: self.handle,
            secret: (&*secret).try_into().ok()?,
        })
    }
}

fn no_randomness() -> Error {
    Error::Internal("the random number generator of the system failed".to_owned())
}

#[cfg(test)]
mod tests {
    //! Encoding and encryption only; rotation and reuse are tested in `identity::tests`.

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn tokens_round_trip_through_their_text() {
        let token = RefreshToken::first().unwrap();
        let text = token.reveal();
        assert_eq!(text.expose_secret().len(), 4 + 64);
        let back = RefreshToken::parse(text.expose_secret()).unwrap();
        assert_eq!((back.session_id(), back.hash()), (token.session_id(), token.hash()));
        assert!(!text.expose_secret().contains(&token.session_id()));
    }

    #[test]
    fn malformed_tokens_are_refused() {
        let good = RefreshToken::first().unwrap().reveal().expose_secret().to_owned();
        let cut = &good[..good.len() - 1];
        for text in [
            "",
            "prt_",
            &good[4..],
            cut,
            &format!("{good}A"),
            &"prt_A".repeat(1 << 18),
            "prt_\0",
        ] {
            assert!(
                matches!(RefreshToken::parse(text), Err(Error::InvalidRefreshToken)),
                "{text:.20}"
            );
        }
    }

    #[test]
    fn only_the_predecessor_decrypts_its_successor() {
        let first = RefreshToken::first().unwrap();
        let next = first.next().unwrap();
        let sealed = first.seal(&next).unwrap();
        assert_eq!(first.unseal(&sealed).unwrap().hash(), next.hash());
        assert!(next.unseal(&sealed).is_none());
        assert!(
            !sealed
                .windows(8)
                .any(|part| next.secret.windows(8).any(|secret| secret == part))
        );
    }
}
