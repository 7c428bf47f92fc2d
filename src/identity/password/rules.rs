//! Password rules.
//!
//! They follow NIST SP 800-63B-4 and OWASP ASVS 5: a minimum length, no composition rules, and rejection of leaked
//! passwords.
//!
//! zxcvbn is not used, because zxcvbn 3.1.1 is less strict: of the 308 entries of `common_passwords.txt` with 12 or
//! more characters it gives 31 a score of 3 or 4, and almost all entries with `2024!` appended. A crafted password of
//! 128 characters takes it 0.8 s.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::identity::error::Error;
use crate::identity::user::fold::fold;

/// The allowed length of a password in characters.
const CHARS: RangeInclusive<usize> = 12..=128;
/// The minimum number of characters of a password besides the owner's names.
const OWN_CHARS: usize = 8;
/// The minimum number of characters of a name that is looked for in passwords.
const NAME_CHARS: usize = 4;
/// The maximum number of characters of a unit whose repetition is refused in any case.
const UNIT_CHARS: usize = 4;

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../common_passwords.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
});

/// Checks a password of the account with this normalized name and address. The error names everything that is wrong.
pub(in crate::identity) fn check(password: &SecretString, username: &str, email: &str) -> Result<(), Error> {
    let problems = problems(password, username, email);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::WeakPassword {
            message: problems.join("; "),
        })
    }
}

fn problems(password: &SecretString, username: &str, email: &str) -> Vec<&'static str> {
    let mut problems = Vec::new();
    let Some(password) = normalise(password) else {
        return vec!["must be at most 128 characters long"];
    };
    if password.chars().count() < *CHARS.start() {
        problems.push("must be at least 12 characters long");
    }
    if password.chars().any(char::is_control) {
        problems.push("must not contain control characters");
    }
    let password = Zeroizing::new(fold(&password));
    problems.extend(pattern(&password));
    let own = own_part(&password, username, email);
    if own.len() < password.len() && own.chars().count() < OWN_CHARS {
        problems.push("must have at least 8 characters besides the username and the e-mail address");
    }
    problems
}

/// Returns the NFKC form, which is what is hashed; `None` if it is too long.
pub(super) fn normalise(password: &SecretString) -> Option<Zeroizing<String>> {
    let text = password.expose_secret();
    // A character has at most four bytes, so a longer password is rejected without normalization.
    if text.len() > 4 * CHARS.end() {
        return None;
    }
    let normal: Zeroizing<String> = Zeroizing::new(text.nfkc().collect());
    (normal.chars().count() <= *CHARS.end()).then_some(normal)
}

/// The reason why a case-folded password is easy to guess.
fn pattern(password: &str) -> Option<&'static str> {
    let unit = repeated_unit(password);
    let core = password.trim_matches(|c: char| !c.is_alphabetic());
    let plain: Zeroizing<String> = Zeroizing::new(core.chars().map(unleet).collect());
    if password.chars().count() > 2 && is_run(password) {
        Some("must not be a sequence of consecutive letters or digits")
    } else if unit.len() < password.len() && unit.chars().count() <= UNIT_CHARS {
        Some("must not be a repetition of a few characters")
    } else if COMMON.contains(password) {
        Some("must not be a common password")
    } else if unit.len() < password.len() && COMMON.contains(unit) {
        Some("must not be a repetition of a common password")
    } else if COMMON.contains(core) || COMMON.contains(plain.as_str()) {
        Some("must not be a common password with added or replaced characters")
    } else {
        None
    }
}

/// Returns the password without the e-mail address, the username and the local part of the address.
fn own_part(password: &str, username: &str, email: &str) -> Zeroizing<String> {
    // The address is stored in lower case, the password is case-folded.
    let (username, email) = (fold(username), fold(email));
    let local_part = email.split('@').next().unwrap_or_default();
    let mut own = Zeroizing::new(password.to_owned());
    for name in [email.as_str(), username.as_str(), local_part] {
        if name.chars().count() >= NAME_CHARS {
            own = Zeroizing::new(own.replace(name, ""));
        }
    }
    own
}

