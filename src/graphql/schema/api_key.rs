//! API keys as the schema shows them.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};

use crate::graphql::error::UserError;
use crate::graphql::schema::directive::sensitive;
use crate::identity;

/// A key with which a program acts for an account, without its secret.
#[derive(Debug, SimpleObject)]
pub(crate) struct ApiKey {
    /// The id that `removeApiKey` takes.
    pub id: ID,
    /// What it is for, in its owner's words.
    pub name: String,
    /// The names of its roles; what they allow is cut to what the owner may do.
    pub roles: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute; null when it never was.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl From<identity::ApiKey> for ApiKey {
    fn from(key: identity::ApiKey) -> Self {
        Self {
            id: ID(key.id),
            name: key.name,
            roles: key.roles.to_vec(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// What `createApiKey` did.
#[derive(Default, SimpleObject)]
pub(crate) struct CreateApiKeyPayload {
    /// The key.
    pub api_key: Option<ApiKey>,
    /// What to send as `Authorization: Bearer pk_...`; it is shown this once.
    #[graphql(directive = sensitive::apply())]
    pub secret: Option<String>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}

/// What `removeApiKey` did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RemoveApiKeyPayload {
    /// The id of the key that is gone.
    pub removed_api_key_id: Option<ID>,
    /// What the caller can mend.
    pub errors: Vec<UserError>,
}
