//! Confusable names (UTS 39): names that look alike have a skeleton in common.

use std::sync::LazyLock;

use icu_properties::props::{CanonicalCombiningClass, SoftDotted};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;

use super::fold::fold;

/// Version of the skeletons: that of the Unicode data, and of [`skeletons`]. Stored skeletons of another version are
/// replaced.
pub(in crate::identity) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let (major, minor, patch) = unicode_security::UNICODE_VERSION;
    format!("{major}.{minor}.{patch}/2")
});

/// Returns the skeletons of a name, one or two. Names are confusable if they have one in common.
///
/// The first is that of the name as compared, without case. The second is that of the name as displayed, because letters
/// can look alike in one case only: `I` is like `l`, and `i` is not. Both are case-folded again, because the
/// prototypes of caseless letters can be capitals.
pub(in crate::identity) fn skeletons(name: &str) -> Vec<String> {
    let compared = caseless_skeleton(&fold(name));
    let displayed = caseless_skeleton(name);
    if compared == displayed {
        vec![compared]
    } else {
        vec![compared, displayed]
    }
}

fn caseless_skeleton(text: &str) -> String {
    skeleton(&fold(&skeleton(text)))
}

/// The skeleton of a text as displayed.
pub(in crate::identity) fn skeleton(text: &str) -> String {
    unicode_security::skeleton(&without_second_dots(text)).collect()
}

/// The text without dots above letters that have one: such a dot replaces the letter's own, so `i` with it looks like
/// `i`. `İ` is folded to this pair.
fn without_second_dots(text: &str) -> String {
    const DOT_ABOVE: char = '\u{307}';
    let soft_dotted = CodePointSetData::new::<SoftDotted>();
    let class = CodePointMapData::<CanonicalCombiningClass>::new();
    let mut letter = '\0';
    let is_visible = |c: &char| {
        if class.get(*c) == CanonicalCombiningClass::NotReordered {
            letter = *c;
        }
        *c != DOT_ABOVE || !soft_dotted.contains(letter)
    };
    text.nfd().filter(is_visible).collect()
}

#[cfg(test)]
mod tests {
    //! Skeletons only. That they are unique in the store is tested in `identity::tests::names`.

    use proptest::prelude::*;

    use super::*;

    fn confusable(one: &str, other: &str) -> bool {
        let others = skeletons(other);
        skeletons(one).iter().any(|skeleton| others.contains(skeleton))
    }

    #[test]
    fn names_that_look_alike_are_confusable() {
        for (one, other) in [
            ("admın", "ADMIN"),
            ("admın", "admin"),
            ("ᎪᎠᎷᎥN", "ADMIN"),
            ("ᎪᎠᎷᎥN", "admin"),
            ("ꭺꭰꮇᎥN", "admin"),
            ("АDМІN", "ADMIN"),
            ("аdmіn", "admin"),
            ("ADM1N", "ADMIN"),
            ("сосо", "coco"),
            ("СОСО", "coco"),
            ("rnary", "mary"),
            ("Ian", "lan"),
            ("0scar", "oscar"),
            ("ﬁnn", "finn"),
            ("a\u{200d}nn", "ann"),
            ("ADMİN", "admin"),
            ("admi\u{307}n", "ADMIN"),
            ("adm\u{131}\u{307}n", "admin"),
            ("j\u{307}an", "jan"),
            ("і\u{307}ван", "іван"),
        ] {
            assert!(confusable(one, other), "{one} and {other}");
            assert!(confusable(other, one), "{other} and {one}");
        }
    }

    #[test]
    fn other_names_are_not_confusable() {
        let names = [
            "ann",
            "anne",
            "anni",
            "hanna",
            "jose",
            "josé",
            "muller",
            "müller",
            "user1",
            "user2",
            "user10",
            "user11",
            "ann.lee",
            "ann-lee",
            "ann_lee",
            "annlee",
            "ольга",
            "олег",
            "王伟",
            "王芳",
            "さくら",
            "サクラ",
            "דוד",
            "محمد",
        ];
        for (n, one) in names.iter().enumerate() {
            for other in &names[n + 1..] {
                assert!(!confusable(one, other), "{one} and {other}");
            }
        }
    }

    proptest! {
        /// A name with letters replaced by others of the same skeleton, in either case, is confusable with the name.
        #[test]
        fn replaced_letters_do_not_make_another_name(
            name in "[a-z]{2,12}",
            places in proptest::collection::vec(0..4_usize, 12),
        ) {
            let replaced: String = name.chars().zip(places).map(|(c, place)| match (c, place) {
                ('a', 1) => 'а',
                ('c', 1) => 'с',
                ('e', 1) => 'е',
                ('i', 1) => 'ı',
                ('o', 1) => 'о',
                ('o', 2) => 'ο',
                ('p', 1) => 'р',
                ('x', 1) => 'х',
                ('s', 1) => 'ѕ',
                (c, 3) => char::from_u32(u32::from(c) - 0x61 + 0xff41).unwrap_or(c),
                (c, _) => c,
            }).collect();
            prop_assert!(confusable(&replaced, &name), "{} and {}", replaced, name);
        }

        #[test]
        fn the_spelling_of_the_id_is_confusable_with_the_name(name in "\\PC{1,20}") {
            prop_assert!(confusable(&name, &fold(&name)));
        }
    }
}
