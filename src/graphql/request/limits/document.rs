//! The size of a document after fragment expansion, computed with each fragment visited once. Recursion never follows a
//! spread, so a long chain of fragments cannot exhaust the stack.

use std::collections::{HashMap, HashSet};

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};
use async_graphql::Pos;

use super::{LimitError, LimitKind, Limits};

/// Longest name in a message, in characters. A longer one is cut.
const LONGEST_NAME: usize = 100;

/// The size of a selection set.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    fields: usize,
    selections: usize,
    aliases: usize,
    directives: usize,
    /// Fields that are not inside another field.
    roots: usize,
    depth: usize,
    /// Nested selection sets, including those of fragments.
    levels: usize,
    /// Introspection fields, multiplied by the lengths of the lists around them.
    introspected: usize,
}

impl Size {
    /// Adds a fragment spread inside `depth` fields and `level` selection sets, for each of `times` items. Counts
    /// saturate, because a doubling chain exceeds any integer.
    fn add_spread(&mut self, fragment: &Self, depth: usize, level: usize, times: usize) {
        self.levels = self.levels.max(level.saturating_add(fragment.levels));
        self.introspected = self
            .introspected
            .saturating_add(fragment.introspected.saturating_mul(times));
        self.fields = self.fields.saturating_add(fragment.fields);
        self.selections = self.selections.saturating_add(fragment.selections);
        self.aliases = self.aliases.saturating_add(fragment.aliases);
        self.directives = self.directives.saturating_add(fragment.directives);
        if depth == 0 {
            self.roots = self.roots.saturating_add(fragment.roots);
        }
        self.depth = self.depth.max(depth.saturating_add(fragment.depth));
    }
}

/// A fragment spread.
struct Spread<'a> {
    name: &'a str,
    /// The number of fields around it.
    depth: usize,
    /// The number of selection sets around it.
    level: usize,
    /// The number of items of the lists around it.
    times: usize,
}

/// The assumed length of a list in introspection. Types refer to each other recursively, so a response grows by the
/// product. No field of ours has these names.
fn items(field: &str) -> usize {
    match field {
        "types" => 100,
        "fields" | "inputFields" | "directives" => 10,
        "enumValues" | "possibleTypes" => 5,
        "args" | "interfaces" => 2,
        _ => 1,
    }
}

/// A selection set before its spreads are resolved.
struct Outline<'a> {
    own: Size,
    spreads: Vec<Spread<'a>>,
}

impl<'a> Outline<'a> {
    fn of(set: &'a [Selection], directives: usize) -> Self {
        let mut outline = Self {
            own: Size {
                directives,
                ..Size::default()
            },
            spreads: Vec::new(),
        };
        outline.read(set, 0, 0, 1);
        outline
    }

