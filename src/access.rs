//! Who may do what: the whole policy, pure.
//!
//! Everything asks here and nowhere else: the GraphQL guard before a field runs, `viewerCan` when a client asks ahead,
//! the tests when they walk the matrix. It knows no store, no token and no schema, so it can be read in one sitting.
//!
//! Roles are data, permissions are code: a role is a name for a set of [`Permission`]s, and a field requires a
//! permission, never a role.

use std::sync::Arc;

use strum::VariantArray as _;

/// A permission that a field can require. The enum `Permission` of the schema is derived from it: names, order and
/// descriptions.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[repr(u8)]
pub enum Permission {
    /// Run a classifier.
    Predict,
    /// Match a resume with a job posting.
    MatchResume,
    /// List the served models.
    ReadModels,
    /// Read and search the job catalogue.
    ReadJobs,
    /// Add jobs to the catalogue and remove them.
    WriteJobs,
    /// Read all accounts.
    ReadUsers,
    /// Enable, disable and remove accounts.
    ManageUsers,
    /// Assign roles to accounts, and change the permissions of roles.
    ManageRoles,
    /// Read the audit trail.
    ReadAudit,
}

impl Permission {
    /// The name in the schema, in tokens and in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u16);

impl Permissions {
    /// No permission at all.
    pub const NONE: Self = Self(0);
    /// Every permission there is.
    pub const ALL: Self = Self::of(Permission::VARIANTS);

    /// The set of these permissions.
    #[must_use]
    pub const fn of(permissions: &[Permission]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < permissions.len() {
            bits |= 1 << permissions[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// Whether the permission is in the set.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in the set, in the order of the schema.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::VARIANTS
            .iter()
            .copied()
            .filter(move |permission| self.contains(*permission))
    }
}

/// The role with every permission.
pub const ADMIN: &str = "ADMIN";
/// The role that `register` gives.
pub const USER: &str = "USER";
/// The role of a request without a token.
pub const GUEST: &str = "GUEST";

/// The roles that exist without anybody having made them.
pub const BUILT_IN_ROLES: [(&str, Permissions); 3] = [
    (ADMIN, Permissions::ALL),
    (
        USER,
        Permissions::of(&[
            Permission::Predict,
            Permission::MatchResume,
            Permission::ReadModels,
            Permission::ReadJobs,
        ]),
    ),
    (GUEST, Permissions::of(&[Permission::ReadModels])),
];

/// What a built-in role may do; `None` for a name that is no built-in role.
#[must_use]
pub fn built_in_role(name: &str) -> Option<Permissions> {
    BUILT_IN_ROLES
        .iter()
        .find(|(role, _)| *role == name)
        .map(|(_, permissions)| *permissions)
}

/// Who asks. An anonymous caller is an actor too, not the absence of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    user: Option<Arc<str>>,
    roles: Arc<[String]>,
    permissions: Permissions,
    in_person: bool,
}

impl Actor {
    /// The caller without a token.
    #[must_use]
    pub fn guest() -> Self {
        Self::guest_with(built_in_role(GUEST).unwrap_or_default())
    }

    /// The caller without a token, where somebody has changed what the role GUEST allows.
    #[must_use]
    pub fn guest_with(permissions: Permissions) -> Self {
        Self {
            user: None,
            roles: Arc::from([GUEST.to_owned()]),
            permissions,
            in_person: false,
        }
    }

    /// The caller whose token was verified and whose account is enabled: `user` is the account's id.
    #[must_use]
    pub fn user(user: impl Into<Arc<str>>, roles: impl Into<Arc<[String]>>, permissions: Permissions) -> Self {
        Self {
            user: Some(user.into()),
            roles: roles.into(),
            permissions,
            in_person: true,
        }
    }

    /// The same account by its API key: a machine, which manages neither the account nor its keys.
    #[must_use]
    pub fn by_api_key(self) -> Self {
        Self {
            in_person: false,
            ..self
        }
    }

