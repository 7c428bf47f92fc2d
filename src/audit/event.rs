//! Audit events and their kinds.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

/// The kind of an audit event. The enum `AuditAction` of the schema is derived from it: names, order and descriptions.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// A password login was attempted.
    Login,
    /// A user signed out of a session.
    Logout,
    /// A user revoked one of their other sessions.
    SessionEnded,
    /// A login ended the least recently used session of an account that had `max_sessions` sessions.
    SessionEvicted,
    /// A refresh token was reused, and its session was ended.
    TokenReused,
    /// A user registered.
    Registered,
    /// An operator created an account.
    UserCreated,
    /// An account was enabled.
    UserEnabled,
    /// An account was disabled.
    UserDisabled,
    /// The roles of an account were changed.
    UserRolesSet,
    /// An account was removed.
    UserRemoved,
    /// A user changed their password.
    PasswordChanged,
    /// An operator on the host set the password of an account.
    PasswordSet,
    /// A user exported their personal data.
    DataExported,
    /// A user erased their account.
    UserErased,
    /// A role was created or changed.
    RolePut,
    /// A role was removed.
    RoleRemoved,
    /// An API key was created.
    KeyCreated,
    /// An API key was removed.
    KeyRemoved,
    /// Jobs were added to or replaced in the catalogue.
    JobsAdded,
    /// A job was removed from the catalogue.
    JobRemoved,
    /// Access to a field was denied.
    Access,
    /// A model was run.
    Inference,
}

impl Action {
    /// The name in the schema and in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// An audit event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The id, which sorts by time.
    pub id: String,
    /// The time of the event.
    pub at: DateTime<Utc>,
    /// The kind of event.
    pub action: Action,
    /// The error code that the caller received, if the request was refused.
    pub refusal: Option<String>,
    /// The id of the account that acted. `None` for a guest and for an operator on the host.
    pub actor: Option<String>,
    /// The account, role, API key or job that was acted on; for several jobs, their number.
    pub subject: Option<String>,
    /// The session or API key that was used.
    pub session: Option<String>,
    /// The IP address of the caller.
    pub address: Option<String>,
    /// The field of the schema.
    pub field: Option<String>,
    /// The model that was run, as `name@version`.
    pub model: Option<String>,
    /// The digest of the weights of a match, thresholds and must-haves included.
    pub weights_digest: Option<String>,
    /// The cost, in the cost units of the schema.
    pub cost: Option<u32>,
    /// The duration, in milliseconds.
    pub millis: Option<u32>,
}

impl Event {
    /// Creates an event of this kind.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self {
            id: String::new(),
            at: DateTime::UNIX_EPOCH,
            action,
            refusal: None,
            actor: None,
            subject: None,
            session: None,
            address: None,
            field: None,
            model: None,
            weights_digest: None,
            cost: None,
            millis: None,
        }
    }

    /// Sets the account that acted.
    #[must_use]
    pub fn by(mut self, actor: Option<&str>) -> Self {
        self.actor = actor.map(str::to_owned);
        self
    }

    /// Sets the account, role or API key that was acted on.
    #[must_use]
    pub fn to(mut self, subject: &str) -> Self {
        self.subject = Some(subject.to_owned());
        self
    }

    /// Sets the session or API key that was used.
    #[must_use]
    pub fn within(mut self, session: &str) -> Self {
        self.session = Some(session.to_owned());
        self
    }

    /// Sets the IP address of the caller.
    #[must_use]
    pub fn from(mut self, address: Option<IpAddr>) -> Self {
        self.address = address.map(|address| address.to_string());
        self
    }

    /// Marks the event as refused with an error code.
    #[must_use]
    pub fn refused(mut self, code: &str) -> Self {
        self.refusal = Some(code.to_owned());
        self
    }

    /// Sets the field of the schema.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// Sets the model, as `name@version`.
    #[must_use]
    pub fn model(mut self, model: &str) -> Self {
        self.model = Some(model.to_owned());
        self
    }

    /// Sets the digest of the weights of a match.
    #[must_use]
    pub fn weights(mut self, digest: &str) -> Self {
        self.weights_digest = Some(digest.to_owned());
        self
    }

    /// Sets the cost, in cost units.
    #[must_use]
    pub fn cost(mut self, units: u32) -> Self {
        self.cost = Some(units);
        self
    }

    /// Sets the duration, in milliseconds.
    #[must_use]
    pub fn millis(mut self, millis: u32) -> Self {
        self.millis = Some(millis);
        self
    }
}
