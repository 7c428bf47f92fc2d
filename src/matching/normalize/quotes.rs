//! Mails that quote a text: each line begins with `>`.

/// Fewer lines with the sign are items of a list.
const LEAST: usize = 3;

/// Blanks the signs of quoted lines. The length stays, so that offsets do too.
pub(in super::super) fn unquote(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest: &[&str] = &text.split_inclusive('\n').collect::<Vec<_>>();
    while !rest.is_empty() {
        let length = rest.iter().take_while(|line| quoted(line).is_some()).count();
        let (lines, after) = rest.split_at(length.max(1));
        match is_quotation(lines) {
            true => lines.iter().for_each(|line| blank(line, &mut plain)),
            false => plain.extend(lines.iter().copied()),
        }
        rest = after;
    }
    plain
}

/// The text after the signs of a quoted line.
fn quoted(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches([' ', '\t']);
    let inner = bare.trim_start_matches(['>', ' ']);
    (bare.starts_with('>') && !bare.starts_with(">>>")).then_some(inner)
}

/// Whether lines with the sign are a quotation, not a list: one is empty, or one goes on with the sentence of another.
fn is_quotation(lines: &[&str]) -> bool {
    let texts: Vec<&str> = lines
        .iter()
        .filter_map(|line| quoted(line))
        .map(str::trim_end)
        .collect();
    let inner = texts.get(1..texts.len().saturating_sub(1)).unwrap_or_default();
    let continues = |pair: &[&str]| {
        pair[0].len() >= 40 && !pair[0].ends_with(['.', ':', ';', '!', '?']) && pair[1].starts_with(char::is_lowercase)
    };
    let begins = texts
        .first()
        .is_some_and(|first| first.starts_with(|c: char| !c.is_lowercase()));
    texts.len() >= LEAST && (inner.contains(&"") || begins && texts.windows(2).any(continues))
}

/// Adds a quoted line with spaces in place of its signs.
fn blank(line: &str, plain: &mut String) {
    let signs = quoted(line).map_or(0, |inner| line.len() - inner.len());
    plain.extend(line[..signs].chars().map(|c| if c == '>' { ' ' } else { c }));
    plain.push_str(&line[signs..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_quoted_lines_are_blanked() {
        for sign in [">", "> ", ">> ", " > "] {
            let lines = [
                "We look for a keeper of locks, who opens gates for",
                "boats and barges",
                "",
                "Thanks",
            ];
            let quoted: Vec<String> = lines.iter().map(|line| format!("{sign}{line}")).collect();
            let text = format!("See below\n{}\nBye", quoted.join("\n"));
            let plain = unquote(&text);
            assert_eq!(plain.len(), text.len(), "{sign}");
            assert!(!plain.contains('>'), "{plain}");
            assert!(plain.contains("boats and barges"), "{plain}");
        }
    }

    #[test]
    fn items_and_other_signs_stay() {
        for text in [
            "> Opens gates\n> Writes the log\n> Trains keepers",
            "> Opens gates for boats\n> writes",
            "pay > 100\nwork > 10\nfun > 1",
            "",
        ] {
            assert_eq!(unquote(text), text);
        }
    }
}
