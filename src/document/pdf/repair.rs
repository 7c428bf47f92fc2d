//! Files with faults that make the interpreter drop more than what is wrong.

use std::borrow::Cow;

use memchr::memmem::find;

/// Removes the characters without a text from maps of fonts. The maps of Figma have such, and would not be read at all.
pub(super) fn repaired(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut repaired = Cow::Borrowed(bytes);
    let mut start = 0;
    while let Some(found) = find(&bytes[start..], b"beginbfchar") {
        let map = start + found;
        let Some(length) = find(&bytes[map..], b"endbfchar") else {
            break;
        };
        start = map + length;
        for entry in empty_entries(&bytes[map..start]) {
            repaired.to_mut()[map + entry.start..map + entry.end].fill(b' ');
        }
    }
    repaired
}

/// The entries of a map that have no text, such as `<30> <>`.
fn empty_entries(map: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut entries = Vec::new();
    for (index, _) in map.windows(2).enumerate().filter(|(_, pair)| *pair == b"<>") {
        let before = map[..index].trim_ascii_end();
        if before.ends_with(b">")
            && let Some(open) = before.iter().rposition(|byte| *byte == b'<')
            && before[open + 1..before.len() - 1].iter().all(u8::is_ascii_hexdigit)
        {
            entries.push(open..index + 2);
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_without_a_text_are_removed_from_maps() {
        let map = b"1 beginbfchar\n<00> <0061>\n<30> <>\nendbfchar [<30> <>] TJ";
        let expected = b"1 beginbfchar\n<00> <0061>\n       \nendbfchar [<30> <>] TJ";
        assert_eq!(repaired(map).as_ref(), expected);
        assert!(matches!(repaired(b"<30> <>"), Cow::Borrowed(_)));
    }
}
