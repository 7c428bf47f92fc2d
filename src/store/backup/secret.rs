//! The secret of a backup, and the header that states how the key of the file follows from it.
//!
//! A passphrase is stretched with Argon2id (RFC 9106); a key file holds 32 random bytes. HKDF-SHA-256 (RFC 5869) over
//! either, with the salt of the file and the rest of the header, gives the key of this one file, and a value that shows
//! whether the secret is the right one. A changed header therefore gives another key.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::aead::{AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::error::{BackupError, Damage};

const MAGIC: &[u8; 8] = b"PORTCBAK";
const FORMAT: u8 = 1;
const KEY_FILE: u8 = 0;
const ARGON2ID: u8 = 1;
/// The second recommendation of RFC 9106: memory in KiB, passes and lanes.
const COST: [u32; 3] = [64 << 10, 3, 4];
/// The largest parameters that are accepted in a header, which anyone can write.
const MOST: [u32; 3] = [1 << 20, 16, 16];
const SALT: usize = 32;
const CHECKSUM: usize = 8;
/// Magic, version, kind, two zero bytes, three costs, salt.
const FIELDS: usize = 8 + 1 + 1 + 2 + 12 + SALT;
/// The fields, the value that shows whether the secret is right, and a checksum.
pub(super) const HEADER: usize = FIELDS + 32 + CHECKSUM;
/// The fewest characters of a passphrase.
const LEAST: usize = 12;
/// More than either format of a key file needs.
const KEY_FILE_BYTES: u64 = 128;

/// The secret that encrypts a backup.
#[derive(Debug)]
pub enum Secret {
    /// A passphrase.
    Passphrase(SecretString),
    /// The contents of a key file.
    Key(Zeroizing<[u8; 32]>),
}

impl Secret {
    /// Reads a key file: 32 bytes, or 64 hexadecimal digits and white space around them.
    ///
    /// # Errors
    /// The file cannot be read or has another format.
    pub fn read_key(path: &Path) -> Result<Self, BackupError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_FILE_BYTES as usize));
        let read = File::open(path).and_then(|file| file.take(KEY_FILE_BYTES).read_to_end(&mut bytes));
        read.map_err(BackupError::io(path))?;
        parse_key(&bytes)
            .map(Self::Key)
            .ok_or_else(|| BackupError::KeyFormat(path.to_owned()))
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Passphrase(_) => ARGON2ID,
            Self::Key(_) => KEY_FILE,
        }
    }

    /// Refuses a short passphrase, before a backup is encrypted with it.
    fn check(&self) -> Result<(), BackupError> {
        match self {
            Self::Passphrase(passphrase) => match passphrase.expose_secret().chars().count() {
                length if length < LEAST => Err(BackupError::ShortPassphrase { length, least: LEAST }),
                _ => Ok(()),
            },
            Self::Key(_) => Ok(()),
        }
    }
}

