//! The structure of `src/`, read from the sources: no file imports in a circle with another, the top-level modules depend
//! on each other in one direction, and each library is used where the tables say.
//!
//! An arrow from one file to another means that the first names an item which the second defines; re-exports are followed
//! to the definition. Arrows of test code are checked against the layers, but close no circle. Not seen: a use without a
//! name, such as a method call.

mod graph;
mod source;
mod tests;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use self::graph::{Graph, Target, is_inside};
use self::source::{Files, Kind, Source};

/// Circles not yet removed, each in alphabetical order. The list may only shrink.
const KNOWN_CIRCLES: &[&[&str]] = &[];

/// The top-level modules, outermost first, each with the modules it may import. All of those are below it.
const LAYERS: &[(&str, May)] = &[
    ("main", May::ImportAnyBelow),
    ("cli", May::ImportAnyBelow),
    ("http", May::ImportAnyBelow),
    ("graphql", May::ImportAnyBelow),
    ("app", May::ImportAnyBelow),
    ("config", May::Import(&["identity", "inference", "store"])),
    ("quota", May::Import(&["identity", "store"])),
    ("catalogue", May::Import(&["matching", "audit", "inference", "store"])),
    ("identity", May::Import(&["audit", "store"])),
    ("matching", May::Import(&["inference"])),
    ("audit", May::Import(&["store"])),
    ("document", May::Import(&[])),
    ("inference", May::Import(&[])),
    ("store", May::Import(&[])),
    ("access", May::BeImportedByAll),
    ("clock", May::BeImportedByAll),
    ("log", May::BeImportedByAll),
    ("memory", May::BeImportedByAll),
    ("metrics", May::BeImportedByAll),
    ("svg", May::BeImportedByAll),
    ("text", May::BeImportedByAll),
];

#[derive(PartialEq)]
enum May {
    ImportAnyBelow,
    /// These, and every `BeImportedByAll`.
    Import(&'static [&'static str]),
    /// Imports no other module itself.
    BeImportedByAll,
}

/// Prefixes of paths, each with the only modules that may contain them; test code included.
const LIBRARIES: &[(&str, &[&str])] = &[
    (
        "surrealdb::",
        &["store", "identity/records", "audit", "quota", "catalogue/records"],
    ),
    ("surrealdb_core::", &["store"]),
    ("surrealdb_kvs::", &["store"]),
    ("surrealdb_cnf::", &["store"]),
    ("surrealkv::", &["store"]),
    ("burn::", &["inference"]),
    ("apollo_compiler::", &["graphql"]),
    ("async_graphql::", &["graphql", "http"]),
    ("axum::", &["http"]),
    ("reqwest::", &["identity/foreign_issuer"]),
    ("std::env::var", &["config/environment"]),
    ("prometheus::", &["metrics"]),
    ("rustls::", &["http"]),
    ("tokio_rustls::", &["http"]),
];

static FILES: LazyLock<Files> = LazyLock::new(files);
static SOURCE: LazyLock<Source> = LazyLock::new(|| Source::read(&FILES, "portcullis"));
static GRAPH: LazyLock<Graph> = LazyLock::new(|| Graph::new(&SOURCE));

#[test]
#[expect(clippy::print_stdout, reason = "`--nocapture` shows the imports")]
fn the_imports_of_every_file_are_found() {
    for ((from, to), names) in &GRAPH.arrows {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        println!("{from} -> {to}: {}", names.join(" "));
    }
    let circles = GRAPH.circles();
    for circle in &circles {
        println!("\nA circle of {}", GRAPH.describe(circle));
    }
    println!(
        "{} files, {} arrows ({} of them to a containing module), {} circles",
        GRAPH.files.len(),
        GRAPH.arrows.len(),
        GRAPH.arrows_to_containing_modules(),
        circles.len()
    );
    assert!(GRAPH.files.len() > 100 && GRAPH.arrows.len() > 500);
}

#[test]
fn no_file_imports_in_a_circle() {
    let differences = differences(&GRAPH, KNOWN_CIRCLES);
    assert!(
        differences.is_empty(),
        "{differences}KNOWN_CIRCLES would be &{:?}",
        GRAPH.circles()
    );
}

#[test]
fn every_file_belongs_to_a_module() {
    for file in FILES.keys() {
        assert!(!file.ends_with("mod.rs"), "src/{file}: a module is foo.rs beside foo/");
        assert!(
            SOURCE.read.contains(file),
            "src/{file} is compiled nowhere: no `mod` declares it"
        );
    }
}

