//! The columns whose values are encrypted with the data key.

use std::fmt;

/// A column with personal data, or with the text of a job or what is computed from it. The other columns are stored as they
/// are: they identify, order or select records, or hold no personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum Column {
    /// The e-mail address of an account.
    UserEmail,
    /// The name of an account at its identity provider.
    UserSubject,
    /// The IP address of a login.
    SessionAddress,
    /// The `User-Agent` of a login.
    SessionUserAgent,
    /// A network from which an account has signed in.
    KnownNetwork,
    /// The IP address of the client that caused an audit event.
    AuditAddress,
    /// The description of an API key.
    ApiKeyName,
    /// The title of a job.
    JobTitle,
    /// The text of a job.
    JobText,
    /// The hashed words of a job.
    JobTerms,
    /// The embedding of a job.
    JobVector,
    /// The digest of a job's sentences.
    JobDigest,
    /// The embeddings of a job's sentences.
    JobHalves,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Kind {
    Text,
    Bytes,
}

impl Column {
    const fn declared(self) -> (&'static str, &'static str, Kind) {
        match self {
            Self::UserEmail => ("user", "email", Kind::Text),
            Self::UserSubject => ("user", "subject", Kind::Text),
            Self::SessionAddress => ("session", "address", Kind::Text),
            Self::SessionUserAgent => ("session", "user_agent", Kind::Text),
            Self::KnownNetwork => ("haunt", "network", Kind::Text),
            Self::AuditAddress => ("audit", "address", Kind::Text),
            Self::ApiKeyName => ("api_key", "name", Kind::Text),
            Self::JobTitle => ("job", "title", Kind::Text),
            Self::JobText => ("job", "text", Kind::Text),
            Self::JobTerms => ("job_entry", "terms", Kind::Bytes),
            Self::JobVector => ("job_entry", "vector", Kind::Bytes),
            Self::JobDigest => ("job_vectors", "digest", Kind::Bytes),
            Self::JobHalves => ("job_vectors", "halves", Kind::Bytes),
        }
    }

    pub(in crate::store) const fn table(self) -> &'static str {
        self.declared().0
    }

    pub(in crate::store) const fn field(self) -> &'static str {
        self.declared().1
    }

    pub(in crate::store) const fn kind(self) -> Kind {
        self.declared().2
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.table(), self.field())
    }
}
