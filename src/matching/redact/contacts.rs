//! E-mail addresses, links, handles and the words in front of them.

use std::ops::Range;

use super::blanks::Blanks;
use super::fold::fold;
use super::tables::TABLES;

/// Blanks contacts, and returns the handles in them: what may spell a name.
pub(super) fn contacts(text: &str, blanks: &mut Blanks) -> Vec<Range<usize>> {
    let mut handles = Vec::new();
    let mut at = 0;
    for token in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '|' | '\u{2022}' | '<' | '>')) {
        let start = at;
        at += token.len();
        let bare = token.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '\u{2022}' | '<' | '>'));
        if !bare.contains(['.', '@', '/']) {
            continue;
        }
        let lead = bare.len() - bare.trim_start_matches(['(', '[', '"', '\'', '*', '_', ',', ';']).len();
        let bare = bare[lead..].trim_end_matches([')', ']', '"', '\'', '*', ',', ';', '.', '!', '?']);
        let start = start + lead;
        // `[Kubernetes](https://kubernetes.example)`: the text of a link in Markdown is no link.
        let link = bare.find("](").map_or(0, |at| at + 2);
        let (bare, start) = (&bare[link..], start + link);
        // `Email:quill@example.org` begins with a label.
        let after_label = bare
            .find([':', '\u{ff1a}'])
            .filter(|&colon| !bare[colon..].starts_with("://"));
        let contact = after_label.map_or(bare, |colon| {
            &bare[colon + bare[colon..].chars().next().map_or(0, char::len_utf8)..]
        });
        let labelled = || label_before(text, start) < start || contact.len() < bare.len();
        if is_mail(contact) || is_link(bare) || is_domain(contact) && labelled() {
            handles.push(start..start + bare.len());
            blanks.add(label_before(text, start)..start + bare.len());
        }
    }
    spelled_mails(text, blanks, &mut handles);
    broken_mails(text, blanks, &mut handles);
    handles
}

fn is_mail(token: &str) -> bool {
    let Some((local, domain)) = token.rsplit_once('@') else {
        return false;
    };
    let named = domain.rsplit_once('.').is_some_and(|(host, top)| {
        !host.is_empty() && top.chars().count() >= 2 && top.chars().all(|c| c.is_alphabetic() || c == '-')
    });
    named && local.contains(char::is_alphanumeric)
}

fn is_link(token: &str) -> bool {
    let low = token.to_ascii_lowercase();
    if low.contains("://") && !low.starts_with("jdbc:") || low.starts_with("www.") || low.starts_with("mailto:") {
        return low.contains('.') || low.contains("://");
    }
    let low = low.strip_prefix("m.").unwrap_or(&low);
    TABLES.profiles.iter().any(|host| {
        low.find(host.as_str()).is_some_and(|at| {
            let bounded = at == 0 || low[..at].ends_with(['.', ':', '/', '(']);
            bounded && low.len() > at + host.len()
        })
    }) || ["linkedin.com", "github.com", "github.io"]
        .iter()
        .any(|host| low.ends_with(host) && low.len() >= host.len())
}

/// `quill.example`, but not `Node.js` or `ASP.NET`.
fn is_domain(token: &str) -> bool {
    let host = token.split('/').next().unwrap_or(token);
    let Some((name, top)) = host.rsplit_once('.') else {
        return false;
    };
    let signs = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    name.chars().count() >= 2
        && name.chars().all(signs)
        && top.chars().count() >= 2
        && top.chars().all(|c| c.is_alphabetic() && !c.is_uppercase())
        && top.len() <= 12
        && !matches!(
            top.to_ascii_lowercase().as_str(),
            "js" | "ts" | "py" | "rs" | "pdf" | "docx" | "html" | "htm" | "etc"
        )
        && !matches!(
            host.to_ascii_lowercase().as_str(),
            "asp.net" | "vb.net" | "ado.net" | "ml.net" | "socket.io" | "draw.io"
        )
}

