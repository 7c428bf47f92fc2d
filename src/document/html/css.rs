//! The part of CSS that decides whether text is visible and where its blocks end.

mod value;

use std::rc::Rc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState, QualifiedRuleParser,
    RuleBodyItemParser, RuleBodyParser, StyleSheetParser,
};

use self::value::values;
pub(super) use self::value::{Length, Value};
use super::selector::Selector;

/// The width of the window that media queries are asked about, in pixels.
const WINDOW: f32 = 1280.0;

/// A declaration: the name of a property in lower case and its value.
#[derive(Debug)]
pub(super) struct Declaration {
    pub(super) property: String,
    pub(super) value: Vec<Value>,
    pub(super) important: bool,
}

/// A selector with its declarations.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) selector: Selector,
    pub(super) declarations: Rc<[Declaration]>,
}

/// Parses a style sheet and appends its rules. Invalid rules are ignored, as the standard demands.
pub(super) fn parse_sheet(css: &str, rules: &mut Vec<Rule>) {
    let mut input = Parser::new(css);
    for _ in StyleSheetParser::new(&mut input, &mut Sheet { rules }) {}
}

/// Parses a `style` attribute.
pub(super) fn parse_style(css: &str) -> Vec<Declaration> {
    declarations(&mut Parser::new(css))
}

fn declarations(input: &mut Parser<'_>) -> Vec<Declaration> {
    RuleBodyParser::new(input, &mut Body).flatten().collect()
}

struct Sheet<'a> {
    rules: &'a mut Vec<Rule>,
}

type Failure = ParseError<()>;

impl<'i> QualifiedRuleParser<'i> for Sheet<'_> {
    type Prelude = Vec<Selector>;
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Vec<Selector>, Failure> {
        input.parse_comma_separated(Selector::parse)
    }

    fn parse_block(
        &mut self,
        selectors: Vec<Selector>,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), Failure> {
        let declarations: Rc<[Declaration]> = declarations(input).into();
        self.rules.extend(selectors.into_iter().map(|selector| Rule {
            selector,
            declarations: Rc::clone(&declarations),
        }));
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for Sheet<'_> {
    /// Whether the rules in the block apply.
    type Prelude = bool;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(&mut self, name: CowRcStr<'i>, input: &mut Parser<'i>) -> Result<bool, Failure> {
        let condition = values(input);
        match name.to_ascii_lowercase().as_str() {
            "media" => Ok(condition.split(|value| *value == Value::Comma).any(matches_window)),
            "supports" => Ok(condition.first() != Some(&Value::Word("not".to_owned()))),
            "layer" | "container" => Ok(true),
            _ => Err(ParseError::unexpected_token()),
        }
    }

    fn rule_without_block(&mut self, _: bool, _: &ParserState) -> Result<(), ()> {
        Ok(())
    }

    fn parse_block(&mut self, applies: bool, _: &ParserState, input: &mut Parser<'i>) -> Result<(), Failure> {
        if applies {
            for _ in StyleSheetParser::new(input, &mut Sheet { rules: self.rules }) {}
        }
        Ok(())
    }
}

/// Whether a media query is true of a screen of [`WINDOW`] pixels.
fn matches_window(query: &[Value]) -> bool {
    query.iter().all(|part| match part {
        Value::Word(word) => matches!(word.as_str(), "screen" | "all" | "only" | "and"),
        Value::Block(feature) => match feature.as_slice() {
            [Value::Word(name), Value::Colon, Value::Length(length)] => match (name.as_str(), length.pixels(16.0)) {
                ("min-width" | "min-device-width", Some(width)) => width <= WINDOW,
                ("max-width" | "max-device-width", Some(width)) => width >= WINDOW,
                _ => false,
            },
            _ => false,
        },
        _ => false,
    })
}

/// The inside of a rule or of a `style` attribute.
struct Body;

impl<'i> DeclarationParser<'i> for Body {
    type Declaration = Declaration;
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _: &ParserState,
    ) -> Result<Declaration, Failure> {
        let mut value = values(input);
        let important = value.last() == Some(&Value::Important);
        value.retain(|part| *part != Value::Important);
        Ok(Declaration {
            property: name.to_ascii_lowercase(),
            value,
            important,
        })
    }
}

impl AtRuleParser<'_> for Body {
    type Prelude = ();
    type AtRule = Declaration;
    type Error = ();
}

impl QualifiedRuleParser<'_> for Body {
    type Prelude = ();
    type QualifiedRule = Declaration;
    type Error = ();
}

impl RuleBodyItemParser<'_, Declaration, ()> for Body {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}
