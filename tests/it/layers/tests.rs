//! Tests of the parser and the rules on small sources. Not tested: sources that do not compile.

use super::graph::{Graph, Target};
use super::source::{Files, Kind, Source};
use super::{differences, imports_up, map, misplaced_libraries};

fn read(files: &[(&str, &str)]) -> Source {
    let files: Files = files
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
        .collect();
    Source::read(&files, "ours")
}

/// The arrows of a library with the modules `a`, `a::b`, `c` and `c::d`, where `a.rs` holds `text`.
fn arrows_from(text: &str) -> Vec<String> {
    let source = read(&[
        ("lib.rs", "mod a; mod c;"),
        ("a.rs", &format!("mod b; {text}")),
        ("a/b.rs", "pub struct B; pub fn b() {} pub const LIMIT: u8 = 1;"),
        ("c.rs", "pub mod d; pub use self::d::D; pub struct C; pub fn make() {}"),
        (
            "c/d.rs",
            "pub struct D; pub enum E { One } pub trait Named {} pub mod inner { pub struct I; }",
        ),
    ]);
    let mut arrows = arrows(&source);
    arrows.retain(|arrow| arrow.starts_with("a.rs"));
    arrows
}

fn arrows(source: &Source) -> Vec<String> {
    let graph = Graph::new(source);
    let names = |names: &std::collections::BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(" ");
    graph
        .arrows
        .iter()
        .map(|((from, to), used)| format!("{from} -> {to}: {}", names(used)))
        .collect()
}

/// The paths into other crates.
fn externals(text: &str) -> Vec<String> {
    let source = read(&[("lib.rs", text)]);
    let references = source
        .references
        .iter()
        .filter(|reference| reference.kind != Kind::Name);
    references
        .flat_map(|reference| source.resolve(reference))
        .filter_map(|target| match target {
            Target::External(path) => Some(path.join("::")),
            Target::Module(_) | Target::Item { .. } => None,
        })
        .collect()
}

#[test]
fn declaring_or_naming_a_module_is_no_arrow() {
    assert!(arrows_from("").is_empty());
    assert!(arrows_from("use crate::c::{self, d as renamed}; use self::b;").is_empty());
}

#[test]
fn groups_nest() {
    assert_eq!(
        arrows_from("use crate::{a::b::{self, B}, c::{C, d::{D, inner::{I}}}};"),
        ["a.rs -> a/b.rs: B", "a.rs -> c.rs: C", "a.rs -> c/d.rs: D I"]
    );
}

#[test]
fn a_renamed_import_keeps_its_origin() {
    assert_eq!(arrows_from("use crate::c::C as Other;"), ["a.rs -> c.rs: C"]);
    assert_eq!(arrows_from("use crate::c::d::Named as _;"), ["a.rs -> c/d.rs: Named"]);
    assert_eq!(
        arrows_from("use crate::c as renamed; fn f() { renamed::make(); }"),
        ["a.rs -> c.rs: make"]
    );
}

#[test]
fn a_glob_imports_the_file_and_what_is_used_of_it() {
    assert_eq!(
        arrows_from("use crate::c::*; fn f(_: C, _: D) {}"),
        ["a.rs -> c.rs: * C", "a.rs -> c/d.rs: D"]
    );
    assert_eq!(arrows_from("use crate::c::d::E::*;"), ["a.rs -> c/d.rs: E"]);
}

#[test]
fn a_re_exported_name_belongs_to_the_file_that_defines_it() {
    assert_eq!(arrows_from("use crate::c::D;"), ["a.rs -> c/d.rs: D"]);
    assert_eq!(arrows_from("pub use self::b::B;"), ["a.rs -> a/b.rs: B"]);
    let source = read(&[
        ("lib.rs", "mod door;"),
        ("door.rs", "mod left; mod right; pub use self::{left::Left, right::*};"),
        ("door/left.rs", "use super::Right; pub struct Left;"),
        ("door/right.rs", "pub struct Right;"),
    ]);
    assert_eq!(
        arrows(&source),
        [
            "door.rs -> door/left.rs: Left",
            "door.rs -> door/right.rs: *",
            "door/left.rs -> door/right.rs: Right"
        ]
    );
    assert!(Graph::new(&source).circles().is_empty());
}

