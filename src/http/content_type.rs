//! The media type of a request body (RFC 9110, 8.3).

/// Whether the value of a header `Content-Type` is `application/json` in UTF-8, the only encoding of JSON between
/// systems (RFC 8259, 8.1). Clients write the charset as `utf-8` or `utf8`, in any case, with or without quotes.
pub(super) fn is_json(value: &str) -> bool {
    let (essence, rest) = value.split_at(value.find(';').unwrap_or(value.len()));
    essence.trim_matches(BLANKS).eq_ignore_ascii_case("application/json")
        && parameters(rest).is_some_and(|parameters| {
            let mut charsets = parameters
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
            charsets.all(|(_, charset)| ["utf-8", "utf8"].iter().any(|utf8| charset.eq_ignore_ascii_case(utf8)))
        })
}

const BLANKS: [char; 2] = [' ', '\t'];

/// The names and values in `*( OWS ";" OWS [ parameter ] )`; `None` if the text is malformed (RFC 9110, 5.6.6).
fn parameters(text: &str) -> Option<Vec<(&str, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim_matches(BLANKS);
    while !rest.is_empty() {
        rest = rest.strip_prefix(';')?.trim_start_matches(BLANKS);
        if rest.is_empty() || rest.starts_with(';') {
            continue;
        }
        let (name, after) = rest.split_once('=').filter(|(name, _)| is_token(name))?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = after.find([';', ' ', '\t']).unwrap_or(after.len());
                let (value, after) = after.split_at(end);
                (Some(value.to_owned()).filter(|value| is_token(value))?, after)
            }
        };
        found.push((name, value));
        rest = after.trim_start_matches(BLANKS);
    }
    Some(found)
}

/// The content of a quoted string without its first quote, and the text after it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, text.get(at + 1..)?)),
            '\\' => value.push(letters.next()?.1),
            letter => value.push(letter),
        }
    }
    None
}

fn is_token(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    //! The header alone. The router's tests send bodies.

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Optional blanks and empty parameters around a parameter.
    fn blanks() -> impl Strategy<Value = String> {
        "[ \t]{0,2}"
    }

    fn token() -> impl Strategy<Value = String> {
        "[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,12}"
    }

    /// A quoted string that means this text, with random escapes.
    fn quoted(text: &str, mask: u64) -> String {
        let escape = |(at, letter): (usize, char)| {
            let escaped = matches!(letter, '"' | '\\') || mask >> (at % 64) & 1 == 1;
            [escaped.then_some('\\'), Some(letter)].into_iter().flatten()
        };
        format!("\"{}\"", text.chars().enumerate().flat_map(escape).collect::<String>())
    }

    /// A parameter other than the charset.
    fn other() -> impl Strategy<Value = String> {
        let value = prop_oneof![
            token(),
            ("[ -~]{0,12}", any::<u64>()).prop_map(|(text, mask)| quoted(&text, mask))
        ];
        (token(), value)
            .prop_filter("the charset", |(name, _)| !name.eq_ignore_ascii_case("charset"))
            .prop_map(|(name, value)| format!("{name}={value}"))
    }

    fn charset(label: &'static str) -> impl Strategy<Value = String> {
        let cased = any::<u64>().prop_map(move |mask| {
            let change = |(at, letter): (usize, char)| {
                if mask >> at & 1 == 1 {
                    letter.to_ascii_uppercase()
                } else {
                    letter
                }
            };
            label.chars().enumerate().map(change).collect::<String>()
        });
        let name = prop::sample::select(vec!["charset", "Charset", "CHARSET"]);
        (name, cased, any::<Option<u64>>()).prop_map(|(name, label, quotes)| match quotes {
            Some(mask) => format!("{name}={}", quoted(&label, mask)),
            None => format!("{name}={label}"),
        })
    }

    fn join(parameters: &[String], blanks: &[String]) -> String {
        let mut text = "application/json".to_owned();
        for (at, parameter) in parameters.iter().enumerate() {
            let blank = |n: usize| blanks.get((at + n) % blanks.len()).map_or("", String::as_str);
            text.push_str(&format!("{};{}{parameter}", blank(0), blank(1)));
        }
        text
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn utf8_is_accepted_in_every_form(
            mut others in vec(prop_oneof![other(), Just(String::new())], 0..4),
            charset in prop_oneof![charset("utf-8"), charset("utf8")],
            at in any::<prop::sample::Index>(),
            blanks in vec(blanks(), 1..5),
        ) {
            let text = join(&others, &blanks);
            prop_assert!(is_json(&text), "{}", text);
            others.insert(at.index(others.len() + 1), charset);
            let text = join(&others, &blanks);
            prop_assert!(is_json(&text), "{}", text);
        }

        #[test]
        fn another_charset_is_refused(
            mut others in vec(prop_oneof![other(), charset("utf-8")], 0..4),
            label in token(),
            at in any::<prop::sample::Index>(),
            blanks in vec(blanks(), 1..5),
        ) {
            prop_assume!(!["utf-8", "utf8"].iter().any(|utf8| label.eq_ignore_ascii_case(utf8)));
            others.insert(at.index(others.len() + 1), format!("charset={label}"));
            let text = join(&others, &blanks);
            prop_assert!(!is_json(&text), "{}", text);
        }

        #[test]
        fn no_text_causes_a_panic(text in "\\PC{0,40}", parameters in "[ \t;=\"\\\\a-c]{0,20}") {
            let _ = (is_json(&text), is_json(&format!("application/json{parameters}")));
        }
    }

    #[test]
    fn a_malformed_parameter_is_refused() {
        for text in [
            "application/json x",
            "application/json, text/plain",
            "application/json; charset",
            "application/json; charset=",
            "application/json; charset =utf-8",
            "application/json; charset= utf-8",
            "application/json; charset=\"utf-8",
            "application/json; charset=\"utf-8\\",
            "application/json; charset=\"utf-8\"x",
            "application/json; charset=\"\"",
            "application/json; charset=utf-8; charset=utf-16",
            "application/json+x",
            "application/jsonp",
            ";",
        ] {
            assert!(!is_json(text), "{text}");
        }
        assert!(is_json("application/json;"));
        assert!(is_json("Application/JSON ; ; charset=UTF8 ;"));
    }
}
