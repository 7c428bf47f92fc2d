//! Text normalization that several modules need.

/// Returns the text on one line: each run of white space becomes one space.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    //! All of it.

    use super::*;

    #[test]
    fn white_space_becomes_one_space() {
        assert_eq!(one_line("  a\r\n\tb  c\n"), "a b c");
        assert_eq!(one_line(" \n"), "");
    }
}
