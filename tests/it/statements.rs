//! Statements on tables that grow: each finds its records by id or by an index, or is run by `Store::scan`, which may take
//! longer than requests wait. Read from the texts of `src/`, because a table scan is fast in a small test store.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use portcullis_test_support::repository;

/// The tables whose number of records is bounded.
const SMALL: [&str; 7] = [
    "catalogue",
    "data_key",
    "migration",
    "role",
    "rule",
    "signing_key",
    "user_list",
];
/// Statements that read a whole table, by the file that runs them with `Store::scan`, their table and field.
const SCANS: [(&str, &str, &str); 4] = [
    ("src/identity/records/roles.rs", "api_key", "roles"),
    ("src/identity/records/roles.rs", "user", "roles"),
    ("src/identity/records/users.rs", "user", "enabled"),
    ("src/identity/records/users.rs", "user", "roles"),
];
/// A statement whose condition is built when it runs, and begins with a range of ids.
const RANGE: (&str, &str, &str) = ("src/audit/records.rs", "audit", "");

/// The words of a text, without punctuation but `$`, `{`, `}` and `;`, which stand alone.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let end = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(end);
        if is_word(first) || matches!(first, '$' | '{' | '}' | ';' | '"') {
            words.push(word);
        }
        rest = after;
    }
    words
}

/// The tables, and the fields that begin an index of each.
fn tables() -> BTreeMap<String, BTreeSet<String>> {
    let mut tables = BTreeMap::<String, BTreeSet<String>>::new();
    for entry in std::fs::read_dir(repository().join("src/store/migrations")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines().filter(|line| line.starts_with("DEFINE ")) {
            match words(line)[..] {
                ["DEFINE", "TABLE", table, ..] => {
                    tables.entry(table.to_owned()).or_default();
                }
                ["DEFINE", "INDEX", _, "ON", table, "FIELDS", field, ..] => {
                    tables.entry(table.to_owned()).or_default().insert(field.to_owned());
                }
                _ => {}
            }
        }
    }
    tables
}

/// The texts of `const NAME: &str = "...";` in a file.
fn constants(text: &str) -> BTreeMap<&str, &str> {
    let definitions = text.split("const ").skip(1);
    let named = definitions.filter_map(|definition| {
        let (name, rest) = definition.split_once(": &str =")?;
        let value = rest.split('"').nth(1)?;
        Some((name, value))
    });
    named.collect()
}

/// The table and the first field of the condition of each statement that has one, or of one without condition and limit.
fn conditions<'a>(text: &'a str, tables: &BTreeMap<String, BTreeSet<String>>) -> Vec<(&'a str, &'a str)> {
    let constants = constants(text);
    let words = words(text);
    let mut found = Vec::new();
    for (at, pair) in words.windows(2).enumerate() {
        let [keyword, table] = pair else { continue };
        if !matches!(*keyword, "FROM" | "DELETE" | "UPDATE") || !tables.contains_key(*table) {
            continue;
        }
        let rest = &words[at + 2..];
        // The condition belongs to this statement if no other begins before it.
        let end = rest
            .iter()
            .position(|word| matches!(*word, ";" | "\"" | "FROM" | "LET"));
        let rest = &rest[..end.unwrap_or(rest.len())];
        let condition = rest.iter().position(|word| *word == "WHERE").map(|at| &rest[at + 1..]);
        let field = match condition {
            Some(["{", name, "}", ..]) => constants.get(name).and_then(|text| self::words(text).first().copied()),
            Some([field, ..]) => Some(*field),
            Some([]) => None,
            None if rest.contains(&"LIMIT") => continue,
            None => None,
        };
        found.push((*table, field.unwrap_or("")));
    }
    found
}

/// The names of the parameters that a statement reads from with a limit. Of a range, the database reads all records before
/// it takes the first ones; of `store::records_after`, it reads those only.
fn limited_parameters(text: &str) -> Vec<&str> {
    let words = words(text);
    let sources = words
        .windows(3)
        .enumerate()
        .filter(|(_, three)| three[..2] == ["FROM", "$"]);
    let limited = sources.filter(|(at, _)| {
        let mut rest = words[at + 3..].iter();
        rest.find(|word| matches!(**word, ";" | "\"" | "FROM" | "LET" | "LIMIT")) == Some(&"LIMIT")
    });
    limited.map(|(_, three)| three[2]).collect()
}

fn check(
    folder: &Path,
    tables: &BTreeMap<String, BTreeSet<String>>,
    scans: &mut BTreeSet<(String, String, String)>,
) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(repository()).unwrap().display().to_string();
        if path.is_dir() {
            count += check(&path, tables, scans);
            continue;
        }
        if !name.ends_with(".rs") || name.contains("/tests") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        // Without its tests.
        let text = text.split("#[cfg(test)]").next().unwrap();
        assert_eq!(limited_parameters(text), [""; 0], "{name}");
        // The database reads the table from its beginning.
        assert!(!text.contains("id > $"), "{name}: use store::records_after");
        for (table, field) in conditions(text, tables) {
            count += 1;
            let is_found = field == "id" || tables[table].contains(field);
            if !is_found && !SMALL.contains(&table) && (name.as_str(), table, field) != RANGE {
                assert!(
                    text.contains(".scan("),
                    "{name}: {table} by {field:?} needs an index, or Store::scan"
                );
                scans.insert((name.clone(), table.to_owned(), field.to_owned()));
            }
        }
    }
    count
}

#[test]
fn a_limit_of_a_range_is_found() {
    assert_eq!(limited_parameters("\"SELECT * FROM $range LIMIT $limit\""), ["range"]);
    let others = "\"SELECT * FROM $ids\" \"SELECT id FROM type::record($page.range) LIMIT 5\"";
    assert!(limited_parameters(others).is_empty());
}

#[test]
fn no_request_reads_a_whole_table() {
    let tables = tables();
    let mut scans = BTreeSet::new();
    let count = check(&repository().join("src"), &tables, &mut scans);
    assert!(
        tables.len() > 15 && count > 20,
        "{} tables, {count} statements",
        tables.len()
    );
    let known: BTreeSet<_> = SCANS
        .iter()
        .map(|(file, table, field)| ((*file).to_owned(), (*table).to_owned(), (*field).to_owned()))
        .collect();
    assert_eq!(scans, known);
}
