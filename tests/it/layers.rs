//! The arrows of the house: which crate may be named in which room.

use std::path::{Path, PathBuf};

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_crate_stays_in_its_rooms() {
    let rules: [(&str, &[&str]); 10] = [
        ("surrealdb_", &["store"]),
        (
            "surrealdb::",
            &["store", "identity/records", "audit", "quota", "catalogue/records"],
        ),
        ("burn::", &["inference"]),
        ("rten_", &["inference"]),
        ("async_graphql::", &["graphql", "http"]),
        ("axum::", &["http"]),
        ("reqwest::", &["identity/issuer"]),
        ("env::var", &["config/environment.rs"]),
        ("prometheus::", &["metrics.rs"]),
        ("rustls::", &["http"]),
    ];
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    for file in files {
        let inside = file.strip_prefix(&src).unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for (name, rooms) in rules {
            let allowed = rooms
                .iter()
                .any(|room| inside.starts_with(room) || inside.ends_with(room));
            assert!(allowed || !text.contains(name), "{name} is named in src/{inside}");
        }
        assert!(
            !inside.ends_with("mod.rs"),
            "src/{inside}: a module is foo.rs beside foo/"
        );
    }
}

#[test]
fn inner_rooms_do_not_know_the_outer_ones() {
    let outer = ["crate::graphql", "crate::http", "crate::app", "crate::cli"];
    let rules: [(&str, &[&str]); 9] = [
        ("access.rs", &["crate::"]),
        (
            "store",
            &[
                "crate::identity",
                "crate::audit",
                "crate::quota",
                "crate::matching",
                "crate::inference",
            ],
        ),
        (
            "audit",
            &["crate::identity", "crate::quota", "crate::matching", "crate::inference"],
        ),
        ("quota", &["crate::audit", "crate::matching", "crate::inference"]),
        ("catalogue", &["crate::identity", "crate::quota", "crate::document"]),
        (
            "identity",
            &["crate::quota", "crate::matching", "crate::inference", "crate::document"],
        ),
        (
            "inference",
            &["crate::identity", "crate::store", "crate::matching", "crate::document"],
        ),
        (
            "matching",
            &["crate::identity", "crate::store", "crate::document", "crate::catalogue"],
        ),
        (
            "document",
            &["crate::identity", "crate::store", "crate::matching", "crate::inference"],
        ),
    ];
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    for file in files {
        let inside = file.strip_prefix(&src).unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        if inside.starts_with("graphql") {
            assert!(
                !text.contains("crate::http") && !text.contains("crate::cli"),
                "src/{inside} names a transport"
            );
        }
        for (room, strangers) in rules {
            if inside.starts_with(room) {
                for stranger in strangers.iter().chain(&outer) {
                    assert!(!text.contains(stranger), "src/{inside} names {stranger}");
                }
            }
        }
    }
}
