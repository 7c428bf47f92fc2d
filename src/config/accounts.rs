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

        /// Maximum number of registrations from one address at once. The limit does not apply to `portcullis user create`.
        #[setting(flag = "N", allowed = Range(1, 1_000_000))]
        registration_burst: u32 = 100;

        /// Time in seconds after which one more registration is allowed from that address.
        #[setting(flag = "SECONDS", allowed = Range(1, 86_400))]
        registration_interval_seconds: u32 = 20;

        /// OpenID Connect providers whose access tokens are accepted.
        #[setting(allowed = Words("an [[issuers]] table for each provider"))]
        issuers: Vec<ForeignIssuer> = Vec::new();
    }
}