#[test]
fn imports_go_down_the_layers() {
    let wrong = imports_up(&SOURCE);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_layers_are_the_modules_of_the_library() {
    for (above, (name, may)) in LAYERS.iter().enumerate() {
        let May::Import(listed) = may else { continue };
        for below in *listed {
            assert!(position(below) > Some(above), "{below} is not below {name}");
        }
    }
    let modules: BTreeSet<&str> = FILES
        .keys()
        .filter(|file| !file.contains('/') && *file != "lib.rs")
        .map(|file| layer(file))
        .collect();
    let layers: BTreeSet<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(layers, modules, "LAYERS and the files of src/");
}

#[test]
fn the_maps_of_the_modules_are_the_layers_in_their_order() {
    let layers: Vec<&str> = LAYERS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| *name != "main")
        .collect();
    assert_eq!(map(&FILES["lib.rs"]), layers, "the map in src/lib.rs and LAYERS");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    if let Ok(page) = std::fs::read_to_string(page) {
        assert_eq!(map(&page), layers, "the map in docs/architecture.md and LAYERS");
    }
}

#[test]
fn libraries_are_named_in_their_modules_only() {
    let wrong = misplaced_libraries(&SOURCE);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The circles that are not known, and the known ones that are gone.
fn differences(graph: &Graph, known: &[&[&str]]) -> String {
    let circles = graph.circles();
    let mut text = String::new();
    for circle in circles
        .iter()
        .filter(|circle| !known.iter().any(|known| circle == known))
    {
        text += &format!("A new circle of {}\n", graph.describe(circle));
    }
    for known in known
        .iter()
        .filter(|known| !circles.iter().any(|circle| circle == *known))
    {
        text += &format!("No longer a circle, take it from KNOWN_CIRCLES: {known:?}\n");
    }
    text
}

fn imports_up(source: &Source) -> Vec<String> {
    let mut wrong = BTreeSet::new();
    for reference in &source.references {
        let from = &source.modules[reference.module].file;
        for target in source.resolve(reference) {
            let (Target::Item { module, .. } | Target::Module(module)) = target else {
                continue;
            };
            let (above, below) = (layer(from), layer(&source.modules[module].file));
            // `crate` and `super` name the root.
            if above != below && below != "lib" && !may_import(above, below) {
                let (line, path) = (reference.line, reference.path.join("::"));
                wrong.insert(format!(
                    "src/{from}:{line} names {path}: {above} may not import {below}"
                ));
            }
        }
    }
    wrong.into_iter().collect()
}

fn may_import(above: &str, below: &str) -> bool {
    let (Some(from), Some(to)) = (position(above), position(below)) else {
        return false;
    };
    match &LAYERS[from].1 {
        May::ImportAnyBelow => from < to,
        May::Import(listed) => listed.contains(&below) || LAYERS[to].1 == May::BeImportedByAll,
        May::BeImportedByAll => false,
    }
}

fn position(layer: &str) -> Option<usize> {
    LAYERS.iter().position(|(name, _)| *name == layer)
}

/// The top-level module that a file belongs to.
fn layer(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or(file)
}

fn misplaced_libraries(source: &Source) -> Vec<String> {
    let mut wrong = BTreeSet::new();
    // A single name may be a local variable.
    for reference in source
        .references
        .iter()
        .filter(|reference| reference.kind != Kind::Name)
    {
        let file = &source.modules[reference.module].file;
        for target in source.resolve(reference) {
            let Target::External(path) = target else { continue };
            let path = path.join("::") + "::";
            for (library, modules) in LIBRARIES {
                if path.starts_with(library) && !modules.iter().any(|module| is_inside(file, module)) {
                    wrong.insert(format!("src/{file}:{} names {library}", reference.line));
                }
            }
        }
    }
    wrong.into_iter().collect()
}

/// The names in the first column of the table headed `module`, in Markdown or in the doc comment of a module, in order.
fn map(text: &str) -> Vec<&str> {
    text.lines()
        .map(|line| line.trim_start_matches("//!").trim())
        .skip_while(|line| !line.starts_with("| module |"))
        .skip(2)
        .map_while(|line| line.strip_prefix('|')?.split('|').next())
        .map(|cell| cell.trim().trim_matches(['[', ']', '`']))
        .collect()
}

fn files() -> Files {
    fn add(dir: &Path, root: &Path, files: &mut Files) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(&path, root, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Files::new();
    add(&root, &root, &mut files);
    files
}
