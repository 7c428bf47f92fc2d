//! Reads a crate's source files: the names that each module defines and the paths that it contains.
//!
//! Only files that a `mod` item reaches are read, as in the compiler.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, Lit, Meta, Token, UseTree};

/// The segments of a path; the first one is empty if the path begins with `::`.
pub(super) type Path = Vec<String>;

/// The text of each file under `src/`, by its path below that folder.
pub(super) type Files = BTreeMap<String, String>;

/// A module: a file, or a `mod name { .. }` in one.
pub(super) struct Module {
    pub(super) file: String,
    pub(super) parent: Option<usize>,
    /// The folder of its child modules' files, relative to `src/`; empty or with a final slash.
    folder: String,
    pub(super) names: HashMap<String, Vec<Definition>>,
    /// The paths of `use path::*`.
    pub(super) globs: Vec<Path>,
}

/// A meaning of a name in a module. A name may have several, such as a module and a function.
pub(super) enum Definition {
    Item,
    Module(usize),
    Use(Path),
}

/// A path in the text of a module.
pub(super) struct Reference {
    pub(super) module: usize,
    pub(super) path: Path,
    pub(super) line: usize,
    /// Whether it is compiled for tests only.
    pub(super) test: bool,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A leaf of a `use` item, or a path with several segments.
    Path,
    /// The path of `use path::*`.
    Glob,
    /// A single name outside `use`, which may be a local variable.
    Name,
}

#[derive(Default)]
pub(super) struct Source {
    pub(super) modules: Vec<Module>,
    pub(super) references: Vec<Reference>,
    /// The files that a `mod` item reaches, those for tests included.
    pub(super) read: BTreeSet<String>,
    /// The files that are compiled outside of tests.
    pub(super) compiled: BTreeSet<String>,
}

impl Source {
    /// Reads the library from `lib.rs` and, if there is one, the binary from `main.rs`, which sees the library as `name`.
    pub(super) fn read(files: &Files, name: &str) -> Self {
        let mut source = Self::default();
        source.read_file(files, "lib.rs".to_owned(), String::new(), None, false);
        if files.contains_key("main.rs") {
            let main = source.read_file(files, "main.rs".to_owned(), String::new(), None, false);
            source.define(main, name, Definition::Module(0));
        }
        source
    }

    fn read_file(&mut self, files: &Files, file: String, folder: String, parent: Option<usize>, test: bool) -> usize {
        let text = files
            .get(&file)
            .unwrap_or_else(|| panic!("src/{file} is declared with `mod` but does not exist"));
        let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("src/{file} does not parse: {error}"));
        self.read.insert(file.clone());
        let module = self.add(file, folder, parent);
        let test = test || is_test_only(&parsed.attrs);
        if !test {
            self.compiled.insert(self.modules[module].file.clone());
        }
        let mut reader = Reader {
            source: self,
            files,
            module,
            test,
        };
        reader.visit_file(&parsed);
        module
    }

    fn add(&mut self, file: String, folder: String, parent: Option<usize>) -> usize {
        self.modules.push(Module {
            file,
            parent,
            folder,
            names: HashMap::new(),
            globs: Vec::new(),
        });
        self.modules.len() - 1
    }

    fn define(&mut self, module: usize, name: &str, definition: Definition) {
        self.modules[module]
            .names
            .entry(name.to_owned())
            .or_default()
            .push(definition);
    }
}

/// Reads one module.
struct Reader<'a> {
    source: &'a mut Source,
    files: &'a Files,
    module: usize,
    test: bool,
}

