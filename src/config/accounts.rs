//! Who can have an account.

use super::section::section;
use crate::identity::{ForeignIssuer, Registration};

section! {
    /// Who can have an account. See [tokens.md](tokens.md) for `issuers`.
    pub struct Accounts {
        /// Who may register: everyone (`open`), everyone but an admin must enable the account (`approval`), or no one
        /// (`closed`).
        #[setting(flag = "MODE", allowed = Words("open, approval or closed"))]
        registration: Registration = Registration::Open;

        /// OpenID providers whose access tokens are accepted.
        #[setting(allowed = Words("an [[issuers]] table for each provider"))]
        issuers: Vec<ForeignIssuer> = Vec::new();
    }
}
