//! The tree of an HTML document, as the HTML standard parses it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{Attribute, ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, Namespace, QualName, local_name, ns};

/// The index of a node.
pub(super) type Id = usize;
/// The document node.
pub(super) const ROOT: Id = 0;

/// The nodes of a document.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    parent: Option<Id>,
    children: Vec<Id>,
    content: Content,
}

/// The content of a node.
#[derive(Debug, Default)]
pub(super) enum Content {
    /// The document, or the content of a `<template>`.
    #[default]
    Fragment,
    Element(Element),
    Text(StrTendril),
    Comment(StrTendril),
}

/// An element with its attributes.
#[derive(Debug)]
pub(super) struct Element {
    name: Name,
    attributes: Vec<Attribute>,
    /// The content of a `<template>`, which is not part of the document.
    template: Option<Id>,
}

/// The name of an element, which the parser compares while the tree changes.
#[derive(Debug, Clone)]
struct Name(Rc<QualName>);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Element {
    /// The name in lower case.
    pub(super) fn name(&self) -> &str {
        &self.name.0.local
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|attribute| &*attribute.name.local == name)?;
        Some(&found.value)
    }
}

impl Tree {
    /// Parses a document. Never fails: the standard gives every text a tree.
    pub(super) fn parse(markup: &str) -> Self {
        let sink = Sink(RefCell::new(Self {
            nodes: vec![Node::default()],
        }));
        let builder = TreeBuilder::new(sink, TreeBuilderOpts::default());
        let tokens = Tokens {
            builder,
            is_xhtml: is_xhtml(markup),
        };
        let tokenizer = Tokenizer::new(tokens, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(markup));
        // The parser pauses behind each script, for a browser to run it.
        while !matches!(tokenizer.feed(&input), html5ever::TokenizerResult::Done) {}
        tokenizer.end();
        tokenizer.sink.builder.sink.0.into_inner()
    }

    pub(super) fn content(&self, id: Id) -> &Content {
        &self.nodes[id].content
    }

    pub(super) fn element(&self, id: Id) -> Option<&Element> {
        match &self.nodes[id].content {
            Content::Element(element) => Some(element),
            _ => None,
        }
    }

    pub(super) fn children(&self, id: Id) -> &[Id] {
        &self.nodes[id].children
    }

    pub(super) fn parent(&self, id: Id) -> Option<Id> {
        self.nodes[id].parent
    }

    /// The element before this one, of the same parent.
    pub(super) fn sibling_before(&self, id: Id) -> Option<Id> {
        let siblings = self.children(self.parent(id)?);
        let before = siblings.iter().take_while(|&&sibling| sibling != id);
        before
            .filter(|&&sibling| self.element(sibling).is_some())
            .last()
            .copied()
    }

    /// Whether no element of the same parent follows.
    pub(super) fn is_last(&self, id: Id) -> bool {
        let siblings = self.parent(id).map_or(&[][..], |parent| self.children(parent));
        let mut after = siblings.iter().rev().take_while(|&&sibling| sibling != id);
        after.all(|&sibling| self.element(sibling).is_none())
    }

    /// The text of the children.
    pub(super) fn text(&self, id: Id) -> String {
        let texts = self.children(id).iter().map(|&child| match self.content(child) {
            Content::Text(text) => &**text,
            _ => "",
        });
        texts.collect()
    }

    /// All nodes of the document in order.
    pub(super) fn descendants(&self) -> impl Iterator<Item = Id> {
        let mut open = vec![ROOT];
        std::iter::from_fn(move || {
            let id = open.pop()?;
            open.extend(self.children(id).iter().rev());
            Some(id)
        })
    }

    fn add(&mut self, content: Content) -> Id {
        self.nodes.push(Node {
            content,
            ..Node::default()
        });
        self.nodes.len() - 1
    }

    fn detach(&mut self, id: Id) {
        if let Some(parent) = self.nodes[id].parent.take() {
            self.nodes[parent].children.retain(|&child| child != id);
        }
    }

