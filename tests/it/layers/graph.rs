//! Finds the file that defines each name, and from that the imports between files and their circles.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::source::{Definition, Kind, Reference, Source};

/// The definition that a path refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Module(usize),
    /// An item, by the module that defines it.
    Item {
        module: usize,
        name: String,
    },
    /// A path into another crate, or a name that this crate does not define.
    External(Vec<String>),
}

impl Source {
    /// Follows a path through imports and re-exports to what defines it.
    ///
    /// A name without a visible definition, such as one from a macro, counts as an item of the module that the path leads to.
    pub(super) fn resolve(&self, reference: &Reference) -> Vec<Target> {
        self.resolve_path(reference.module, &reference.path, &mut Vec::new())
    }

    /// `followed` holds the imports passed so far, as module, name and position: `use b::b` must not resolve `b` by itself.
    fn resolve_path(&self, from: usize, path: &[String], followed: &mut Vec<(usize, String, usize)>) -> Vec<Target> {
        let Some((first, rest)) = path.split_first() else {
            return Vec::new();
        };
        let starts = match first.as_str() {
            "" => return vec![Target::External(rest.to_vec())],
            "Self" => return Vec::new(),
            "self" => vec![Target::Module(from)],
            "super" => self.modules[from].parent.map(Target::Module).into_iter().collect(),
            "crate" => vec![Target::Module(self.root(from))],
            name => {
                let found = self.look_up(from, name, followed);
                if found.is_empty() {
                    return vec![Target::External(path.to_vec())];
                }
                found
            }
        };
        self.walk(starts, rest, followed)
    }

    fn walk(&self, starts: Vec<Target>, rest: &[String], followed: &mut Vec<(usize, String, usize)>) -> Vec<Target> {
        let Some((next, rest)) = rest.split_first() else {
            return starts;
        };
        // `::` cannot follow a function: if a module and a function share the name, the module is meant.
        let has_module = starts.iter().any(|start| matches!(start, Target::Module(_)));
        let mut ends = Vec::new();
        for start in starts {
            match start {
                Target::Module(module) => {
                    let mut found = match next.as_str() {
                        "self" => vec![Target::Module(module)],
                        "super" => self.modules[module].parent.map(Target::Module).into_iter().collect(),
                        name => self.look_up(module, name, followed),
                    };
                    if found.is_empty() {
                        found.push(Target::Item {
                            module,
                            name: next.clone(),
                        });
                    }
                    ends.extend(self.walk(found, rest, followed));
                }
                Target::Item { .. } if has_module => {}
                Target::Item { .. } => ends.push(start),
                Target::External(mut path) => {
                    path.push(next.clone());
                    path.extend(rest.iter().cloned());
                    ends.push(Target::External(path));
                }
            }
        }
        ends
    }

    fn look_up(&self, module: usize, name: &str, followed: &mut Vec<(usize, String, usize)>) -> Vec<Target> {
        let mut found = Vec::new();
        for (position, definition) in self.modules[module].names.get(name).into_iter().flatten().enumerate() {
            match definition {
                Definition::Item => found.push(Target::Item {
                    module,
                    name: name.to_owned(),
                }),
                Definition::Module(child) => found.push(Target::Module(*child)),
                Definition::Use(path) => {
                    let step = (module, name.to_owned(), position);
                    if !followed.contains(&step) {
                        followed.push(step);
                        found.extend(self.resolve_path(module, path, followed));
                        followed.pop();
                    }
                }
            }
        }
        if !found.is_empty() {
            return found;
        }
        for (position, path) in self.modules[module].globs.iter().enumerate() {
            let step = (module, "*".to_owned(), position);
            if followed.contains(&step) {
                continue;
            }
            followed.push(step);
            for target in self.resolve_path(module, path, followed) {
                if let Target::Module(module) = target {
                    found.extend(self.look_up(module, name, followed));
                }
            }
            followed.pop();
        }
        found
    }

    fn root(&self, module: usize) -> usize {
        self.modules[module].parent.map_or(module, |parent| self.root(parent))
    }
}

/// The imports between files: `(from, to)` and the names that `from` uses of `to`.
pub(super) struct Graph {
    pub(super) files: BTreeSet<String>,
    pub(super) arrows: BTreeMap<(String, String), BTreeSet<String>>,
}

impl Graph {
    /// The imports outside of tests.
    ///
    /// Naming a module alone is no import of its file; the name taken from it is. `use module::*` imports the file.
    pub(super) fn new(source: &Source) -> Self {
        let mut arrows: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for reference in source.references.iter().filter(|reference| !reference.test) {
            let from = &source.modules[reference.module].file;
            for target in source.resolve(reference) {
                let (module, name) = match target {
                    Target::Item { module, name } => (module, name),
                    Target::Module(module) if reference.kind == Kind::Glob => (module, "*".to_owned()),
                    Target::Module(_) | Target::External(_) => continue,
                };
                let to = &source.modules[module].file;
                if from != to {
                    arrows.entry((from.clone(), to.clone())).or_default().insert(name);
                }
            }
        }
        Self {
            files: source.compiled.clone(),
            arrows,
        }
    }

    /// The sets of files that import each other, directly or through others of the set.
    ///
    /// An arrow to a containing module (`super::Error`) closes no circle: the inner module is a part of the outer one and
    /// may use its private items.
    pub(super) fn circles(&self) -> Vec<Vec<String>> {
        let mut reachable = BTreeMap::new();
        for file in &self.files {
            let mut found = BTreeSet::new();
            self.reach(file, &mut found);
            reachable.insert(file.as_str(), found);
        }
        let mut circles = BTreeSet::new();
        for (file, beyond) in &reachable {
            if beyond.contains(file) {
                let circle = beyond.iter().filter(|other| reachable[*other].contains(file));
                circles.insert(circle.map(|&other| other.to_owned()).collect());
            }
        }
        circles.into_iter().collect()
    }

    fn reach<'a>(&'a self, from: &str, found: &mut BTreeSet<&'a str>) {
        for (start, to) in self.arrows.keys() {
            if start == from && !is_inside(from, to) && found.insert(to) {
                self.reach(to, found);
            }
        }
    }

    /// How many arrows lead from a module to one that contains it.
    pub(super) fn arrows_to_containing_modules(&self) -> usize {
        self.arrows.keys().filter(|(from, to)| is_inside(from, to)).count()
    }

    /// A circle's files and, for each import among them, the names.
    pub(super) fn describe(&self, circle: &[String]) -> String {
        let mut text = format!("{} files: {}\n", circle.len(), circle.join(" "));
        for ((from, to), names) in &self.arrows {
            if circle.contains(from) && circle.contains(to) && !is_inside(from, to) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let _ = writeln!(text, "  {from} -> {to}: {}", names.join(" "));
            }
        }
        text
    }
}

/// Whether a file belongs to the module `outer` (given as a file or a path without `.rs`) or to one inside it.
pub(super) fn is_inside(file: &str, outer: &str) -> bool {
    let outer = outer.strip_suffix(".rs").unwrap_or(outer);
    file.strip_prefix(outer)
        .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}
