//! Coverage of all tables by the export and erasure of accounts: each table is on one of the two lists below. The
//! format of the export is tested in `personal_data`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::*;

/// Tables with rows about an account, each with a field whose value is in the export.
const OWNED: [(&str, &str); 7] = [
    ("api_key", "name"),
    ("audit", "at"),
    ("email", "id"),
    ("haunt", "network"),
    ("name_skeleton", "id"),
    ("session", "id"),
    ("user", "username"),
];

/// Tables without personal data, each with the reason.
const IMPERSONAL: [(&str, &str); 13] = [
    ("catalogue", "one row with the version of the catalogue"),
    ("data_key", "one row with the ids of data keys, and an encrypted key"),
    ("job", "postings of the organisation that runs the server"),
    ("job_entry", "made from a posting"),
    ("job_removed", "the id of a posting"),
    ("job_vectors", "made from a posting"),
    ("migration", "the versions of the schema"),
    (
        "password_failures",
        "the id is a hash of a name or an address, and the row is removed some hours after the last failure",
    ),
    ("role", "names of roles and their permissions"),
    (
        "rule",
        "rows written by transactions to force conflicts, and the version of the skeletons",
    ),
    ("signing_key", "the id of the key that signs access tokens"),
    (
        "spending",
        "the id is a hash of the account and an hour, and the row is removed after that hour",
    ),
    (
        "user_list",
        "one row with the version of the list of accounts, and the creation times of accounts that were removed",
    ),
];

/// Names under which a field holds an account's id as text.
const OWNER_FIELDS: [&str; 6] = ["user", "owner", "account", "actor", "subject", "created_by"];

async fn ask(store: &Store, statement: &str) -> Value {
    store.run(statement, Default::default()).await.unwrap().take().unwrap()
}

fn names(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

async fn tables(store: &Store) -> Vec<String> {
    names(&ask(store, "INFO FOR DB").await["tables"])
}

/// Returns whether a field refers to an account: by its type, which is or contains `record<user>`, or by its name.
fn refers_to_an_account(name: &str, definition: &str) -> bool {
    let mut types = definition.split("record<").skip(1);
    let by_type = types.any(|rest| {
        let tables = rest.split('>').next().unwrap_or_default();
        tables.split('|').any(|table| table.trim() == "user")
    });
    by_type || name.split('.').any(|part| OWNER_FIELDS.contains(&part))
}

/// Returns the mistakes in the two lists.
async fn mistakes(store: &Store) -> Vec<String> {
    let tables = tables(store).await;
    let owned = |table: &str| OWNED.iter().any(|(name, _)| *name == table);
    let impersonal = |table: &str| IMPERSONAL.iter().any(|(name, _)| *name == table);
    let mut mistakes = Vec::new();
    for table in &tables {
        if owned(table) == impersonal(table) {
            mistakes.push(format!("{table} must be on one of the lists, OWNED or IMPERSONAL"));
        }
        let info = ask(store, &format!("INFO FOR TABLE {table}")).await;
        for (field, definition) in info["fields"].as_object().unwrap() {
            let refers = refers_to_an_account(field, definition.as_str().unwrap_or_default());
            if refers && !owned(table) {
                mistakes.push(format!(
                    "{table}.{field} refers to an account, so {table} must be in OWNED"
                ));
            }
        }
    }
    let listed = OWNED.iter().chain(&IMPERSONAL).map(|(name, _)| *name);
    let gone = listed.filter(|name| !tables.iter().any(|table| table == name));
    mistakes.extend(gone.map(|name| format!("{name} is listed but is not in the store")));
    mistakes
}

/// Returns all rows by table.
async fn rows(store: &Store) -> BTreeMap<String, Vec<Value>> {
    let mut rows = BTreeMap::new();
    for table in tables(store).await {
        let all = ask(store, &format!("SELECT * FROM {table}")).await;
        rows.insert(table, all.as_array().unwrap().clone());
    }
    rows
}

/// Returns the rows that contain a text anywhere.
fn mentioning<'a>(rows: &'a BTreeMap<String, Vec<Value>>, table: &str, text: &str) -> Vec<&'a Value> {
    let of_table = rows[table].iter();
    of_table.filter(|row| row.to_string().contains(text)).collect()
}