    /// The account's id; `None` for a guest.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The names of the roles that hold for this request.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// What all the roles together allow.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }
}

/// What a field asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// The directive `@auth`.
    Permission {
        /// The permission that opens the field.
        permission: Permission,
        /// Whether owning the object opens it too.
        or_owner: bool,
    },
    /// The directive `@signedIn`: a caller in person, by a session.
    Session,
}

/// The answer to "may I?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The field may run.
    Allowed,
    /// Nobody is signed in: signing in might help.
    Unauthenticated,
    /// Somebody is signed in and lacks this permission.
    Forbidden(Permission),
    /// An API key was shown for what needs its owner in person.
    SessionRequired,
}

/// Decides. `owner` is the id of the account that owns the object, where the object has an owner.
#[must_use]
pub fn permits(actor: &Actor, requirement: Requirement, owner: Option<&str>) -> Decision {
    let (allowed, refusal) = match requirement {
        Requirement::Permission { permission, or_owner } => {
            let owns = or_owner && owner.is_some() && actor.id() == owner;
            (
                owns || actor.permissions.contains(permission),
                Decision::Forbidden(permission),
            )
        }
        Requirement::Session => (actor.in_person, Decision::SessionRequired),
    };
    match (allowed, actor.id()) {
        (true, _) => Decision::Allowed,
        (false, None) => Decision::Unauthenticated,
        (false, Some(_)) => refusal,
    }
}

#[cfg(test)]
mod tests {
    //! The policy itself. That fields ask it at all is shown by the access matrix in `tests/it`.

    use super::*;

    fn requirement(permission: Permission, or_owner: bool) -> Requirement {
        Requirement::Permission { permission, or_owner }
    }

    #[test]
    fn names_round_trip() {
        for &permission in Permission::VARIANTS {
            assert_eq!(permission.name().parse(), Ok(permission));
        }
        assert!("predict".parse::<Permission>().is_err());
    }

    #[test]
    fn a_set_holds_exactly_what_was_put_in() {
        for &permission in Permission::VARIANTS {
            let set = Permissions::of(&[permission]);
            assert_eq!(set.iter().collect::<Vec<_>>(), [permission]);
        }
        assert_eq!(Permissions::ALL.iter().count(), Permission::VARIANTS.len());
        assert_eq!(Permissions::NONE.iter().count(), 0);
    }

    #[test]
    fn a_guest_is_told_to_sign_in_and_a_user_what_is_missing() {
        let need = requirement(Permission::Predict, false);
        assert_eq!(permits(&Actor::guest(), need, None), Decision::Unauthenticated);
        let nobody = Actor::user("ann", [], Permissions::NONE);
        assert_eq!(permits(&nobody, need, None), Decision::Forbidden(Permission::Predict));
        let user = Actor::user("ann", [USER.to_owned()], built_in_role(USER).unwrap());
        assert_eq!(permits(&user, need, None), Decision::Allowed);
    }

    #[test]
    fn owning_opens_only_what_says_so_and_only_ones_own() {
        let ann = Actor::user("ann", [], Permissions::NONE);
        let own = requirement(Permission::ReadUsers, true);
        assert_eq!(permits(&ann, own, Some("ann")), Decision::Allowed);
        assert_eq!(
            permits(&ann, own, Some("bob")),
            Decision::Forbidden(Permission::ReadUsers)
        );
        assert_eq!(permits(&ann, own, None), Decision::Forbidden(Permission::ReadUsers));
        let strict = requirement(Permission::ReadUsers, false);
        assert_eq!(
            permits(&ann, strict, Some("ann")),
            Decision::Forbidden(Permission::ReadUsers)
        );
    }

    #[test]
    fn a_guest_owns_nothing() {
        let own = requirement(Permission::ReadUsers, true);
        assert_eq!(permits(&Actor::guest(), own, None), Decision::Unauthenticated);
    }

    #[test]
    fn a_key_is_not_its_owner_in_person() {
        let ann = Actor::user("ann", [USER.to_owned()], built_in_role(USER).unwrap());
        assert_eq!(permits(&ann, Requirement::Session, None), Decision::Allowed);
        let key = ann.by_api_key();
        assert_eq!(permits(&key, Requirement::Session, None), Decision::SessionRequired);
        assert_eq!(
            permits(&key, requirement(Permission::Predict, false), None),
            Decision::Allowed
        );
        assert_eq!(
            permits(&Actor::guest(), Requirement::Session, None),
            Decision::Unauthenticated
        );
    }
}
