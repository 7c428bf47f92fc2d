//! Case folding, by which names and texts are compared.

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use unicode_normalization::UnicodeNormalization;

/// The maximum number of rounds until nothing changes; two suffice for almost every text.
const ROUNDS: usize = 4;

/// Unicode's `toNFKC_Casefold`: NFKC, case folding, and no invisible characters.
pub(in crate::identity) fn fold(text: &str) -> String {
    let mut folded = fold_once(text);
    for _ in 1..ROUNDS {
        let again = fold_once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

/// Without the removed characters, others can be composed.
fn fold_once(text: &str) -> String {
    let normal: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    caseless::default_case_fold_str(&normal).nfkc().collect()
}

/// Whether a character is not displayed (`Default_Ignorable_Code_Point`), such as a joiner or a variation selector.
pub(in crate::identity) fn is_invisible(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}
