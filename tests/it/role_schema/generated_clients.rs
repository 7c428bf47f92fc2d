//! Code generators and compilers on the schema of a role: a document with a field that the role may not select fails
//! where the client is built.

use std::path::Path;

use graphql_client_codegen::{CodegenMode, GraphQLClientCodegenOptions, generate_module_token_stream_from_string};
use portcullis::graphql::sdl;
use portcullis_test_support::node::{self, clients, install};
use serde_json::Value;

use crate::process::{portcullis, run};

/// The schema of a role as the command prints it.
fn schema_of(role: &str) -> String {
    let data = tempfile::tempdir().unwrap();
    let output = run(portcullis(data.path()).args(["schema", "--role", role]));
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The errors of the tools in TypeScript, which are null for those that succeed.
fn build_typescript(schema: &str) -> Value {
    let folder = clients("typescript");
    install(&folder);
    // Inside, so that the packages are found.
    let build = tempfile::Builder::new().prefix("role-").tempdir_in(&folder).unwrap();
    std::fs::write(build.path().join("schema.graphql"), schema).unwrap();
    node::run("typescript/role.mjs", &[build.path().to_str().unwrap()])
}

#[test]
fn tsc_and_relay_compiler_refuse_a_field_that_the_role_may_not_select() {
    let whole = build_typescript(&sdl());
    for tool in [
        &whole["codegen"]["Allowed"],
        &whole["codegen"]["Refused"],
        &whole["relay"],
        &whole["tsc"],
    ] {
        assert!(tool.is_null(), "{whole}");
    }
    let user = build_typescript(&schema_of("USER"));
    let contains = |tool: &Value, text: &str| tool.as_str().is_some_and(|error| error.contains(text));
    assert!(user["codegen"]["Allowed"].is_null(), "{user}");
    let refused = "Cannot query field \"users\" on type \"Query\"";
    assert!(contains(&user["codegen"]["Refused"], refused), "{user}");
    assert!(
        contains(&user["relay"], "The type `Query` has no field `users`"),
        "{user}"
    );
    assert!(
        contains(&user["tsc"], "RefusedDocument") && !contains(&user["tsc"], "AllowedDocument"),
        "{user}"
    );
}

/// Generates a client in Rust as the derive macro of `graphql_client` does: the error, which fails `cargo build`.
fn build_rust(schema: &Path, document: &str) -> Result<(), String> {
    let options = GraphQLClientCodegenOptions::new(CodegenMode::Cli);
    match generate_module_token_stream_from_string(document, schema, options) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn graphql_client_refuses_a_field_that_the_role_may_not_select() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, sdl: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, sdl).unwrap();
        file
    };
    let (whole, user) = (
        write("schema.graphql", &sdl()),
        write("user.graphql", &schema_of("USER")),
    );
    let predict = "query Allowed { predict(input: { model: \"a\", inputs: [] }) { predictions { label } } }";
    let users = "query Refused { users { nodes { username } } }";
    assert_eq!(build_rust(&whole, predict), Ok(()));
    assert_eq!(build_rust(&whole, users), Ok(()));
    assert_eq!(build_rust(&user, predict), Ok(()));
    assert_eq!(
        build_rust(&user, users),
        Err("No field named users on Query".to_owned())
    );
    let guest = write("guest.graphql", &schema_of("GUEST"));
    assert_eq!(
        build_rust(&guest, predict),
        Err("No field named predict on Query".to_owned())
    );
}
