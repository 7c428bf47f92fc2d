//! Values of CSS properties.

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{Parser, Token};

use crate::document::colour::Colour;

/// A part of a value.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Value {
    /// A keyword in lower case.
    Word(String),
    Length(Length),
    Hash(String),
    /// A function with its arguments; its name is in lower case.
    Function(String, Vec<Self>),
    /// A block in parentheses.
    Block(Vec<Self>),
    Comma,
    Colon,
    Important,
    /// A URL, a string or a sign.
    Other,
}

/// A length or a plain number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) enum Length {
    /// An absolute length.
    Pixels(f32),
    /// A multiple of the font size.
    Ems(f32),
    /// A share of a size of the parent, 1 for 100 %.
    Share(f32),
    Number(f32),
}

impl Length {
    /// The length in pixels; `None` for a share of an unknown size.
    pub(in super::super) fn pixels(self, font_size: f32) -> Option<f32> {
        match self {
            Self::Pixels(pixels) => Some(pixels),
            Self::Ems(ems) => Some(ems * font_size),
            Self::Number(number) => Some(number),
            Self::Share(_) => None,
        }
    }

    fn new(value: f32, unit: &str) -> Option<Self> {
        let pixels = match unit.to_ascii_lowercase().as_str() {
            "px" => 1.0,
            "pt" => 96.0 / 72.0,
            "pc" | "rem" => 16.0,
            "in" => 96.0,
            "cm" => 96.0 / 2.54,
            "mm" => 96.0 / 25.4,
            "vw" => 12.8,
            "vh" => 8.0,
            "em" | "lh" => return Some(Self::Ems(value)),
            "ex" | "ch" => return Some(Self::Ems(value / 2.0)),
            _ => return None,
        };
        Some(Self::Pixels(value * pixels))
    }
}

/// Reads the rest of the input.
pub(super) fn values(input: &mut Parser<'_>) -> Vec<Value> {
    let mut all = Vec::new();
    while let Ok(token) = input.next().cloned() {
        let value = match token {
            Token::Ident(word) if word.eq_ignore_ascii_case("important") && all.last() == Some(&Value::Other) => {
                all.pop();
                Value::Important
            }
            Token::Ident(word) => Value::Word(word.to_ascii_lowercase()),
            Token::Hash(digits) | Token::IDHash(digits) => Value::Hash(digits.as_ref().to_owned()),
            Token::Number { value, .. } => Value::Length(Length::Number(value)),
            Token::Percentage { unit_value, .. } => Value::Length(Length::Share(unit_value)),
            Token::Dimension { value, unit, .. } => Length::new(value, &unit).map_or(Value::Other, Value::Length),
            Token::Comma => Value::Comma,
            Token::Colon => Value::Colon,
            Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                Value::Function(name, nested(input))
            }
            Token::ParenthesisBlock => Value::Block(nested(input)),
            _ => Value::Other,
        };
        all.push(value);
    }
    all
}

fn nested(input: &mut Parser<'_>) -> Vec<Value> {
    let read = input.parse_nested_block(|input| Ok::<_, cssparser::ParseError<()>>(values(input)));
    read.unwrap_or_default()
}

impl Value {
    /// The colour; `None` if it is not one, or depends on the browser or on variables.
    pub(in super::super) fn colour(&self) -> Option<Colour> {
        match self {
            Self::Word(name) if name == "transparent" => Some(Colour {
                alpha: 0.0,
                ..Colour::BLACK
            }),
            Self::Word(name) => {
                let (red, green, blue) = parse_named_color(name).ok()?;
                Some(Colour::from_bytes(red, green, blue))
            }
            Self::Hash(digits) => {
                let (red, green, blue, alpha) = parse_hash_color(digits.as_bytes()).ok()?;
                Some(Colour {
                    alpha,
                    ..Colour::from_bytes(red, green, blue)
                })
            }
            Self::Function(name, arguments) => from_function(name, arguments),
            _ => None,
        }
    }

    /// Whether it is the word.
    pub(in super::super) fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found == word)
    }
}

/// `rgb()` and `hsl()` in their old and new forms. A part that is `none` is 0.
fn from_function(name: &str, arguments: &[Value]) -> Option<Colour> {
    let mut parts = [0.0, 0.0, 0.0, 1.0];
    let mut count = 0;
    for argument in arguments
        .iter()
        .filter(|value| !matches!(value, Value::Comma | Value::Other))
    {
        let is_rgb = name.starts_with("rgb") && count < 3;
        *parts.get_mut(count)? = match argument {
            Value::Length(Length::Share(share)) => *share,
            Value::Length(Length::Number(number)) if is_rgb => number / 255.0,
            Value::Length(Length::Number(number)) => *number,
            Value::Word(word) if word == "none" => 0.0,
            _ => return None,
        };
        count += 1;
    }
    let [a, b, c, alpha] = parts;
    let rgb = match name {
        "rgb" | "rgba" => [a, b, c],
        "hsl" | "hsla" => from_hsl(a, b, c),
        _ => return None,
    };
    (count >= 3).then(|| Colour {
        rgb: rgb.map(|part| part.clamp(0.0, 1.0)),
        alpha: alpha.clamp(0.0, 1.0),
    })
}

/// CSS Color 4, 7.1.
fn from_hsl(hue: f32, saturation: f32, lightness: f32) -> [f32; 3] {
    let swing = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset| {
        let k = (offset + hue / 30.0).rem_euclid(12.0);
        lightness - swing * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}