    /// Recursion is bounded by the nesting limit of the text.
    fn read(&mut self, set: &'a [Selection], depth: usize, level: usize, times: usize) {
        self.own.levels = self.own.levels.max(level);
        for selection in set {
            self.own.selections += 1;
            match selection {
                Selection::Field(field) => {
                    self.own.directives += field.directives.len();
                    self.own.fields += 1;
                    self.own.aliases += usize::from(field.alias.is_some());
                    self.own.roots += usize::from(depth == 0);
                    self.own.depth = self.own.depth.max(depth + 1);
                    self.own.introspected = self.own.introspected.saturating_add(times);
                    let times = times.saturating_mul(items(&field.name));
                    if !field.selection_set.is_empty() {
                        self.read(&field.selection_set, depth + 1, level + 1, times);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    self.own.directives += fragment.directives.len();
                    self.read(&fragment.selection_set, depth, level + 1, times);
                }
                Selection::FragmentSpread(spread) => {
                    self.own.directives += spread.directives.len();
                    self.spreads.push(Spread {
                        name: &spread.fragment_name,
                        depth,
                        level: level + 1,
                        times,
                    });
                }
            }
        }
    }

    /// An unknown fragment counts as empty; validation reports it.
    fn resolve(&self, sizes: &HashMap<&str, Size>) -> Size {
        let mut size = self.own;
        for spread in &self.spreads {
            if let Some(fragment) = sizes.get(spread.name) {
                size.add_spread(fragment, spread.depth, spread.level, spread.times);
            }
        }
        size
    }
}

pub(crate) fn check(limits: &Limits, document: &Document) -> Result<(), LimitError> {
    let sizes = fragment_sizes(document)?;
    let mut total = Size::default();
    let operations = document
        .definitions
        .iter()
        .filter_map(Definition::as_operation_definition);
    for operation in operations {
        let variables = operation.variables.iter().map(|variable| variable.directives.len());
        let directives = operation.directives.len() + variables.sum::<usize>();
        let size = Outline::of(&operation.selection_set, directives).resolve(&sizes);
        total.add_spread(&size, 0, 0, 1);
    }
    check_size(limits, &total)?;
    // Validation also visits fragments that no operation spreads.
    sizes
        .values()
        .try_for_each(|size| check_size(limits, &Size { roots: 0, ..*size }))
}

fn check_size(limits: &Limits, size: &Size) -> Result<(), LimitError> {
    let counts = [
        (LimitKind::Fields, size.fields, limits.fields),
        (LimitKind::Selections, size.selections, limits.fields.saturating_mul(2)),
        (LimitKind::Depth, size.depth, limits.depth),
        (LimitKind::Levels, size.levels, limits.nesting),
        (LimitKind::Aliases, size.aliases, limits.aliases),
        (LimitKind::Directives, size.directives, limits.directives),
        (LimitKind::RootFields, size.roots, limits.root_fields),
        (LimitKind::Introspected, size.introspected, limits.introspected),
    ];
    match counts.into_iter().find(|(_, found, allowed)| found > allowed) {
        Some((what, found, allowed)) => Err(LimitError::Expanded { what, found, allowed }),
        None => Ok(()),
    }
}

/// The size of every fragment, each computed once, in a depth-first traversal with an explicit stack.
fn fragment_sizes(document: &Document) -> Result<HashMap<&str, Size>, LimitError> {
    let mut fragments: HashMap<&str, &Node<FragmentDefinition>> = HashMap::new();
    for fragment in document
        .definitions
        .iter()
        .filter_map(Definition::as_fragment_definition)
    {
        // The first of several with one name is the one that a validator visits.
        fragments.entry(&fragment.name).or_insert(fragment);
    }
    let outlines: HashMap<&str, Outline<'_>> = fragments
        .iter()
        .map(|(name, fragment)| (*name, Outline::of(&fragment.selection_set, fragment.directives.len())))
        .collect();
    let mut sizes: HashMap<&str, Size> = HashMap::with_capacity(outlines.len());
    // A fragment being visited is in `path` and not yet in `sizes`; the number is its next spread.
    let mut path: Vec<(&str, usize)> = Vec::new();
    let mut entered: HashSet<&str> = HashSet::with_capacity(outlines.len());
    // Sorted, so that the result is deterministic.
    let mut names: Vec<&str> = outlines.keys().copied().collect();
    names.sort_unstable();
    for start in names {
        if entered.insert(start) {
            path.push((start, 0));
        }
        while let Some((name, next)) = path.last_mut() {
            let outline = &outlines[name];
            if let Some(Spread { name: child, .. }) = outline.spreads.get(*next) {
                *next += 1;
                if !outlines.contains_key(child) {
                    continue;
                }
                if entered.insert(child) {
                    path.push((child, 0));
                } else if !sizes.contains_key(child) {
                    return Err(LimitError::FragmentCycle {
                        // A name is ASCII.
                        name: child.get(..LONGEST_NAME).unwrap_or(child).to_owned(),
                        position: position(document, fragments[*child]),
                    });
                }
            } else {
                let size = outline.resolve(&sizes);
                sizes.insert(name, size);
                path.pop();
            }
        }
    }
    Ok(sizes)
}

fn position(document: &Document, fragment: &Node<FragmentDefinition>) -> Pos {
    let start = fragment.location().and_then(|at| at.line_column(&document.sources));
    start.map_or_else(Pos::default, |start| Pos {
        line: start.line,
        column: start.column,
    })
}
