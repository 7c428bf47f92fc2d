//! `portcullis schema`: prints the schema, or the access rule of each field.

use clap::Args;
use serde::Serialize;

use super::{CommandError, output};
use crate::access::{BUILT_IN_ROLES, Requirement};
use crate::graphql::request::access_table::{AccessTable, FieldRule};
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

pub(super) fn run(args: &SchemaArgs) -> Result<(), CommandError> {
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
