//! Creation of accounts: by registration, by the operator, and at the first start.

use std::sync::Arc;

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::Accounts;
use crate::access::{ADMIN, USER};
use crate::audit::{Action, Event};
use crate::identity::error::Error;
use crate::identity::password;
use crate::identity::records::{self, StoredUser};
use crate::identity::session::Origin;
use crate::identity::settings::Registration;
use crate::identity::user::email::{Email, email};
use crate::identity::user::fold::fold;
use crate::identity::user::skeleton::{self, skeletons};
use crate::identity::user::username::{Username, username, username_id};
use crate::identity::user::{NewUser, User};

/// The name of the account that the first start creates.
const FIRST_ADMIN: &str = "admin";

/// The result of [`Accounts::ensure_admin`].
#[derive(Debug)]
pub enum FirstAdmin {
    /// An administrator exists.
    Present,
    /// `admin` was created with the configured password.
    Created,
    /// `admin` was created with this random password, which must be printed once.
    Generated(SecretString),
}

/// Valid input for a new account.
struct Candidate {
    name: Username,
    email: Email,
    password: SecretString,
}

impl Candidate {
    /// Checks all fields. The error has all that is wrong with them.
    fn check(new: NewUser) -> Result<Self, Error> {
        let name = username(&new.username);
        let email = email(new.email.expose_secret());
        // A password must not consist of a name, even if the name is invalid.
        let id = name.as_ref().map(|name| name.id.clone()).ok();
        let id = id.or_else(|| username_id(&new.username)).unwrap_or_default();
        let address = email.as_ref().map_or("", |email| email.address.as_str());
        let password = password::check(&new.password, &id, address);
        match (name, email, password) {
            (Ok(name), Ok(email), Ok(())) => Ok(Self {
                name,
                email,
                password: new.password,
            }),
            (name, email, password) => {
                let errors = [name.err(), email.err(), password.err()];
                Err(Error::several(errors.into_iter().flatten().collect()))
            }
        }
    }
}

impl Accounts {
    /// Registers an account, subject to the registration mode and the rate of registrations from an address. The names of
    /// roles and names that look like them count as taken.
    ///
    /// # Errors
    /// The errors of [`Accounts::create`], [`Error::RegistrationClosed`] and [`Error::TooManyAttempts`].
    pub async fn register(&self, new: NewUser, origin: &Origin) -> Result<Arc<User>, Error> {
        let enabled = match self.settings.registration {
            Registration::Open => true,
            Registration::Approval => false,
            Registration::Closed => return Err(Error::RegistrationClosed),
        };
        let candidate = Candidate::check(new)?;
        if let Some(address) = origin.address
            && let Err(error) = self.registrations.admit(address)
        {
            // Noted without waiting: a flood of registrations must not cause a flood of writes.
            let event = Event::new(Action::Registered).from(origin.address);
            self.audit.note(event.refused(error.code()));
            return Err(error);
        }
        let reserved = self.role_table().await?.resembles(&candidate.name.skeletons);
        self.insert(candidate, reserved, &[USER.to_owned()], enabled, Action::Registered)
            .await
    }

    /// Creates an account with these roles, regardless of the registration mode. Its name can be that of a role, such as
    /// `admin`, but not look like one.
    ///
    /// # Errors
    /// [`Error::InvalidInput`], [`Error::WeakPassword`], [`Error::UsernameTaken`], [`Error::EmailTaken`],
    /// [`Error::Several`] of these, [`Error::Overloaded`], [`Error::Store`].
    pub async fn create(&self, new: NewUser, roles: &[String]) -> Result<Arc<User>, Error> {
        let table = self.role_table().await?;
        let (candidate, roles) = match (Candidate::check(new), table.known(roles)) {
            (Ok(candidate), Ok(roles)) => (candidate, roles),
            (candidate, roles) => {
                let errors = [candidate.err(), roles.err()];
                return Err(Error::several(errors.into_iter().flatten().collect()));
            }
        };
        let id = &candidate.name.id;
        let reserved = table.resembles(&candidate.name.skeletons) && !table.all().any(|role| fold(&role.name) == *id);
        self.insert(candidate, reserved, &roles, true, Action::UserCreated)
            .await
    }

    async fn insert(
        &self,
        candidate: Candidate,
        reserved: bool,
        roles: &[String],
        enabled: bool,
        action: Action,
    ) -> Result<Arc<User>, Error> {
        self.claim_names().await?;
        let Candidate { name, email, password } = candidate;
        // The checks save hashing; the store decides between concurrent requests.
        let name_taken = reserved || records::username_is_taken(&self.store, &name.id, &name.skeletons).await?;
        let email_taken = records::email_is_taken(&self.store, &[&email.address, &email.ascii_domain]).await?;
        let taken = [
            name_taken.then_some(Error::UsernameTaken),
            email_taken.then_some(Error::EmailTaken),
        ];
        let taken: Vec<Error> = taken.into_iter().flatten().collect();
        if !taken.is_empty() {
            return Err(Error::several(taken));
        }
        let hash = self.hasher.hash(password).await?;
        let now = self.now();
        let stored = StoredUser {
            user: User {
                id: name.id.into(),
                username: name.shown,
                email: email.address,
                roles: roles.into(),
                enabled,
                created_at: now,
                updated_at: now,
            },
            password: Some(hash),
            session_epoch: records::random_id(),
            foreign: None,
        };
        let event = self.audit.stamp(Event::new(action).to(&stored.user.id));
        let creating = self.creating.lock().await;
        records::create_user(&self.store, &stored, &name.skeletons, &event).await?;
        drop(creating);
        Ok(Arc::new(stored.user))
    }

    /// Stores the skeletons of accounts that were created by an earlier release, once per process.
    async fn claim_names(&self) -> Result<(), Error> {
        let claim = || records::claim_names(&self.store, &skeleton::VERSION, skeletons);
        self.names_claimed.get_or_try_init(claim).await.copied()
    }

    /// Creates the user `admin` with this password or a random one, unless an account has the role ADMIN.
    ///
    /// # Errors
    /// The errors of [`Accounts::create`].
    pub async fn ensure_admin(&self, password: Option<SecretString>) -> Result<FirstAdmin, Error> {
        self.claim_names().await?;
        if records::has_admin(&self.store, FIRST_ADMIN).await? {
            return Ok(FirstAdmin::Present);
        }
        let (password, outcome) = match password {
            Some(password) => (password, FirstAdmin::Created),
            None => {
                let password = generate_password()?;
                (password.clone(), FirstAdmin::Generated(password))
            }
        };
        let admin = NewUser {
            username: FIRST_ADMIN.to_owned(),
            email: "admin@localhost".into(),
            password,
        };
        match self.create(admin, &[ADMIN.to_owned()]).await {
            Ok(_) => Ok(outcome),
            // Another process on the same database may have been faster.
            Err(Error::UsernameTaken | Error::Several(_)) if records::has_admin(&self.store, FIRST_ADMIN).await? => {
                Ok(FirstAdmin::Present)
            }
            Err(error) => Err(error),
        }
    }
}

/// 144 random bits, in a form that can be typed.
fn generate_password() -> Result<SecretString, Error> {
    let mut bytes = [0; 18];
    rand::fill(&mut bytes)
        .map_err(|_| Error::Internal("the random number generator of the system failed".to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).into())
}
