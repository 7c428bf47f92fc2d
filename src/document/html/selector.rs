//! Selectors of CSS: types, classes, ids and attributes with their combinators, and the position among siblings. A
//! selector with anything else, such as `:hover`, matches nothing.

use cssparser::{ParseError, Parser, Token};

use super::tree::{Element, Id, Tree};

/// A selector.
#[derive(Debug)]
pub(super) struct Selector {
    /// The parts, the last one first, each with the combinator to the part before it.
    parts: Vec<(Compound, Combinator)>,
    /// The numbers of ids, of classes and attributes, and of types (Selectors 4, 17).
    pub(super) specificity: (u32, u32, u32),
}

#[derive(Debug, Default)]
struct Compound {
    tests: Vec<Test>,
}

#[derive(Debug)]
enum Test {
    Type(String),
    Class(String),
    Id(String),
    Attribute(String, Option<(char, String)>),
    First,
    Last,
    Root,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Combinator {
    Descendant,
    Child,
    Next,
    Later,
}

/// The key under which a selector is found: what an element must have to match it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Id(String),
    Class(String),
    Type(String),
    Any,
}

impl Selector {
    pub(super) fn parse(input: &mut Parser<'_>) -> Result<Self, ParseError<()>> {
        let mut parts = Vec::new();
        let mut compound = Compound::default();
        let mut combinator = None;
        let mut specificity = (0, 0, 0);
        while let Ok(token) = input.next_including_whitespace().cloned() {
            let next = match &token {
                Token::WhiteSpace(_) => Some(Combinator::Descendant),
                Token::Delim('>') => Some(Combinator::Child),
                Token::Delim('+') => Some(Combinator::Next),
                Token::Delim('~') => Some(Combinator::Later),
                _ => None,
            };
            if let Some(next) = next {
                // White space around another combinator means nothing.
                if combinator.is_none() || next != Combinator::Descendant {
                    combinator = Some(next);
                }
                continue;
            }
            if let Some(combinator) = combinator.take()
                && !compound.tests.is_empty()
            {
                parts.push((std::mem::take(&mut compound), combinator));
            }
            let test = parse_test(&token, input)?;
            match &test {
                Some(Test::Id(_)) => specificity.0 += 1,
                Some(Test::Type(_)) => specificity.2 += 1,
                Some(_) => specificity.1 += 1,
                None => {}
            }
            // The universal selector, if it is the first.
            compound.tests.extend(test);
        }
        parts.push((compound, Combinator::Descendant));
        parts.reverse();
        // Each part holds the combinator to its left.
        for at in 0..parts.len().saturating_sub(1) {
            parts[at].1 = parts[at + 1].1;
        }
        Ok(Self { parts, specificity })
    }

    pub(super) fn key(&self) -> Key {
        let tests = &self.parts[0].0.tests;
        let rank = |test: &&Test| match test {
            Test::Id(_) => 3,
            Test::Class(_) => 2,
            Test::Type(_) => 1,
            _ => 0,
        };
        match tests.iter().max_by_key(rank) {
            Some(Test::Id(id)) => Key::Id(id.clone()),
            Some(Test::Class(class)) => Key::Class(class.clone()),
            Some(Test::Type(name)) => Key::Type(name.clone()),
            _ => Key::Any,
        }
    }

    /// Whether the selector matches an element.
    pub(super) fn matches(&self, tree: &Tree, id: Id) -> bool {
        matches_from(&self.parts, tree, id)
    }
}

fn parse_test(token: &Token<'_>, input: &mut Parser<'_>) -> Result<Option<Test>, ParseError<()>> {
    Ok(Some(match token {
        Token::Ident(name) => Test::Type(name.to_ascii_lowercase()),
        Token::Delim('*') => return Ok(None),
        Token::IDHash(id) => Test::Id(id.as_ref().to_owned()),
        Token::Delim('.') => Test::Class(input.expect_ident()?.as_ref().to_owned()),
        Token::SquareBracketBlock => input.parse_nested_block(parse_attribute)?,
        Token::Colon => match input.next_including_whitespace().cloned()? {
            Token::Ident(name) => match name.to_ascii_lowercase().as_str() {
                "first-child" | "first-of-type" => Test::First,
                "last-child" | "last-of-type" => Test::Last,
                "root" => Test::Root,
                "link" | "any-link" => return Ok(None),
                _ => Test::Never,
            },
            Token::Function(_) => {
                input.parse_nested_block(|input| {
                    while input.next().is_ok() {}
                    Ok::<_, ParseError<()>>(())
                })?;
                Test::Never
            }
            // A pseudo-element.
            Token::Colon => {
                while input.next().is_ok() {}
                Test::Never
            }
            _ => return Err(ParseError::unexpected_token()),
        },
        _ => return Err(ParseError::unexpected_token()),
    }))
}

fn parse_attribute(input: &mut Parser<'_>) -> Result<Test, ParseError<()>> {
    let name = input.expect_ident()?.to_ascii_lowercase();
    let operator = match input.next() {
        Ok(Token::Delim('=')) => '=',
        Ok(Token::IncludeMatch) => '~',
        Ok(Token::DashMatch) => '|',
        Ok(Token::PrefixMatch) => '^',
        Ok(Token::SuffixMatch) => '$',
        Ok(Token::SubstringMatch) => '*',
        Ok(_) => return Err(ParseError::unexpected_token()),
        Err(_) => return Ok(Test::Attribute(name, None)),
    };
    let value = input.expect_ident_or_string()?.as_ref().to_owned();
    // A flag for upper and lower case may follow.
    while input.next().is_ok() {}
    Ok(Test::Attribute(name, Some((operator, value))))
}

fn matches_from(parts: &[(Compound, Combinator)], tree: &Tree, id: Id) -> bool {
    let Some(((compound, combinator), rest)) = parts.split_first() else {
        return true;
    };
    if !compound.matches(tree, id) {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let mut candidate = id;
    loop {
        let next = match combinator {
            Combinator::Descendant | Combinator::Child => {
                tree.parent(candidate).filter(|&id| tree.element(id).is_some())
            }
            Combinator::Next | Combinator::Later => tree.sibling_before(candidate),
        };
        let Some(next) = next else { return false };
        if matches_from(rest, tree, next) {
            return true;
        }
        if matches!(combinator, Combinator::Child | Combinator::Next) {
            return false;
        }
        candidate = next;
    }
}

impl Compound {
    fn matches(&self, tree: &Tree, id: Id) -> bool {
        tree.element(id)
            .is_some_and(|element| self.tests.iter().all(|test| test.matches(tree, id, element)))
    }
}

impl Test {
    fn matches(&self, tree: &Tree, id: Id, element: &Element) -> bool {
        let words = |name: &str| element.attribute(name).unwrap_or_default().split_ascii_whitespace();
        match self {
            Self::Type(name) => element.name() == name,
            Self::Class(class) => words("class").any(|found| found == class),
            Self::Id(wanted) => element.attribute("id") == Some(wanted),
            Self::Attribute(name, None) => element.attribute(name).is_some(),
            Self::Attribute(name, Some((operator, value))) => {
                element.attribute(name).is_some_and(|found| match operator {
                    '=' => found == value,
                    '~' => words(name).any(|found| found == value),
                    '|' => found
                        .strip_prefix(value)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
                    '^' => found.starts_with(value),
                    '$' => found.ends_with(value),
                    _ => found.contains(value),
                })
            }
            Self::First => tree.sibling_before(id).is_none(),
            Self::Last => tree.is_last(id),
            Self::Root => element.name() == "html",
            Self::Never => false,
        }
    }
}
