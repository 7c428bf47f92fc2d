//! Export and erasure of personal data (GDPR, articles 15, 17 and 20).

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::Accounts;
use crate::audit::{Action, AuditFilter, Event};
use crate::clock::rfc3339;
use crate::identity::error::{Error, ObjectKind};
use crate::identity::own_session::Ending;
use crate::identity::records::{self, StoredUser};
use crate::identity::session::{Credential, Session};

/// Maximum number of exported audit events, newest first; the document states if there are more.
const MOST_EVENTS: usize = 5_000;
const PAGE: usize = 100;

impl Accounts {
    /// All data held about the caller except hashes of secrets, as a JSON document.
    ///
    /// # Errors
    /// [`Error::SessionRequired`], [`Error::NotFound`], [`Error::Store`].
    pub async fn export_my_data(&self, caller: &Session) -> Result<Value, Error> {
        // Accounts of identity providers have no other way to request it.
        if caller.credential == Credential::ApiKey || caller.scope.is_some() {
            return Err(Error::SessionRequired);
        }
        let id = &caller.user.id;
        let event = Event::new(Action::DataExported).by(Some(id)).to(id).within(&caller.id);
        self.audit.record(event).await?;
        self.audit.flush().await?;
        let StoredUser { user, foreign, .. } = records::find_user(&self.store, id)
            .await?
            .ok_or(Error::NotFound(ObjectKind::User))?;
        let sessions = self.sessions(id).await?;
        let keys = self.api_keys(id).await?;
        let networks = records::list_known_networks(&self.store, id).await?;
        let (events, more) = self.events_of(id, user.created_at).await?;
        let sessions = sessions.iter().map(|session| {
            json!({
                "id": session.id, "createdAt": rfc3339(session.created_at), "lastSeenAt": rfc3339(session.last_seen_at),
                "expiresAt": rfc3339(session.expires_at), "userAgent": session.user_agent, "address": session.address,
            })
        });
        let keys = keys.iter().map(|key| {
            json!({
                "id": key.id, "name": key.name, "roles": &*key.roles, "createdAt": rfc3339(key.created_at),
                "expiresAt": rfc3339(key.expires_at), "lastUsedAt": key.last_used_at.map(rfc3339),
            })
        });
        let networks = networks
            .iter()
            .map(|(network, last_at)| json!({ "network": network, "lastSignedInAt": rfc3339(*last_at) }));
        Ok(json!({
            "exportedAt": rfc3339(self.now()),
            "account": {
                "id": &*user.id, "username": user.username, "email": user.email, "roles": &*user.roles,
                "enabled": user.enabled, "createdAt": rfc3339(user.created_at),
                "updatedAt": rfc3339(user.updated_at),
                "issuer": foreign.as_ref().map(|foreign| &foreign.issuer),
                "subject": foreign.as_ref().map(|foreign| &foreign.subject),
            },
            "sessions": sessions.collect::<Vec<_>>(),
            "apiKeys": keys.collect::<Vec<_>>(),
            "networks": networks.collect::<Vec<_>>(),
            "auditEvents": events,
            "olderAuditEventsLeftOut": more,
        }))
    }

    /// The events of an account since its creation, because its name may have had another owner before. Actors and
    /// addresses of others are omitted.
    async fn events_of(&self, id: &str, since: DateTime<Utc>) -> Result<(Vec<Value>, bool), Error> {
        let filter = AuditFilter {
            account: Some(id.to_owned()),
            since: Some(since),
            ..AuditFilter::default()
        };
        let (mut events, mut after) = (Vec::new(), None);
        loop {
            let page = self.audit.list(PAGE, after.as_deref(), &filter).await?;
            events.extend(page.events.iter().map(|event| {
                let own = event.actor.as_deref() == Some(id);
                json!({
                    "at": rfc3339(event.at), "action": event.action.name(), "refusal": event.refusal, "byMe": own,
                    "subject": event.subject, "session": event.session.as_ref().filter(|_| own),
                    "address": event.address.as_ref().filter(|_| own), "field": event.field, "model": event.model,
                    "weightsDigest": event.weights_digest, "cost": event.cost, "milliseconds": event.millis,
                })
            }));
            after = page.events.last().map(|event| event.id.clone());
            if !page.has_next || events.len() >= MOST_EVENTS {
                return Ok((events, page.has_next));
            }
        }
    }

    /// Erases the caller's account with its sessions and keys. Audit events are kept under a pseudonym and without
    /// addresses.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`], [`Error::TooManyAttempts`], [`Error::LastAdmin`], [`Error::SessionRequired`],
    /// [`Error::Overloaded`], [`Error::Store`].
    pub async fn erase_me(&self, caller: &Session, password: SecretString) -> Result<(), Error> {
        self.confirm(caller, password, Action::UserErased).await?;
        let id = &caller.user.id;
        let pseudonym = format!("erased-{}", records::random_id());
        let event = Event::new(Action::UserErased).by(Some(&pseudonym)).to(&pseudonym);
        let removed = records::remove_user(&self.store, id, self.now(), &self.audit.stamp(event)).await;
        self.announce_end(&Ending::Account(id), removed.is_ok());
        removed?;
        self.audit.pseudonymise(id, &pseudonym).await?;
        Ok(())
    }
}
