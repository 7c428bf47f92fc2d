//! GraphQL types of API keys.

use async_graphql::{ID, SimpleObject};

use super::date_time::Timestamp;
use super::payload::impl_payload;
use crate::graphql::error::UserError;
use crate::graphql::schema::directive::sensitive;
use crate::identity;

/// An API key: a credential with which a program acts on behalf of an account. Its secret is not included.
#[derive(Debug, SimpleObject)]
pub(crate) struct ApiKey {
    /// The id, for `removeApiKey`.
    pub id: ID,
    /// The description given by the owner.
    pub name: String,
    /// The names of the key's roles. Permissions that the owner lacks are never granted.
    pub roles: Vec<String>,
    /// The time of creation.
    pub created_at: Timestamp,
    /// The time of expiry.
    pub expires_at: Timestamp,
    /// The time of last use, to the minute; null if the key was never used.
    pub last_used_at: Option<Timestamp>,
}

impl From<identity::ApiKey> for ApiKey {
    fn from(key: identity::ApiKey) -> Self {
        Self {
            id: ID(key.id),
            name: key.name,
            roles: key.roles.to_vec(),
            created_at: key.created_at.into(),
            expires_at: key.expires_at.into(),
            last_used_at: key.last_used_at.map(Into::into),
        }
    }
}

/// Result of `createApiKey`.
#[derive(Default, SimpleObject)]
pub(crate) struct CreateApiKeyPayload {
    /// The new key; null if `errors` is not empty.
    pub api_key: Option<ApiKey>,
    /// The secret, to be sent as `Authorization: Bearer pk_...`. It is shown only once.
    #[graphql(directive = sensitive::apply())]
    pub secret: Option<String>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(CreateApiKeyPayload);

/// Result of `removeApiKey`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RemoveApiKeyPayload {
    /// The id of the removed key; null if `errors` is not empty.
    pub removed_api_key_id: Option<ID>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(RemoveApiKeyPayload);