/// `quill at example dot org`, `quill [at] example.org` and `quill @ example.org`.
fn spelled_mails(text: &str, blanks: &mut Blanks, handles: &mut Vec<Range<usize>>) {
    for sign in ["[at]", "(at)", "{at}", " @ ", "[AT]", "(AT)", " AT ", " at "] {
        for (at, _) in text.match_indices(sign) {
            let before = text[..at].trim_end_matches(' ');
            let near = &before[line_tail(text, before.len())..];
            let local = near
                .rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+')))
                .next()
                .unwrap_or("");
            let end = at + sign.len();
            let gap = text[end..].len() - text[end..].trim_start_matches(' ').len();
            let mut domain: usize = 0;
            let rest = &text[end + gap..];
            for (offset, c) in rest.char_indices().take(80) {
                if c.is_alphanumeric() || matches!(c, '-' | '.') {
                    domain = domain.max(offset + c.len_utf8());
                } else if let Some(dot) = ["[dot]", "(dot)", " dot ", " . ", "[DOT]", "(DOT)"]
                    .iter()
                    .find(|dot| rest[offset..].starts_with(**dot))
                {
                    domain = offset + dot.len();
                } else if domain <= offset {
                    break;
                }
            }
            let host = rest[..domain].trim_end_matches(['.', ' ']);
            let dotted = host.contains('.') || host.to_ascii_lowercase().contains("dot");
            // `Chef @ oak.example` names an employer, and `at` is a word.
            let spelled = host.to_ascii_lowercase().contains(" dot ");
            let written = !sign.starts_with(' ')
                || spelled
                || sign != " at " && local.contains(|c: char| matches!(c, '.' | '_') || c.is_ascii_digit());
            if !local.is_empty() && written && dotted && host.len() > 3 && !host.contains('\n') {
                let start = spelled_start(before, before.len() - local.len());
                handles.push(start..before.len());
                blanks.add(label_before(text, start)..end + gap + host.len());
            }
        }
    }
}

/// The start of a local part in words: `quill dot placeholder`.
fn spelled_start(before: &str, start: usize) -> usize {
    let mut start = start;
    while let Some(rest) = before[..start]
        .strip_suffix(" dot ")
        .or_else(|| before[..start].strip_suffix(" DOT "))
    {
        start = rest
            .rfind(|c: char| !c.is_alphanumeric())
            .map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        if start == rest.len() {
            break;
        }
    }
    start
}

/// Addresses that a layout broke at their sign: `quill@` with `example.org` on the next line.
fn broken_mails(text: &str, blanks: &mut Blanks, handles: &mut Vec<Range<usize>>) {
    let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    for (at, _) in text.match_indices('@') {
        let before = text[..at].trim_end_matches(['\r', '\n']);
        let behind = &text[at + 1..];
        let domain = behind.trim_start_matches(['\r', '\n']);
        // Broken on one side. What follows is looked at only then, so that a text of such signs costs no more than another.
        if (before.len() < at) == (domain.len() < behind.len()) {
            continue;
        }
        let host = domain
            .split(|c: char| c.is_whitespace() || matches!(c, '|' | ',' | ';'))
            .next()
            .unwrap_or("");
        let local = before.rsplit(|c: char| !is_local(c)).next().unwrap_or("");
        if !local.is_empty() && is_domain(host) && host.is_ascii() {
            let (from, end) = (before.len() - local.len(), text.len() - domain.len());
            handles.push(from..before.len());
            blanks.add(label_before(text, from)..before.len());
            blanks.add(at..at + 1);
            blanks.add(end..end + host.len());
        }
    }
}

/// The beginning of the line that ends at `at`, or of its last part if it is long.
pub(super) fn line_tail(text: &str, at: usize) -> usize {
    let mut from = at.saturating_sub(96);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text[from..at].rfind('\n').map_or(from, |end| from + end + 1)
}

/// The start of the label in front of a contact, or of the contact if it has none.
pub(super) fn label_before(text: &str, contact: usize) -> usize {
    let line = line_tail(text, contact);
    let before = text[line..contact].trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ':' | '\u{ff1a}' | '.' | '-' | '\u{2013}' | '=' | '*' | '_' | '#' | '(' | '\u{fe0f}' | '\u{fe0e}'
            )
    });
    // Two words at most: `Email address`, `Mobile number`, `E-mail`.
    let mut from = before.len();
    let mut best = None;
    for _ in 0..3 {
        let rest = before[..from].trim_end();
        if rest.is_empty() {
            break;
        }
        from = rest
            .rfind(|c: char| c.is_whitespace() || matches!(c, '|' | '\u{2022}' | ',' | ';' | '('))
            .map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        let words = before[from..].trim_matches(|c: char| matches!(c, '*' | '_' | '#' | '[' | ']' | '.' | ':' | '('));
        if TABLES.weak_contact.contains(&fold(words)) {
            best = Some(line + from);
        }
    }
    best.unwrap_or(contact)
}
