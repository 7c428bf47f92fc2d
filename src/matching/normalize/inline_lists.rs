//! Lists that were pasted into one line: `Duties: - Sort the post. - Weigh parcels.`
//!
//! Forms, databases and mail programs take the line breaks of a posting away. Its items keep their signs, and its headings
//! the two spaces where a break was.

/// Shorter lines are no lists that lost their breaks.
const LONG: usize = 120;
/// The bytes from one sign to the next, on average, below which signs separate words: `Go • SQL • Bash`.
const ITEM_BYTES: usize = 28;
/// The maximum length of a heading in bytes.
const HEADING_BYTES: usize = 48;
/// The maximum number of words of a heading.
const HEADING_WORDS: usize = 6;
const SIGNS: [char; 9] = ['•', '·', '●', '▪', '■', '◦', '∙', '‣', '➢'];

/// Puts each item and heading of such lines on a line of its own. The length stays, so that offsets do too.
pub(in super::super) fn unfold(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if line.len() < LONG {
            broken.push_str(line);
            continue;
        }
        let mut breaks = breaks(line);
        breaks.sort_unstable();
        let chars = line.char_indices();
        broken.extend(chars.map(|(at, c)| if breaks.binary_search(&at).is_ok() { '\n' } else { c }));
    }
    broken
}

/// The offsets of the spaces and dashes that become line breaks.
fn breaks(line: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for places in SIGNS.iter().map(|&sign| signs(line, sign)).chain([dashes(line)]) {
        if places.len() >= 2 && line.len() / places.len() >= ITEM_BYTES {
            found.extend(places.iter().filter_map(|&at| heading_before(line, at)));
            found.extend(places);
        }
    }
    found.extend(headings(line));
    found
}

/// The spaces before these signs, where an item follows.
fn signs(line: &str, sign: char) -> Vec<usize> {
    let places = line.match_indices(sign).filter_map(|(at, _)| {
        let follows = line[at + sign.len_utf8()..].trim_start().chars().next();
        let before = line[..at].ends_with(' ');
        (before && follows.is_some_and(char::is_alphanumeric)).then(|| at - 1)
    });
    places.collect()
}

/// The dashes that begin an item, after the end of another or of a heading: `: - Sort the post. - Weigh parcels.`, also
/// without a space before them.
fn dashes(line: &str) -> Vec<usize> {
    let bytes = line.as_bytes();
    let places = line.match_indices("- ").filter_map(|(at, _)| {
        let before = line[..at].trim_end_matches(' ');
        let ended = before.ends_with(['.', ':', ';']);
        let begins = line[at + 2..].starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        // A dash with a space before it keeps its place as the sign of the item.
        let spaced = at > 0 && bytes[at - 1] == b' ';
        (ended && begins).then_some(if spaced { at - 1 } else { at })
    });
    places.collect()
}

/// The space before a heading that a list follows: `... all weathers. Preferred: - A dog.`
fn heading_before(line: &str, at: usize) -> Option<usize> {
    let body = line[..at].trim_end_matches(' ').strip_suffix(':')?;
    let near = body.floor_char_boundary(body.len().saturating_sub(HEADING_BYTES + 8));
    let start = near + body[near..].rfind(['.', ';', '!', '?'])? + 1;
    let heading = body[start..].trim_start_matches(' ');
    let from = body.len() - heading.len();
    let fits = heading.len() <= HEADING_BYTES && heading.split_whitespace().count() <= HEADING_WORDS;
    (from > start && fits && heading.starts_with(char::is_uppercase)).then(|| from - 1)
}

/// The last of two or more spaces, where a line began.
fn headings(line: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let (mut at, mut wide) = (0, 0);
    while let Some(from) = line[at..].find("  ").map(|found| at + found) {
        let rest = line[from..].trim_start_matches(' ');
        at = line.len() - rest.len();
        wide += 1;
        let before = line[..from].chars().next_back();
        let begins = rest.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        // A sign begins an item already.
        let ended = before.is_none_or(|c| matches!(c, '.' | '!' | '?' | '-') || SIGNS.contains(&c));
        if from > 0 && begins && (!ended || is_heading(rest)) {
            places.push(at - 1);
        }
    }
    // In justified text many gaps are wide.
    let justified = 3 * wide > line.split_ascii_whitespace().count();
    if places.len() >= 2 && !justified {
        places
    } else {
        Vec::new()
    }
}

/// Whether a text begins with a heading: a few words up to a colon or to two spaces.
fn is_heading(rest: &str) -> bool {
    let rest = &rest[..rest.floor_char_boundary(HEADING_BYTES + 3)];
    let ends = [rest.find(':'), rest.find("  ")];
    let Some(end) = ends.into_iter().flatten().min().filter(|&end| end <= HEADING_BYTES) else {
        return false;
    };
    let heading = &rest[..end];
    heading.split_whitespace().count() <= HEADING_WORDS && !heading.contains(['.', ',', ';', '!', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_lists_get_their_lines_back() {
        for (text, lines) in [
            (
                "The lock keeper will: • Open the gates for boats and record their names;  • Grease the winches each \
                 Monday; •Read the gauges twice a day.",
                &[
                    "The lock keeper will:",
                    "• Open the gates",
                    " • Grease the winches",
                    "•Read the gauges",
                ][..],
            ),
            (
                "WE ASK FOR: - Two years on a canal. - A licence for boats. - Good knots, and the patience to tie them \
                 again. Preferred: - A dog.",
                &[
                    "WE ASK FOR:",
                    "- Two years",
                    "- A licence",
                    "- Good knots",
                    "Preferred:",
                    "- A dog.",
                ],
            ),
            (
                "Two years of work on a canal or a river with locks.- A licence to steer boats of any length.- Be able \
                 to swim in cold water.",
                &["Two years", " A licence", " Be able"],
            ),
            (
                "Keeper of locks.  Required Skills:  Knots and splices, and a loud voice  Hours/Shift:  35 hours, also \
                 at night when boats come  Work Location:  The third lock",
                &[
                    "Keeper of locks.",
                    "Required Skills:",
                    "Knots and",
                    "Hours/Shift:",
                    "35 hours",
                    "Work Location:",
                    "The third",
                ],
            ),
        ] {
            let broken = unfold(text);
            assert_eq!(broken.len(), text.len());
            let found: Vec<&str> = broken.lines().collect();
            assert_eq!(found.len(), lines.len(), "{found:?}");
            for (line, wanted) in found.iter().zip(lines) {
                assert!(
                    line.trim_start().starts_with(wanted.trim_start()),
                    "{line:?} {wanted:?}"
                );
            }
        }
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        let words = "Knots • Splices • Ropes • Winches • Gates • Gauges • Paint • Boats • Oars • Locks • Weirs • Dogs "
            .repeat(2);
        let prose = "The lock is old.  It was dug with spades, and boats have come through it since.  The keeper lives beside \
                     it.  The rest of us leave - at least in winter.";
        let justified = "Work  with  Locks  and  Weirs  on  the  River  Test,  keep  the  Gates,  read  the  Gauges  and  write  \
                         down  what  the  Boats  Carry  to  Town.";
        for text in [
            words.as_str(),
            prose,
            justified,
            "Lane 3 • 555-0142 • keeper@locks.example",
            "Duties: - Knots. - Ropes.",
        ] {
            assert_eq!(unfold(text), text);
        }
    }
}
