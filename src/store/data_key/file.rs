//! Files of data keys.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::error::DataKeyError;
use crate::store::field_cipher::{DataKey, SECRET};

/// More than either format needs.
const MOST_BYTES: u64 = 256;
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The data keys that the settings name.
#[derive(Debug, Default)]
pub struct DataKeys {
    /// The key that encrypts. `None` if values are stored as they are.
    pub(super) current: Option<DataKey>,
    /// Keys that only decrypt.
    pub(super) previous: Vec<DataKey>,
}

impl DataKeys {
    /// Reads the key that encrypts, and those that only decrypt.
    ///
    /// # Errors
    /// A file cannot be read, may be read by all users, or holds no key.
    pub fn read(current: &Path, previous: &[PathBuf]) -> Result<Self, DataKeyError> {
        Ok(Self {
            current: Some(read(current)?),
            previous: previous.iter().map(|path| read(path)).collect::<Result<_, _>>()?,
        })
    }
}

/// Writes a new key to a file that only its owner can read, and returns its id.
///
/// # Errors
/// [`DataKeyError::Exists`], or the file cannot be written.
pub fn create_data_key(path: &Path) -> Result<String, DataKeyError> {
    let mut secret = Zeroizing::new([0; SECRET]);
    rand::fill(secret.as_mut()).map_err(|_| DataKeyError::Library)?;
    let id = derive(&secret)?.id();
    let mut line = Zeroizing::new(String::with_capacity(2 * SECRET + 1));
    for byte in secret.iter() {
        for digit in [byte >> 4, byte & 15] {
            line.push(char::from_digit(digit.into(), 16).unwrap_or_default());
        }
    }
    line.push('\n');
    let write = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_all());
        if written.is_err() {
            // A part of a key is of no use.
            let _ = fs::remove_file(path);
        }
        written
    };
    match write() {
        Ok(()) => Ok(id),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(DataKeyError::Exists(path.to_owned())),
        Err(source) => Err(failed(path)(source)),
    }
}

fn read(path: &Path) -> Result<DataKey, DataKeyError> {
    let file = File::open(path).map_err(failed(path))?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&file.metadata().map_err(failed(path))?);
        // The group may read it: files that Kubernetes mounts belong to root and a group of the Pod.
        if mode & 0o007 != 0 {
            return Err(DataKeyError::Readable(path.to_owned()));
        }
    }
    let mut text = Zeroizing::new(Vec::with_capacity(MOST_BYTES as usize));
    file.take(MOST_BYTES).read_to_end(&mut text).map_err(failed(path))?;
    let secret = parse(&text).ok_or_else(|| DataKeyError::Format(path.to_owned()))?;
    derive(&secret)
}

/// The key in 64 hexadecimal digits or in base64, with white space around it.
fn parse(text: &[u8]) -> Option<Zeroizing<[u8; SECRET]>> {
    let digits = text.trim_ascii();
    let mut secret = Zeroizing::new([0; SECRET]);
    if digits.len() == 2 * SECRET {
        for (byte, pair) in secret.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16);
            *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
        }
        return Some(secret);
    }
    let bytes = Zeroizing::new(BASE64.decode(digits).ok()?);
    if bytes.len() != SECRET {
        return None;
    }
    secret.copy_from_slice(&bytes);
    Some(secret)
}

fn derive(secret: &[u8; SECRET]) -> Result<DataKey, DataKeyError> {
    DataKey::derive(secret).map_err(|_| DataKeyError::Library)
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> DataKeyError {
    let path = path.to_owned();
    |source| DataKeyError::File { path, source }
}

#[cfg(test)]
mod tests {
    //! Formats and access. What keys do is tested in `data_key::tests` and `field_cipher::tests`.

    use super::*;

    #[test]
    fn a_key_is_64_digits_or_base64() {
        let raw: Vec<u8> = (200..232).collect();
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        let base64 = BASE64.encode(&raw);
        assert!(base64.ends_with('='));
        for text in [
            hex.clone(),
            format!("  {}\r\n", hex.to_uppercase()),
            base64.clone(),
            base64.trim_end_matches('=').to_owned(),
        ] {
            assert_eq!(parse(text.as_bytes()).unwrap().as_slice(), raw, "{text}");
        }
        for text in [
            "",
            &hex[..62],
            &hex.replace('c', "g"),
            &base64[..40],
            &format!("{hex}00"),
        ] {
            assert!(parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn a_new_key_is_private_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let id = create_data_key(&path).unwrap();
        assert_eq!((id.len(), read(&path).unwrap().id()), (16, id));
        let text = fs::read_to_string(&path).unwrap();
        let error = create_data_key(&path).unwrap_err();
        assert!(matches!(error, DataKeyError::Exists(_)), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert_eq!(text.trim_end().len(), 64);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_all_users_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        create_data_key(&path).unwrap();
        for (mode, refused) in [(0o600, false), (0o440, false), (0o644, true), (0o604, true)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let outcome = DataKeys::read(&path, &[]);
            assert_eq!(matches!(outcome, Err(DataKeyError::Readable(_))), refused, "{mode:o}");
        }
    }

    #[test]
    fn what_is_not_a_key_is_refused_in_one_line_without_its_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        create_data_key(&path).unwrap();
        fs::write(&path, "seven 7531\n").unwrap();
        let line = DataKeys::read(&path, &[]).unwrap_err().to_string();
        assert!(
            line.contains("64 hexadecimal digits") && !line.contains("7531"),
            "{line}"
        );
        let line = DataKeys::read(&folder.path().join("none"), &[])
            .unwrap_err()
            .to_string();
        assert!(line.contains("none") && line.lines().count() == 1, "{line}");
    }
}