fn unleet(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Returns the shortest prefix of which `text` is a repetition.
fn repeated_unit(text: &str) -> &str {
    text.char_indices()
        .skip(1)
        .map(|(end, _)| &text[..end])
        .take_while(|unit| unit.len() <= text.len() / 2)
        .find(|unit| text.len().is_multiple_of(unit.len()) && unit.repeat(text.len() / unit.len()) == text)
        .unwrap_or(text)
}

/// Returns whether the characters are consecutive code points, ascending or descending; digits wrap at 9.
fn is_run(text: &str) -> bool {
    let follows = |a: char, b: char| u32::from(a) + 1 == u32::from(b) || (a == '9' && b == '0');
    let pairs = || text.chars().zip(text.chars().skip(1));
    pairs().all(|(a, b)| follows(a, b)) || pairs().all(|(a, b)| follows(b, a))
}

#[cfg(test)]
mod tests {
    //! The rules only. Hashing is tested in `password`.

    use proptest::prelude::*;

    use super::*;

    fn verdict(password: &str) -> Result<(), String> {
        check(&password.into(), "ann-lee", "ann.lee@example.org").map_err(|error| error.to_string())
    }

    #[test]
    fn length_counts_and_composition_does_not() {
        for fine in [
            "correct horse battery",
            "tuwzxq vbnmkj",
            "пароль из слов и пробелов",
            &"xy z!".repeat(25),
        ] {
            assert_eq!(verdict(fine), Ok(()), "{fine}");
        }
        for short in ["", "short", "elevenchars"] {
            assert!(verdict(short).unwrap_err().contains("at least 12"), "{short}");
        }
        for long in [&"a1b2".repeat(33), &"x".repeat(1 << 20)] {
            assert!(verdict(long).unwrap_err().contains("at most 128"), "{long:.20}");
        }
        assert!(verdict("with a \0 inside").unwrap_err().contains("control"));
    }

    #[test]
    fn weak_passwords_are_refused_for_what_they_are() {
        for (weak, reason) in [
            ("unbelievable", "a common password"),
            ("UNBELIEVABLE", "a common password"),
            ("qwerty123456", "a common password"),
            ("password1234", "common password"),
            ("P@ssw0rd!2024", "added or replaced"),
            ("123password!!!", "added or replaced"),
            ("dragondragon", "repetition of a common password"),
            ("aaaaaaaaaaaa", "repetition of a few"),
            ("abababababab", "repetition of a few"),
            ("abcdefghijklm", "sequence"),
            ("123456789012", "sequence"),
            ("9876543210987", "sequence"),
        ] {
            let message = verdict(weak).unwrap_err();
            assert!(message.contains(reason), "{weak}: {message}");
            assert!(!message.contains("; "), "{weak}: {message}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        for (weak, reasons) in [
            ("password", &["at least 12", "common"][..]),
            ("aaaa", &["at least 12", "repetition"]),
            ("xkqzv\u{7}", &["at least 12", "control"]),
            ("ann-lee", &["at least 12", "besides the username"]),
            ("Ann.Lee\0", &["at least 12", "control", "besides the username"]),
        ] {
            let message = verdict(weak).unwrap_err();
            assert_eq!(message.split("; ").count(), reasons.len(), "{weak}: {message}");
            for reason in reasons {
                assert!(message.contains(reason), "{weak}: {message}");
            }
        }
    }

    #[test]
    fn passwords_made_of_the_owners_names_are_refused() {
        for weak in [
            "ann-lee-2024",
            "ann.leeann.lee",
            "Ann.Lee@example.org",
            "1ann.lee@example.org2",
        ] {
            assert!(verdict(weak).unwrap_err().contains("besides the username"), "{weak}");
        }
        assert_eq!(verdict("ann-lee likes tea"), Ok(()));
    }

    proptest! {
        /// Repetitions, sequences and common passwords with digits around them are refused whatever their length, and the
        /// error never has the password.
        #[test]
        fn guessable_patterns_are_refused(
            unit in "[a-z]{1,4}",
            times in 3..32_usize,
            first in 0x4e00_u32..0x9000,
            length in 12..60_u32,
            common in proptest::sample::select(vec!["sunshine", "football", "Pr1nc3ss", "STARWARS"]),
            digits in "[0-9]{4,8}",
        ) {
            let run: String = (first..first + length).filter_map(char::from_u32).collect();
            for weak in [unit.repeat(times), run, format!("{digits}{common}{digits}"), format!("{common}!{digits}")] {
                let message = verdict(&weak);
                prop_assert!(message.is_err(), "{}", weak);
                prop_assert!(!message.unwrap_err().contains(&weak));
            }
        }
    }
}
