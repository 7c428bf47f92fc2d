//! What a document grows to when every fragment is written out where it is spread, computed with each fragment looked
//! at once. No recursion follows a spread, so a long chain of fragments cannot exhaust the stack either.

use std::collections::{HashMap, HashSet};

use async_graphql::Positioned;
use async_graphql::parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet};

use super::{Counted, LimitError, Limits};

/// What one selection set holds.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    fields: usize,
    selections: usize,
    aliases: usize,
    directives: usize,
    /// Fields that are not inside a field.
    roots: usize,
    depth: usize,
}

impl Size {
    /// Adds a fragment that is spread inside `depth` fields. Counts saturate: a doubling chain passes any integer.
    fn add_spread(&mut self, fragment: &Self, depth: usize) {
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

/// A selection set before its spreads are resolved.
struct Outline<'a> {
    own: Size,
    /// The name of each fragment spread, and how many fields surround it.
    spreads: Vec<(&'a str, usize)>,
}

impl<'a> Outline<'a> {
    fn of(set: &'a SelectionSet, directives: usize) -> Self {
        let mut outline = Self {
            own: Size {
                directives,
                ..Size::default()
            },
            spreads: Vec::new(),
        };
        outline.read(set, 0);
        outline
    }

    /// Recursion is bounded by the nesting that the text was allowed.
    fn read(&mut self, set: &'a SelectionSet, depth: usize) {
        for selection in &set.items {
            self.own.selections += 1;
            self.own.directives += selection.node.directives().len();
            match &selection.node {
                Selection::Field(field) => {
                    self.own.fields += 1;
                    self.own.aliases += usize::from(field.node.alias.is_some());
                    self.own.roots += usize::from(depth == 0);
                    self.own.depth = self.own.depth.max(depth + 1);
                    self.read(&field.node.selection_set.node, depth + 1);
                }
                Selection::InlineFragment(fragment) => self.read(&fragment.node.selection_set.node, depth),
                Selection::FragmentSpread(spread) => self.spreads.push((&spread.node.fragment_name.node, depth)),
            }
        }
    }

    /// An unknown fragment counts nothing: the validator names it.
    fn resolve(&self, sizes: &HashMap<&str, Size>) -> Size {
        let mut size = self.own;
        for (name, depth) in &self.spreads {
            if let Some(fragment) = sizes.get(name) {
                size.add_spread(fragment, *depth);
            }
        }
        size
    }
}

pub(super) fn check(limits: &Limits, document: &ExecutableDocument) -> Result<(), LimitError> {
    let sizes = fragment_sizes(document)?;
    let mut total = Size::default();
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        let directives = operation.directives.len()
            + operation
                .variable_definitions
                .iter()
                .map(|variable| variable.node.directives.len())
                .sum::<usize>();
        let size = Outline::of(&operation.selection_set.node, directives).resolve(&sizes);
        total.add_spread(&size, 0);
    }
    check_size(limits, &total)?;
    // The validator also walks fragments that no operation spreads; they are at the root of nothing.
    sizes
        .values()
        .try_for_each(|size| check_size(limits, &Size { roots: 0, ..*size }))
}

fn check_size(limits: &Limits, size: &Size) -> Result<(), LimitError> {
    let counts = [
        (Counted::Fields, size.fields, limits.fields),
        (Counted::Selections, size.selections, limits.fields.saturating_mul(2)),
        (Counted::Depth, size.depth, limits.depth),
        (Counted::Aliases, size.aliases, limits.aliases),
        (Counted::Directives, size.directives, limits.directives),
        (Counted::RootFields, size.roots, limits.root_fields),
    ];
    match counts.into_iter().find(|(_, found, allowed)| found > allowed) {
        Some((what, found, allowed)) => Err(LimitError::Expanded { what, found, allowed }),
        None => Ok(()),
    }
}

/// Every fragment's size, each computed once, in the order of a depth-first walk that keeps its own stack.
fn fragment_sizes(document: &ExecutableDocument) -> Result<HashMap<&str, Size>, LimitError> {
    let outlines: HashMap<&str, Outline<'_>> = document
        .fragments
        .iter()
        .map(|(name, fragment)| (name.as_str(), outline(fragment)))
        .collect();
    let mut sizes: HashMap<&str, Size> = HashMap::with_capacity(outlines.len());
    // A fragment on the way is in `path` and not yet in `sizes`; the number is its next spread to look at.
    let mut path: Vec<(&str, usize)> = Vec::new();
    let mut entered: HashSet<&str> = HashSet::with_capacity(outlines.len());
    // Sorted, so that a document always gets the same answer.
    let mut names: Vec<&str> = outlines.keys().copied().collect();
    names.sort_unstable();
    for start in names {
        if entered.insert(start) {
            path.push((start, 0));
        }
        while let Some((name, next)) = path.last_mut() {
            let outline = &outlines[name];
            if let Some((child, _)) = outline.spreads.get(*next) {
                *next += 1;
                if !outlines.contains_key(child) {
                    continue;
                }
                if entered.insert(child) {
                    path.push((child, 0));
                } else if !sizes.contains_key(child) {
                    return Err(LimitError::FragmentCycle {
                        name: (*child).to_owned(),
                        position: document.fragments[*child].pos,
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

fn outline(fragment: &Positioned<FragmentDefinition>) -> Outline<'_> {
    Outline::of(&fragment.node.selection_set.node, fragment.node.directives.len())
}