    /// Inserts a node or a text before the child at `at`, and joins adjacent texts.
    fn insert(&mut self, parent: Id, at: usize, child: NodeOrText<Id>) {
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).map(|before| self.nodes[parent].children[before]);
                if let Some(before) = before
                    && let Content::Text(existing) = &mut self.nodes[before].content
                {
                    existing.push_tendril(&text);
                    return;
                }
                self.add(Content::Text(text))
            }
        };
        self.nodes[child].parent = Some(parent);
        self.nodes[parent].children.insert(at, child);
    }
}

/// Whether the document is XHTML, in which `<a/>` is an empty element.
fn is_xhtml(markup: &str) -> bool {
    let head: String = markup.chars().take(1024).collect();
    let head = head.to_ascii_lowercase();
    head.trim_start().starts_with("<?xml") || head.contains("xhtml") || head.contains("<html xmlns=")
}

/// Passes tokens to the builder. An empty element of XHTML is closed at once.
struct Tokens {
    builder: TreeBuilder<Id, Sink>,
    is_xhtml: bool,
}

impl TokenSink for Tokens {
    type Handle = Id;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        match token {
            TagToken(mut tag) if self.is_xhtml && tag.self_closing && tag.kind == StartTag && !is_void(&tag.name) => {
                tag.self_closing = false;
                let end = Tag {
                    kind: EndTag,
                    attrs: Vec::new(),
                    ..tag.clone()
                };
                // The end tag follows, so the state that the tokenizer should change to is left at once.
                let _ = self.builder.process_token(TagToken(tag), line);
                match self.builder.process_token(TagToken(end), line) {
                    // There is no script to run.
                    TokenSinkResult::Script(_) => TokenSinkResult::Continue,
                    result => result,
                }
            }
            token => self.builder.process_token(token, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        // In XHTML, sections of character data may be in any element.
        self.is_xhtml || self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Whether the element is empty in HTML, or is foreign and may be.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Builds a [`Tree`].
struct Sink(RefCell<Tree>);

impl TreeSink for Sink {
    type Handle = Id;
    type Output = ();
    type ElemName<'a> = Name;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        ROOT
    }

    fn elem_name(&self, target: &Id) -> Name {
        match self.0.borrow().element(*target) {
            Some(element) => element.name.clone(),
            None => Name(Rc::new(QualName::new(None, ns!(), local_name!("")))),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Id {
        let mut tree = self.0.borrow_mut();
        let template = flags.template.then(|| tree.add(Content::Fragment));
        tree.add(Content::Element(Element {
            name: Name(Rc::new(name)),
            attributes,
            template,
        }))
    }

    fn create_comment(&self, text: StrTendril) -> Id {
        self.0.borrow_mut().add(Content::Comment(text))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.0.borrow_mut().add(Content::Fragment)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        let mut tree = self.0.borrow_mut();
        let end = tree.nodes[*parent].children.len();
        tree.insert(*parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let has_parent = self.0.borrow().parent(*element).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        let tree = self.0.borrow();
        tree.element(*target)
            .and_then(|element| element.template)
            .unwrap_or(*target)
    }

    fn same_node(&self, a: &Id, b: &Id) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let mut tree = self.0.borrow_mut();
        if let NodeOrText::AppendNode(child) = &child {
            tree.detach(*child);
        }
        let Some(parent) = tree.parent(*sibling) else { return };
        let at = tree.children(parent).iter().position(|child| child == sibling);
        tree.insert(parent, at.unwrap_or_default(), child);
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        if let Content::Element(element) = &mut self.0.borrow_mut().nodes[*target].content {
            for attribute in attributes {
                if element
                    .attributes
                    .iter()
                    .all(|existing| existing.name != attribute.name)
                {
                    element.attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.0.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let mut tree = self.0.borrow_mut();
        let children = std::mem::take(&mut tree.nodes[*node].children);
        for &child in &children {
            tree.nodes[child].parent = Some(*new_parent);
        }
        tree.nodes[*new_parent].children.extend(children);
    }
}
