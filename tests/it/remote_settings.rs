//! Settings of a remote database, as an operator sees them when the binary starts. No database listens here.

use std::process::Output;

use crate::process::{portcullis, run};

const URL: &str = "ws://127.0.0.1:1/ns/db";
const ISSUER: (&str, &str) = ("PORTCULLIS_ISSUER", "https://portcullis.example.org");

fn started(command: &str, variables: &[(&str, &str)]) -> (Output, String) {
    let data = tempfile::tempdir().unwrap();
    let output = run(portcullis(data.path()).envs(variables.iter().copied()).arg(command));
    let errors = String::from_utf8(output.stderr.clone()).unwrap();
    (output, errors)
}

#[test]
fn servers_of_a_remote_database_require_an_issuer() {
    for command in ["serve", "check-config"] {
        let (output, errors) = started(command, &[("PORTCULLIS_DATABASE", URL)]);
        assert_eq!(output.status.code(), Some(2), "{command}: {output:?}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
        assert!(errors.contains("issuer: required with a remote database"), "{errors}");
    }
    let (output, _) = started("check-config", &[("PORTCULLIS_DATABASE", URL), ISSUER]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn the_password_of_a_remote_database_need_not_be_in_the_url() {
    const USER: (&str, &str) = ("PORTCULLIS_DATABASE_USER", "ann");
    const PASSWORD: (&str, &str) = ("PORTCULLIS_DATABASE_PASSWORD", "hidden");
    let (output, errors) = started("check-config", &[("PORTCULLIS_DATABASE", URL), ISSUER, USER, PASSWORD]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap() + &errors;
    assert!(
        printed.contains("database_user = \"ann\"") && !printed.contains("hidden"),
        "{printed}"
    );

    let (output, errors) = started("check-config", &[("PORTCULLIS_DATABASE", URL), ISSUER, USER]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(errors.contains("PORTCULLIS_DATABASE_PASSWORD"), "{errors}");

    // The server warns once, and fails because nothing listens.
    let (output, errors) = started(
        "serve",
        &[("PORTCULLIS_DATABASE", "ws://ann:hidden@127.0.0.1:1/ns/db"), ISSUER],
    );
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let warnings = errors.lines().filter(|line| line.contains("the URL holds a password"));
    assert_eq!(warnings.count(), 1, "{errors}");
    assert!(
        errors.contains("database_password_file") && !errors.contains("hidden"),
        "{errors}"
    );
}