#[test]
fn a_module_and_a_function_may_share_a_name() {
    assert_eq!(
        arrows_from("use b::b; fn f() { b(); b::LIMIT; }"),
        ["a.rs -> a/b.rs: LIMIT b"]
    );
}

#[test]
fn paths_in_types_expressions_patterns_and_attributes_count() {
    for text in [
        "struct S(Vec<crate::c::d::E>);",
        "fn f() -> impl super::c::d::E {}",
        "impl crate::c::d::E for u8 {}",
        "fn f(x: u8) { match x { crate::c::d::E::One => {} } }",
        "fn f() { <u8 as crate::c::d::E>::g(); }",
        "fn f() { let x = || { use crate::c::d; d::E::One }; }",
        "#[derive(crate::c::d::E)] struct S;",
        "struct S { #[serde(with = \"crate::c::d::E\")] x: u8 }",
        "mod inline { fn f() { super::super::c::d::E; } }",
    ] {
        assert_eq!(arrows_from(text), ["a.rs -> c/d.rs: E"], "{text}");
    }
}

#[test]
fn paths_in_the_tokens_of_macros_count() {
    for text in [
        "fn f() { assert!(matches!(1, crate::c::d::E::One)); }",
        "fn f() { vec![self::super::c::d::E::One]; }",
        "use crate::c::d; fn f() { format!(\"{}\", d::E::One); }",
        "macro_rules! m { ($x:expr) => { $crate::c::d::E::$x } }",
        "m! { use crate::c::d::{E, inner as i}; }",
    ] {
        assert_eq!(arrows_from(text), ["a.rs -> c/d.rs: E"], "{text}");
    }
    assert!(arrows_from("macro_rules! m { ($c:ident) => { $c::d() } }").is_empty());
}

#[test]
fn tests_do_not_count() {
    for text in [
        "#[cfg(test)] mod tests { use crate::c::C; }",
        "#[cfg(test)] use crate::c::C;",
        "#[cfg(all(unix, test))] fn f() { crate::c::C; }",
        "struct S; impl S { #[cfg(test)] fn f() { crate::c::C; } }",
    ] {
        assert!(arrows_from(text).is_empty(), "{text}");
    }
    for text in [
        "#[cfg(not(test))] use crate::c::C;",
        "#[cfg(any(unix, test))] use crate::c::C;",
    ] {
        assert_eq!(arrows_from(text), ["a.rs -> c.rs: C"], "{text}");
    }
    let source = read(&[
        ("lib.rs", "mod a; #[cfg(test)] mod tests;"),
        ("a.rs", "use crate::tests::T;"),
        ("tests.rs", "mod more; use crate::a::A; pub struct T;"),
        ("tests/more.rs", "use super::T;"),
    ]);
    assert_eq!(arrows(&source), ["a.rs -> tests.rs: T"]);
    assert_eq!(Graph::new(&source).files.len(), 2);
}

#[test]
fn the_binary_sees_the_library_by_its_name() {
    let source = read(&[
        ("lib.rs", "pub mod a;"),
        ("a.rs", "pub struct A;"),
        ("main.rs", "use ours::a::A; fn main() { ours::a::f() }"),
    ]);
    assert_eq!(arrows(&source), ["main.rs -> a.rs: A f"]);
}

#[test]
fn circles_are_found_apart_from_what_only_leads_to_them() {
    let source = read(&[
        ("lib.rs", "mod a; mod b; mod c; mod d; mod e; mod f;"),
        ("a.rs", "use crate::b::B;"),
        ("b.rs", "use crate::{c::C, f::F};"),
        ("c.rs", "use crate::d::D;"),
        ("d.rs", "use crate::b::B;"),
        ("e.rs", "use crate::f::F;"),
        ("f.rs", "use crate::e::E;"),
    ]);
    let graph = Graph::new(&source);
    let circles = graph.circles();
    assert_eq!(circles, [vec!["b.rs", "c.rs", "d.rs"], vec!["e.rs", "f.rs"]]);
    assert_eq!(
        graph.describe(&circles[1]),
        "2 files: e.rs f.rs\n  e.rs -> f.rs: F\n  f.rs -> e.rs: E\n"
    );
}

