//! The schema as a role may use it: compared with the access rules for roles and sets of permissions, with the committed
//! access matrix for real callers, and as code generators and compilers take it.

mod generated_clients;
mod http;
mod printed;

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Schema;
use portcullis::access::{Actor, BUILT_IN_ROLES, Decision, GUEST, Permission, Permissions, built_in_role, permits};
use portcullis::graphql::request::access_table::{AccessTable, FieldRule};
use portcullis::graphql::role_schema::{RoleSchema, actor_with, actor_with_roles};
use portcullis::graphql::sdl;
use portcullis_test_support::cases;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use self::printed::PrintedSchema;

const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

/// The whole schema.
struct Rules {
    sdl: String,
    /// By type and field.
    fields: BTreeMap<String, BTreeMap<String, FieldRule>>,
}

impl Rules {
    fn new() -> Self {
        let sdl = sdl();
        let table = AccessTable::from_sdl(&sdl).unwrap();
        let mut fields: BTreeMap<String, BTreeMap<String, FieldRule>> = BTreeMap::new();
        for (ty, field, rule) in table.fields() {
            let of_type = fields.entry(ty.to_owned()).or_default();
            of_type.insert(field.to_owned(), rule.clone());
        }
        Self { sdl, fields }
    }

    fn allows(&self, rule: &FieldRule, actor: &Actor) -> bool {
        let decide = |requirement| permits(actor, requirement, actor.id()) == Decision::Allowed;
        rule.requirement.is_none_or(decide)
    }

    /// Whether a selection of this type can contain a field. `above` are the types that the answer is sought for.
    fn has_selection(&self, ty: &str, actor: &Actor, above: &[&str]) -> bool {
        let Some(fields) = self.fields.get(ty) else { return true };
        above.contains(&ty)
            || fields.values().any(|rule| {
                let above: Vec<&str> = above.iter().copied().chain([ty]).collect();
                self.allows(rule, actor) && self.has_selection(rule.base_type(), actor, &above)
            })
    }

    /// Every `Type.field` that the actor can reach from the roots.
    fn reachable(&self, actor: &Actor) -> BTreeSet<String> {
        let (mut found, mut seen, mut waiting) = (BTreeSet::new(), BTreeSet::new(), ROOTS.map(str::to_owned).to_vec());
        while let Some(ty) = waiting.pop() {
            for (field, rule) in self.fields.get(&ty).into_iter().flatten() {
                if self.allows(rule, actor) && self.has_selection(rule.base_type(), actor, &[]) {
                    found.insert(format!("{ty}.{field}"));
                    waiting.extend(seen.insert(rule.base_type()).then(|| rule.base_type().to_owned()));
                }
            }
        }
        found
    }
}

/// Checks a printed schema against the rules, and its parts against each other.
fn check(printed: &str, rules: &Rules, actor: &Actor) {
    let schema = PrintedSchema::parse(printed);
    assert_eq!(schema.fields, rules.reachable(actor), "{:?}", actor.permissions());
    let undefined: Vec<_> = schema.used.difference(&schema.defined).collect();
    assert!(undefined.is_empty(), "used and not defined: {undefined:?}");
    let unused: Vec<_> = schema.defined.difference(&schema.used).collect();
    assert!(unused.is_empty(), "defined and not used: {unused:?}");
    if let Err(failed) = Schema::parse_and_validate(printed, "role.graphql") {
        panic!("{}", failed.errors);
    }
    // Every line is one of the whole schema, in its order: arguments, descriptions, values and rules are the same.
    let mut lines = rules.sdl.lines();
    for line in printed.lines() {
        assert!(
            lines.any(|next| next == line),
            "{line:?} is not in the whole schema at its place"
        );
    }
}

#[test]
fn the_schema_of_each_built_in_role_has_the_fields_that_it_may_select() {
    let (schema, rules) = (RoleSchema::new(&sdl()).unwrap(), Rules::new());
    let known = BUILT_IN_ROLES.map(|(name, permissions)| (name.to_owned(), permissions));
    let mut sizes = Vec::new();
    for (role, permissions) in BUILT_IN_ROLES {
        let actor = actor_with_roles(&[role.to_owned()], &known).unwrap();
        assert_eq!(
            (actor.permissions(), actor.id().is_none()),
            (permissions, role == GUEST)
        );
        for actor in [actor.clone(), actor.by_api_key()] {
            let printed = schema.sdl(&actor);
            check(&printed, &rules, &actor);
            assert_eq!(printed, schema.sdl(&actor), "the same text each time");
            sizes.push(PrintedSchema::parse(&printed).fields.len());
        }
    }
    let [admin, admin_key, user, user_key, guest, _] = sizes[..] else {
        panic!("{sizes:?}")
    };
    assert!(
        admin > admin_key && admin_key > user_key && user > user_key && user_key > guest,
        "{sizes:?}"
    );
}

#[test]
fn the_schema_of_any_permissions_has_the_fields_that_they_allow() {
    let (schema, rules) = (RoleSchema::new(&sdl()).unwrap(), Rules::new());
    let one = |bit| Permissions::of(&[bit]);
    let all: Vec<Permission> = Permissions::ALL.iter().collect();
    let sets = prop::sample::subsequence(all.clone(), 0..=all.len());
    let mut runner = TestRunner::new(Config::with_cases(cases(200)));
    runner
        .run(&(sets, any::<bool>()), |(set, by_key)| {
            let actor = actor_with(&[], Permissions::of(&set));
            let actor = if by_key { actor.by_api_key() } else { actor };
            check(&schema.sdl(&actor), &rules, &actor);
            Ok(())
        })
        .unwrap();
    // Each permission by itself adds fields to what a caller without any may select.
    let without = schema.sdl(&actor_with(&[], Permissions::NONE)).len();
    for permission in all {
        let with = schema.sdl(&actor_with(&[], one(permission))).len();
        assert!(with > without, "{permission} adds nothing");
    }
}

#[test]
fn every_permission_and_a_session_give_the_whole_schema() {
    let schema = RoleSchema::new(&sdl()).unwrap();
    let actor = actor_with(&[], Permissions::ALL);
    assert!(
        schema.sdl(&actor) == sdl(),
        "the schema of every permission differs from schema.graphql"
    );
}

#[test]
fn a_type_without_fields_disappears_with_the_fields_that_return_it() {
    let schema = "
type Query {
\topen: Int
\touter: Outer
\teither: Either
}

type Outer {
\tinner: [Inner!]!
}

type Inner {
\tsecret(by: Order): Int @auth(requires: READ_USERS)
}

type Other {
\topen: Int
}

union Either = Inner | Other

enum Order {
\tUP
}

type Mutation {
\tchange(input: Change!): Int @signedIn
}

input Change {
\torder: Order
}

enum Permission {
\tREAD_USERS
}

directive @auth(requires: Permission!) on FIELD_DEFINITION
directive @signedIn on FIELD_DEFINITION
schema {
\tquery: Query
\tmutation: Mutation
}
";
    let printed = RoleSchema::new(schema)
        .unwrap()
        .sdl(&Actor::guest_with(Permissions::NONE));
    let expected = "
type Query {
\topen: Int
\teither: Either
}

type Other {
\topen: Int
}

union Either = Other

schema {
\tquery: Query
}
";
    assert_eq!(printed, expected);
    let user = RoleSchema::new(schema)
        .unwrap()
        .sdl(&actor_with(&[], built_in_role("USER").unwrap()));
    assert!(
        user.contains("@signedIn") && user.contains("enum Order") && !user.contains("Outer"),
        "{user}"
    );
}