#[tokio::test]
async fn every_table_with_rows_about_an_account_is_exported_and_erased() {
    const NAME: &str = "zebediah";
    const ADDRESS: &str = "192.0.2.77";
    let test = TestAccounts::open().await;
    assert_eq!(mistakes(&test.store).await, Vec::<String>::new());
    test.register(NAME).await;
    test.register("bob").await;
    test.login("bob").await;
    let home = Origin {
        address: Some(ADDRESS.parse().unwrap()),
        user_agent: None,
    };
    let grant = test.accounts.login(NAME, password(), &home).await.unwrap();
    let caller = test.session(&grant).await.unwrap();
    let new = NewApiKey {
        name: "nightly".to_owned(),
        roles: vec![crate::access::USER.to_owned()],
        expires_at: None,
    };
    test.accounts.create_api_key(&caller, new).await.unwrap();

    let before = rows(&test.store).await;
    let export = test.accounts.export_my_data(&caller).await.unwrap().to_string();
    for (table, field) in OWNED {
        let own = mentioning(&before, table, NAME);
        assert!(!own.is_empty(), "the test must create a row of the account in {table}");
        for row in own {
            let value = row[field]
                .as_str()
                .unwrap_or_else(|| panic!("{table}.{field} in {row}"));
            // The export shows only the key of a record id.
            let shown = value
                .strip_prefix(&format!("{table}:"))
                .unwrap_or(value)
                .trim_matches(['`', '\u{27e8}', '\u{27e9}']);
            // Times are exported with milliseconds.
            let shown = match chrono::DateTime::parse_from_rfc3339(shown) {
                Ok(_) => &shown[.."2026-01-31T12:00:00.000".len()],
                Err(_) => shown,
            };
            assert!(
                export.contains(shown),
                "{table}.{field} {shown} is not in the export: {export}"
            );
        }
    }

    test.accounts.erase_me(&caller, password()).await.unwrap();
    let after = rows(&test.store).await;
    for table in after.keys() {
        for text in [NAME, ADDRESS] {
            let left = mentioning(&after, table, text);
            assert!(left.is_empty(), "{table} still has {text}: {left:?}");
        }
        let (had, has) = (mentioning(&before, table, "bob"), mentioning(&after, table, "bob"));
        assert_eq!(had.len(), has.len(), "{table} must keep the rows of other accounts");
    }
}

#[tokio::test]
async fn an_unlisted_table_is_reported() {
    let test = TestAccounts::open().await;
    for (definition, table, refers) in [
        ("TYPE string", "plain", false),
        ("TYPE record<user>", "one", true),
        ("TYPE option<record<user>>", "optional", true),
        ("TYPE array<record<user>>", "several", true),
        ("TYPE record<job | user>", "either", true),
        ("TYPE record<job>", "other", false),
    ] {
        let define = format!("DEFINE TABLE {table} SCHEMAFULL; DEFINE FIELD whose ON {table} {definition};");
        ask(&test.store, &define).await;
        let found = mistakes(&test.store).await;
        assert!(
            found
                .iter()
                .any(|mistake| mistake.starts_with(&format!("{table} must"))),
            "{found:?}"
        );
        let refer = found
            .iter()
            .any(|mistake| mistake.starts_with(&format!("{table}.whose")));
        assert_eq!(refer, refers, "{table}: {found:?}");
    }
    let define = "DEFINE TABLE named SCHEMAFULL; DEFINE FIELD owner ON named TYPE string;";
    ask(&test.store, define).await;
    let found = mistakes(&test.store).await;
    assert!(
        found.iter().any(|mistake| mistake.starts_with("named.owner")),
        "{found:?}"
    );
}