#[test]
fn using_a_containing_module_closes_no_circle_but_a_way_round_does() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "mod inner; use self::inner::Inner; pub struct Error;"),
        ("a/inner.rs", "use super::Error; pub struct Inner;"),
        ("b.rs", "pub struct B;"),
    ];
    let graph = Graph::new(&read(&files));
    assert_eq!(graph.arrows.len(), 2);
    assert!(graph.circles().is_empty());

    let mut files = files;
    files[2].1 = "use crate::b::B; pub struct Inner;";
    files[3].1 = "use crate::a::Error; pub struct B;";
    let circle = ["a.rs", "a/inner.rs", "b.rs"];
    assert_eq!(Graph::new(&read(&files)).circles(), [circle]);
}

#[test]
fn other_crates_are_told_from_modules() {
    assert_eq!(
        externals(
            "use std::{env, fmt as f}; mod burn { pub fn g() {} } fn h() { env::var(); burn::g(); ::burn::g(); f::x!(); }"
        ),
        ["std::env", "std::fmt", "std::env::var", "burn::g", "std::fmt::x"]
    );
    assert_eq!(
        externals("m! { axum::serve(Vec::<u8>::new()) }"),
        ["axum::serve", "new"]
    );
}

#[test]
fn a_circle_that_comes_or_goes_is_reported() {
    let graph = Graph::new(&read(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::B;"),
        ("b.rs", "use crate::a::A;"),
    ]));
    assert_eq!(differences(&graph, &[&["a.rs", "b.rs"]]), "");
    assert_eq!(
        differences(&graph, &[]),
        "A new circle of 2 files: a.rs b.rs\n  a.rs -> b.rs: B\n  b.rs -> a.rs: A\n\n"
    );
    assert_eq!(
        differences(&graph, &[&["a.rs", "b.rs"], &["a.rs", "c.rs"]]),
        "No longer a circle, take it from KNOWN_CIRCLES: [\"a.rs\", \"c.rs\"]\n"
    );
}

#[test]
fn an_import_up_the_layers_is_found_in_a_group_a_macro_and_a_test() {
    let source = read(&[
        ("lib.rs", "mod access; mod app; mod http; mod store;"),
        ("access.rs", ""),
        ("app.rs", "use crate::{access::Actor, store::{self, Store}};"),
        ("http.rs", ""),
        (
            "store.rs",
            "use crate::{access::Actor, app::{App as Services}};
             fn f() { vec![crate::http::serve()]; }
             #[cfg(test)] mod tests { use crate::http; }",
        ),
    ]);
    assert_eq!(
        imports_up(&source),
        [
            "src/store.rs:1 names crate::app::App: store may not import app",
            "src/store.rs:2 names crate::http::serve: store may not import http",
            "src/store.rs:3 names crate::http: store may not import http",
        ]
    );
}

#[test]
fn a_library_is_found_under_another_name() {
    let source = read(&[
        ("lib.rs", "mod http; mod store;"),
        (
            "http.rs",
            "use axum::Router; use std::env as settings; fn f() { settings::var(\"A\"); settings::args(); }",
        ),
        (
            "store.rs",
            "mod axum { pub fn f() {} } fn f(burn: u8) { axum::f(); burn; m!(::burn::X); }",
        ),
    ]);
    assert_eq!(
        misplaced_libraries(&source),
        ["src/http.rs:1 names std::env::var", "src/store.rs:1 names burn::"]
    );
}

#[test]
fn a_map_is_a_table_in_a_page_or_in_a_doc_comment() {
    let modules = ["http", "app"];
    assert_eq!(
        map(
            "//! Text.\n//!\n//! | module | holds |\n//! | --- | --- |\n//! | [`http`] | a |\n//! | [`app`] | b |\n\npub mod x;"
        ),
        modules
    );
    assert_eq!(
        map("| a | b |\n\n| module | holds |\n| --- | --- |\n| `http` | a |\n| `app` | b |\n\n| c | d |"),
        modules
    );
}
