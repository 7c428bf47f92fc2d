//! Backups of an embedded store with its signing keys: one encrypted file, made while a server uses the store or not.
//!
//! `snapshot` opens a consistent set of files, without asking the server. `archive` writes them one after the other,
//! `sealed` encrypts the result, and `secret` derives the key. `restore` goes the other way.

mod about;
mod archive;
mod create;
mod error;
mod output;
mod restore;
mod sealed;
mod secret;
mod snapshot;
mod verify;

#[cfg(test)]
mod tests;

pub use self::about::{About, ModelDigest, Progress, Size};
pub use self::create::{create, store_folder};
pub use self::error::{BackupError, Damage};
pub use self::restore::{Unpacked, check_empty, unpack};
pub use self::secret::Secret;
pub use self::verify::verify;
