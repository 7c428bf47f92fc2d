//! `portcullis schema`: prints the schema, the part of it that a role may use, or the access rule of each field.

mod known_roles;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde::Serialize;
use strum::VariantArray as _;

use super::{CommandError, output};
use crate::access::{Actor, BUILT_IN_ROLES, Permission, Permissions, Requirement};
use crate::config::Config;
use crate::graphql::request::access_table::{AccessTable, FieldRule};
use crate::graphql::role_schema::{RoleSchema, actor_with, actor_with_roles};
use crate::graphql::schema::{sdl, subgraph_sdl};

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Print a table of fields: required permission, built-in roles that have it, and cost
    #[arg(long)]
    access: bool,
    /// Print the schema as an Apollo Federation subgraph, as served with the setting federation
    #[arg(long, conflicts_with = "access")]
    subgraph: bool,
    /// Print the table of --access as JSON
    #[arg(long, requires = "access")]
    json: bool,
    /// Print what callers with this role may use; repeat the flag for several roles. GUEST alone is a caller who is not
    /// signed in. Roles of a store are known if data_dir or database is set
    #[arg(long = "role", value_name = "ROLE", conflicts_with_all = ["access", "subgraph", "permissions"])]
    roles: Vec<String>,
    /// Print what a signed-in caller with this permission may use; repeat the flag for several permissions
    #[arg(
        long = "permission",
        value_name = "PERMISSION",
        value_parser = PossibleValuesParser::new(Permission::VARIANTS.iter().map(|permission| permission.name()))
            .try_map(|name| name.parse::<Permission>()),
        conflicts_with_all = ["access", "subgraph"]
    )]
    permissions: Vec<Permission>,
}

impl SchemaArgs {
    /// Whether the command reads roles, and so the settings.
    pub(super) fn names_roles(&self) -> bool {
        !self.roles.is_empty()
    }
}

/// The access rule and the cost of a field.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    /// `Type.field`, the format that `viewerCan` accepts.
    field: String,
    /// The required permission, or `SESSION` if the caller must be signed in. Absent for public fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    requires: Option<&'static str>,
    /// Whether the owner of the object may also select it.
    or_owner: bool,
    /// Built-in roles that may select it on any object.
    roles: Vec<&'static str>,
    /// The weight in `@cost`.
    cost: u32,
    /// The list argument for each of whose items the weight is added again.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_per: Option<String>,
    /// Whether it contains personal data or a secret.
    sensitive: bool,
}

impl Row {
    fn new(parent: &str, name: &str, rule: &FieldRule) -> Self {
        let roles = BUILT_IN_ROLES.into_iter();
        let (requires, or_owner, roles) = match rule.requirement {
            None => (None, false, roles.map(|(role, _)| role).collect()),
            Some(Requirement::Session) => {
                // Guests have no session.
                let signed_in = roles.map(|(role, _)| role).filter(|role| *role != crate::access::GUEST);
                (Some("SESSION"), false, signed_in.collect())
            }
            Some(Requirement::Permission { permission, or_owner }) => {
                let may = roles.filter(|(_, permissions)| permissions.contains(permission));
                (Some(permission.name()), or_owner, may.map(|(role, _)| role).collect())
            }
        };
        Self {
            field: format!("{parent}.{name}"),
            requires,
            or_owner,
            roles,
            cost: rule.cost,
            cost_per: rule.cost_per.clone(),
            sensitive: rule.sensitive,
        }
    }
}

/// Prints the part of the schema that callers with these roles may use.
pub(super) async fn run_for_roles(args: &SchemaArgs, config: &Config) -> Result<(), CommandError> {
    let known = known_roles::read(config).await?;
    let actor = actor_with_roles(&args.roles, &known).map_err(|error| CommandError::Usage(error.to_string()))?;
    print_for(&actor)
}

fn print_for(actor: &Actor) -> Result<(), CommandError> {
    output::print(RoleSchema::new(&sdl())?.sdl(actor))
}

pub(super) fn run(args: &SchemaArgs) -> Result<(), CommandError> {
    if !args.permissions.is_empty() {
        return print_for(&actor_with(&[], Permissions::of(&args.permissions)));
    }
    if !args.access {
        return output::print(if args.subgraph { subgraph_sdl() } else { sdl() });
    }
    let table = AccessTable::from_sdl(&sdl())?;
    let rows: Vec<Row> = table
        .fields()
        .into_iter()
        .map(|(parent, name, rule)| Row::new(parent, name, rule))
        .collect();
    if args.json {
        return output::print_line(serde_json::to_string_pretty(&rows)?);
    }
    let widest = rows.iter().map(|row| row.field.len()).max().unwrap_or_default();
    output::print_line(format_args!(
        "{:widest$}  {:<22} {:<18} cost",
        "field", "requires", "roles"
    ))?;
    for row in &rows {
        let requires = row.requires.unwrap_or("-").to_owned() + if row.or_owner { " or owner" } else { "" };
        let mark = if row.sensitive { "  sensitive" } else { "" };
        let roles = row.roles.join(" ");
        let per = row.cost_per.as_ref().map(|list| format!(" x (1 + {list})"));
        output::print_line(format_args!(
            "{:widest$}  {requires:<22} {roles:<18} {}{}{mark}",
            row.field,
            row.cost,
            per.unwrap_or_default()
        ))?;
    }
    Ok(())
}
