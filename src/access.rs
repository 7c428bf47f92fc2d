//! The access policy: who may do what.
//!
//! Every decision is made here: by the GraphQL guard before a field runs, by `viewerCan` when a client asks in advance,
//! and by the tests of the access matrix. The module does no I/O and knows no store, token or schema.
//!
//! Roles are data and permissions are code: a role is a named set of [`Permission`]s, and a field requires a
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
    /// The empty set.
    pub const NONE: Self = Self(0);
    /// The set of all permissions.
    pub const ALL: Self = Self::of(Permission::VARIANTS);

    /// Creates a set of these permissions.
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

    /// Returns whether the permission is in the set.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// Returns the union of two sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the intersection of two sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Iterates over the permissions in the order of the schema.
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

/// The roles that exist without having been created.
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

/// Returns the permissions of a built-in role, or `None` if the name is not one.
#[must_use]
pub fn built_in_role(name: &str) -> Option<Permissions> {
    BUILT_IN_ROLES
        .iter()
        .find(|(role, _)| *role == name)
        .map(|(_, permissions)| *permissions)
}

/// The caller of a request. An anonymous caller is an actor as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    user: Option<Arc<str>>,
    roles: Arc<[String]>,
    permissions: Permissions,
    in_person: bool,
}

impl Actor {
    /// Creates the actor of a request without a token.
    #[must_use]
    pub fn guest() -> Self {
        Self::guest_with(built_in_role(GUEST).unwrap_or_default())
    }

    /// Creates the actor of a request without a token, if the permissions of the role GUEST were changed.
    #[must_use]
    pub fn guest_with(permissions: Permissions) -> Self {
        Self {
            user: None,
            roles: Arc::from([GUEST.to_owned()]),
            permissions,
            in_person: false,
        }
    }

    /// Creates the actor of a verified token with an enabled account. `user` is the id of the account.
    #[must_use]
    pub fn user(user: impl Into<Arc<str>>, roles: impl Into<Arc<[String]>>, permissions: Permissions) -> Self {
        Self {
            user: Some(user.into()),
            roles: roles.into(),
            permissions,
            in_person: true,
        }
    }

    /// Marks the actor as authenticated by an API key, which may manage neither the account nor its keys.
    #[must_use]
    pub fn by_api_key(self) -> Self {
        Self {
            in_person: false,
            ..self
        }
    }

    /// Returns the id of the account, or `None` for a guest.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Returns the names of the roles that apply to this request.
    #[must_use]
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// Returns the union of the permissions of all roles.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }
}

/// A requirement of a field to its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// The directive `@auth`.
    Permission {
        /// The permission that the field requires.
        permission: Permission,
        /// Whether the owner of the object is allowed as well.
        or_owner: bool,
    },
    /// The directive `@signedIn`: the caller must be signed in with a session.
    Session,
}

/// The result of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The field may run.
    Allowed,
    /// The caller is not signed in.
    Unauthenticated,
    /// The caller is signed in and lacks this permission.
    Forbidden(Permission),
    /// The caller used an API key where a session is required.
    SessionRequired,
}

/// Decides whether an actor meets a requirement. `owner` is the id of the account that owns the object, if it has an
/// owner.
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
    //! Tests of the policy itself. The access matrix in `tests/it` shows that the fields apply it.

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
        let ann = Actor::user("ann", [], Permissions::NONE);
        assert_eq!(permits(&ann, need, None), Decision::Forbidden(Permission::Predict));
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