fn parse_key(bytes: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    if let Ok(raw) = <[u8; 32]>::try_from(bytes) {
        return Some(Zeroizing::new(raw));
    }
    let digits = bytes.trim_ascii();
    let mut key = Zeroizing::new([0; 32]);
    if digits.len() != 2 * key.len() {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| {
            char::from(pair[at])
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        *byte = digit(0)? << 4 | digit(1)?;
    }
    Some(key)
}

/// Creates the header of a new backup and the key of its contents.
pub(super) fn create(secret: &Secret) -> Result<([u8; HEADER], LessSafeKey), BackupError> {
    secret.check()?;
    let mut salt = [0; SALT];
    SystemRandom::new().fill(&mut salt).map_err(|_| BackupError::Random)?;
    let cost = match secret {
        Secret::Passphrase(_) => COST,
        Secret::Key(_) => [0; 3],
    };
    let fields = fields(secret.kind(), cost, &salt);
    let (key, check) = derive(secret, cost, &salt, &fields).ok_or(BackupError::Random)?;
    let mut header = [0; HEADER];
    header[..FIELDS].copy_from_slice(&fields);
    header[FIELDS..HEADER - CHECKSUM].copy_from_slice(&check);
    let checksum = checksum(&header);
    header[HEADER - CHECKSUM..].copy_from_slice(&checksum);
    Ok((header, key))
}

/// Reads the header of a backup and derives the key of its contents.
///
/// # Errors
/// [`Damage`] inside the error, or an error of the operating system.
pub(super) fn open(reader: &mut impl Read, secret: &Secret) -> io::Result<LessSafeKey> {
    let mut bytes = Vec::with_capacity(HEADER);
    reader.take(HEADER as u64).read_to_end(&mut bytes)?;
    if bytes.len() < MAGIC.len() || !bytes.starts_with(MAGIC) {
        return Err(Damage::NotABackup.into());
    }
    let Ok(header) = <[u8; HEADER]>::try_from(bytes.as_slice()) else {
        return Err(Damage::Cut(bytes.len() as u64).into());
    };
    // Another version may have another header.
    if header[8] > FORMAT {
        let (found, known) = (header[8], FORMAT);
        return Err(Damage::TooNew { found, known }.into());
    }
    if header[HEADER - CHECKSUM..] != checksum(&header) {
        return Err(Damage::Header.into());
    }
    let cost: [u32; 3] = std::array::from_fn(|n| {
        let at = 12 + 4 * n;
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    });
    let mut salt = [0; SALT];
    salt.copy_from_slice(&header[FIELDS - SALT..FIELDS]);
    let kind = header[9];
    if header[..FIELDS] != fields(kind, cost, &salt) || cost.iter().zip(MOST).any(|(cost, most)| *cost > most) {
        return Err(Damage::Header.into());
    }
    match (kind, secret) {
        (KEY_FILE, Secret::Key(_)) | (ARGON2ID, Secret::Passphrase(_)) => {}
        (KEY_FILE, _) => return Err(Damage::NeedsKeyFile.into()),
        (ARGON2ID, _) => return Err(Damage::NeedsPassphrase.into()),
        _ => return Err(Damage::Header.into()),
    }
    let (key, check) = derive(secret, cost, &salt, &header[..FIELDS]).ok_or(Damage::Header)?;
    if header[FIELDS..HEADER - CHECKSUM] != check {
        return Err(Damage::WrongSecret.into());
    }
    Ok(key)
}

fn fields(kind: u8, cost: [u32; 3], salt: &[u8; SALT]) -> [u8; FIELDS] {
    let mut fields = [0; FIELDS];
    fields[..8].copy_from_slice(MAGIC);
    fields[8] = FORMAT;
    fields[9] = kind;
    for (place, cost) in fields[12..24].chunks_exact_mut(4).zip(cost) {
        place.copy_from_slice(&cost.to_be_bytes());
    }
    fields[FIELDS - SALT..].copy_from_slice(salt);
    fields
}

/// Tells damage from a wrong secret; it protects nothing.
fn checksum(header: &[u8; HEADER]) -> [u8; CHECKSUM] {
    let digest = Sha256::digest(&header[..HEADER - CHECKSUM]);
    let mut checksum = [0; CHECKSUM];
    checksum.copy_from_slice(&digest[..CHECKSUM]);
    checksum
}

/// Returns the key of the contents and the value that shows whether the secret is right. `None` if the cost is not
/// allowed by Argon2.
fn derive(secret: &Secret, cost: [u32; 3], salt: &[u8; SALT], fields: &[u8]) -> Option<(LessSafeKey, [u8; 32])> {
    let stretched = match secret {
        Secret::Passphrase(passphrase) => {
            let [memory, passes, lanes] = cost;
            let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let mut stretched = Zeroizing::new([0; 32]);
            argon2
                .hash_password_into(passphrase.expose_secret().as_bytes(), salt, stretched.as_mut())
                .ok()?;
            stretched
        }
        Secret::Key(key) => key.clone(),
    };
    let extracted = Salt::new(HKDF_SHA256, salt).extract(stretched.as_ref());
    let expand = |purpose: &[u8]| {
        let mut out = Zeroizing::new([0; 32]);
        let info = [purpose, fields];
        let expanded = extracted.expand(&info, HKDF_SHA256).ok()?;
        expanded.fill(out.as_mut()).ok()?;
        Some(out)
    };
    let key = UnboundKey::new(&AES_256_GCM, expand(b"key of the contents")?.as_ref()).ok()?;
    let check = *expand(b"check of the secret")?;
    Some((LessSafeKey::new(key), check))
}

#[cfg(test)]
mod tests {
    //! Formats of key files. Headers are tested with whole backups in `backup::tests`.

    use super::*;

    #[test]
    fn a_key_is_32_bytes_or_64_digits() {
        let raw: Vec<u8> = (0..32).collect();
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [
            raw.clone(),
            hex.clone().into_bytes(),
            format!(" {}\r\n", hex.to_uppercase()).into_bytes(),
        ] {
            assert_eq!(parse_key(&text).unwrap().as_slice(), raw);
        }
        for text in [
            &raw[..31],
            &[],
            &hex.as_bytes()[..62],
            hex.replace('a', "g").as_bytes(),
            &[b'0'; 65],
        ] {
            assert!(parse_key(text).is_none(), "{text:?}");
        }
    }
}
