//! GraphQL type of the server.

use async_graphql::{Context, Enum, SimpleObject};

use crate::graphql::context::app;
use crate::identity;

/// The server.
#[derive(Debug, SimpleObject)]
pub(crate) struct ServiceInfo {
    /// The name of the product: `portcullis`.
    pub name: String,
    /// The version of the server.
    pub version: String,
    /// Whether the server is ready: the store responds and every model is loaded and warm.
    pub ready: bool,
    /// Whether `register` creates accounts, and whether they need approval.
    pub registration: RegistrationMode,
}

/// The registration mode: the setting `registration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "identity::Registration")]
pub(crate) enum RegistrationMode {
    /// Anyone can register.
    Open,
    /// Anyone can register; an administrator must enable the account before its first login.
    Approval,
    /// `register` is refused; only the operator creates accounts.
    Closed,
}

impl ServiceInfo {
    /// Reads the state of the server.
    pub(super) async fn read(ctx: &Context<'_>) -> Self {
        let app = app(ctx);
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ready: app.ready().await.is_ok(),
            registration: app.settings().accounts.registration.into(),
        }
    }
}