impl Reader<'_> {
    fn refer(&mut self, path: Path, line: usize, kind: Kind) {
        self.source.references.push(Reference {
            module: self.module,
            path,
            line,
            test: self.test,
            kind,
        });
    }

    fn refer_to_path(&mut self, path: Path, line: usize) {
        let kind = if path.len() == 1 { Kind::Name } else { Kind::Path };
        self.refer(path, line, kind);
    }

    fn child(&mut self, item: &syn::ItemMod) {
        assert!(
            !item.attrs.iter().any(|attribute| attribute.path().is_ident("path")),
            "src/{}: `#[path]` is not supported",
            self.source.modules[self.module].file
        );
        let name = item.ident.unraw().to_string();
        let parent = &self.source.modules[self.module];
        let path = format!("{}{name}", parent.folder);
        let folder = format!("{path}/");
        let child = match &item.content {
            None => self
                .source
                .read_file(self.files, format!("{path}.rs"), folder, Some(self.module), self.test),
            Some((_, items)) => {
                let child = self.source.add(parent.file.clone(), folder, Some(self.module));
                let mut reader = Reader {
                    source: self.source,
                    files: self.files,
                    module: child,
                    test: self.test,
                };
                for item in items {
                    reader.visit_item(item);
                }
                child
            }
        };
        self.source.define(self.module, &name, Definition::Module(child));
    }

    fn use_tree(&mut self, tree: &UseTree, mut prefix: Path) {
        match tree {
            UseTree::Path(path) => {
                prefix.push(path.ident.unraw().to_string());
                self.use_tree(&path.tree, prefix);
            }
            UseTree::Name(leaf) => self.use_leaf(&leaf.ident, None, prefix),
            UseTree::Rename(leaf) => self.use_leaf(&leaf.ident, Some(&leaf.rename), prefix),
            UseTree::Glob(glob) => {
                self.source.modules[self.module].globs.push(prefix.clone());
                self.refer(prefix, glob.star_token.spans[0].start().line, Kind::Glob);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, prefix.clone());
                }
            }
        }
    }

    fn use_leaf(&mut self, ident: &Ident, rename: Option<&Ident>, mut path: Path) {
        let leaf = ident.unraw().to_string();
        // `a::{self}` is `a`.
        if leaf != "self" || path.is_empty() {
            path.push(leaf);
        }
        let name = match rename {
            Some(rename) => rename.unraw().to_string(),
            None => path.last().cloned().unwrap_or_default(),
        };
        if name != "_" {
            self.source.define(self.module, &name, Definition::Use(path.clone()));
        }
        self.refer(path, ident.span().start().line, Kind::Path);
    }

    /// Finds paths and `use` trees among the tokens of a macro, which need not parse as Rust.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.tokens(group.stream()),
                // `$name` is a variable of the macro; `$crate` is `crate`.
                TokenTree::Punct(punct) if punct.as_char() == '$' => {
                    if matches!(tokens.get(at + 1), Some(TokenTree::Ident(ident)) if ident != "crate") {
                        at += 1;
                    }
                }
                TokenTree::Ident(first) => {
                    let mut path = vec![first.unraw().to_string()];
                    if at >= 2 && is_path_separator(&tokens[at - 2..]) {
                        path.insert(0, String::new());
                    }
                    let start = at;
                    while is_path_separator(&tokens[at + 1..]) {
                        match tokens.get(at + 3) {
                            Some(TokenTree::Ident(segment)) => path.push(segment.unraw().to_string()),
                            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                                let tree = tokens[start..=at + 3].iter().cloned().collect();
                                if let Ok(tree) = syn::parse2::<UseTree>(tree) {
                                    self.use_tree(&tree, Path::new());
                                }
                                break;
                            }
                            _ => break,
                        }
                        at += 3;
                    }
                    self.refer_to_path(path, first.span().start().line);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let outer = self.test;
        let (attributes, name) = head(item);
        self.test |= is_test_only(attributes);
        if let Some(name) = name {
            self.source
                .define(self.module, &name.unraw().to_string(), Definition::Item);
        }
        match item {
            Item::Mod(item) => self.child(item),
            Item::Use(item) => {
                let prefix = item.leading_colon.iter().map(|_| String::new()).collect();
                self.use_tree(&item.tree, prefix);
            }
            _ => visit::visit_item(self, item),
        }
        self.test = outer;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let outer = self.test;
        self.test |= is_test_only(&item.attrs);
        visit::visit_impl_item_fn(self, item);
        self.test = outer;
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.unraw().to_string());
        let leading = path.leading_colon.iter().map(|_| String::new());
        let line = path.segments.first().map_or(0, |first| first.ident.span().start().line);
        self.refer_to_path(leading.chain(segments).collect(), line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        self.visit_path(&invocation.path);
        self.tokens(invocation.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::List(list) => {
                self.visit_path(&list.path);
                self.tokens(list.tokens.clone());
                self.paths_in_strings(list.tokens.clone());
            }
            Meta::Path(path) => self.visit_path(path),
            Meta::NameValue(_) => {}
        }
    }

    /// `pub(super)` names no item.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

impl Reader<'_> {
    /// serde takes paths as strings: `#[serde(with = "crate::seconds")]`.
    fn paths_in_strings(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.paths_in_strings(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal)
                        && let Ok(path) = text.parse::<syn::Path>()
                        && path.segments.len() > 1
                    {
                        self.visit_path(&path);
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

fn is_path_separator(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(first), TokenTree::Punct(second), ..]
        if first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':')
}

/// An item's attributes, and its name if it has one that paths can refer to.
fn head(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Const(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::ExternCrate(item) => (&item.attrs, None),
        Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
        Item::ForeignMod(item) => (&item.attrs, None),
        Item::Impl(item) => (&item.attrs, None),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
        Item::Mod(item) => (&item.attrs, None),
        Item::Static(item) => (&item.attrs, Some(&item.ident)),
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::TraitAlias(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Union(item) => (&item.attrs, Some(&item.ident)),
        Item::Use(item) => (&item.attrs, None),
        _ => (&[], None),
    }
}

/// Whether an attribute removes the item from every build without `cfg(test)`.
fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args()
                .is_ok_and(|predicate| holds_outside_tests(&predicate) == Some(false))
    })
}

/// Evaluates a `cfg` predicate where `test` is false; nothing if it depends on something else.
fn holds_outside_tests(predicate: &Meta) -> Option<bool> {
    let Meta::List(list) = predicate else {
        return predicate.path().is_ident("test").then_some(false);
    };
    let operands: Vec<Option<bool>> = Punctuated::<Meta, Token![,]>::parse_terminated
        .parse2(list.tokens.clone())
        .ok()?
        .iter()
        .map(holds_outside_tests)
        .collect();
    match list.path.get_ident()?.to_string().as_str() {
        "not" => operands.first()?.map(|value| !value),
        "all" if operands.contains(&Some(false)) => Some(false),
        "any" if operands.iter().all(|value| *value == Some(false)) => Some(false),
        _ => None,
    }
}
