//! Registration and external identity providers.

use super::section::section;
use crate::identity::{ForeignIssuer, Registration};

section! {
    /// Registration and external identity providers. See [tokens.md](tokens.md) for `issuers`.
    pub struct Accounts {
        /// Registration mode: anyone can register (`open`), anyone can register but an admin must enable the account
        /// (`approval`), or only the operator can create accounts, with `portcullis user create` (`closed`).
        #[setting(flag = "MODE", allowed = Words("open, approval or closed"))]
        registration: Registration = Registration::Open;

        /// OpenID Connect providers whose access tokens are accepted.
        #[setting(allowed = Words("an [[issuers]] table for each provider"))]
        issuers: Vec<ForeignIssuer> = Vec::new();
    }
}
