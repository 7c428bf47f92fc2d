//! Names only; `tests/it` shows that they are unique in the store.

use proptest::prelude::*;

use super::*;

/// Given names and family names in their own scripts, with the marks and joiners of their spelling.
const NAMES: &[(&str, &[&str])] = &[
    ("Latin", &["Zoë", "Đặng", "Łukasz", "Þórdís", "Nguyễn", "Gal·la"]),
    ("Greek", &["Γιώργος", "Ἀριστοτέλης"]),
    ("Cyrillic", &["Ольга", "Їжакевич", "Ђорђе"]),
    ("Armenian", &["Անահիտ", "Արտավազդ"]),
    ("Georgian", &["თამარ", "შოთა"]),
    ("Hebrew", &["דוד", "שָׂרָה", "ג׳ורג׳", "רמב״ם"]),
    ("Arabic", &["محمد", "فاطِمة", "علی\u{200c}رضا", "مهدی\u{200c}پور"]),
    ("Syriac", &["ܐܦܪܝܡ", "ܡܪܝܡ"]),
    ("Thaana", &["އަޙްމަދު", "ޢާއިޝަތު"]),
    ("Devanagari", &["देवदत्त", "श्रीनिवास", "प्रियंका", "कृष्ण"]),
    ("Bengali", &["রবীন্দ্রনাথ", "সুচিত্রা"]),
    ("Gurmukhi", &["ਗੁਰਪ੍ਰੀਤ", "ਸਿੰਘ"]),
    ("Gujarati", &["ગાંધી", "હર્ષદ"]),
    ("Odia", &["ଜଗନ୍ନାଥ", "ସୁଭଦ୍ରା"]),
    ("Tamil", &["தமிழ்ச்செல்வி", "கண்ணன்"]),
    ("Telugu", &["శ్రీనివాస్", "లక్ష్మి"]),
    ("Kannada", &["ವಿಶ್ವನಾಥ", "ಕೃಷ್ಣ"]),
    ("Malayalam", &["ശ്രീകുമാർ", "രാജന്\u{200d}"]),
    ("Sinhala", &["ශ්\u{200d}රී", "ප්\u{200d}රදීප්"]),
    ("Thai", &["สมศักดิ์", "กำพล", "ณัฐวุฒิ"]),
    ("Lao", &["ສົມພອນ", "ບຸນມີ"]),
    ("Khmer", &["សុខា", "ស្រីមុំ", "វិចិត្រ"]),
    ("Myanmar", &["ကျော်", "မြွှေ့", "အောင်ဆန်း"]),
    ("Tibetan", &["བསྟན་འཛིན", "སྒྲོལ་མ"]),
    ("Ethiopic", &["አበበ", "ኃይለ.ሥላሴ"]),
    ("Cherokee", &["ᏎᏉᏯ", "ᏣᎳᎩ"]),
    ("Canadian Aboriginal", &["ᐃᓄᒃ", "ᓄᓇᕗᑦ"]),
    ("Mongolian", &["ᠪᠠᠲᠤ", "ᠰᠣᠯᠣᠩᠭᠠ"]),
    ("Hiragana", &["さくら", "ゆうき"]),
    ("Katakana", &["サクラ", "ジョン・スミス", "ユーキ"]),
    ("Han", &["王伟", "司馬遷", "佐々木"]),
    ("Hangul", &["김철수", "박지성"]),
    ("Bopomofo", &["ㄨㄤˊㄨㄟˇ"]),
    ("N'Ko", &["ߛߟߏ", "ߡߊߡߊߘߎ"]),
    ("Tifinagh", &["ⴰⵎⵏⴰⵢ", "ⵜⵉⵏⵀⵉⵏⴰⵏ"]),
    ("Javanese", &["ꦱꦸꦏꦂꦤ", "ꦲꦂꦠ"]),
];

#[test]
fn names_in_all_scripts_are_accepted_in_every_form() {
    assert!(NAMES.len() >= 20);
    for (script, names) in NAMES {
        for name in *names {
            let accepted = username(name).unwrap_or_else(|error| panic!("{script} {name}: {error}"));
            let forms: [String; 4] = [
                name.nfd().collect(),
                name.nfkd().collect(),
                name.to_lowercase(),
                format!(" \u{3000}{name}\t"),
            ];
            for form in forms {
                assert_eq!(
                    username(&form).map(|name| name.id).ok().as_ref(),
                    Some(&accepted.id),
                    "{form}"
                );
                assert_eq!(username_id(&form).as_ref(), Some(&accepted.id), "{form}");
            }
        }
    }
}

#[test]
fn names_that_look_the_same_are_the_same() {
    for (typed, id) in [
        ("Ann", "ann"),
        ("ann ", "ann"),
        ("\u{a0}ann\n", "ann"),
        ("ＡＮＮ", "ann"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("σίσυφος", "σίσυφοσ"),
        ("Jose\u{301}", "josé"),
        ("x_1.y-2", "x_1.y-2"),
        ("علی\u{200c}رضا", "علیرضا"),
    ] {
        assert_eq!(username(typed).unwrap().id, id, "{typed}");
        assert_eq!(username_id(typed).unwrap(), id, "{typed}");
    }
    assert_eq!(username(" Ann ").unwrap().shown, "Ann");
}

#[test]
fn names_that_cannot_be_are_refused_with_every_reason() {
    let (length, letters, ends) = ("2 to 64", "only letters", "begin and end");
    let (marks, mixed) = ("combining marks after", "mix");
    for (typed, reasons) in [
        ("", &[length][..]),
        (" \t", &[length]),
        ("a", &[length]),
        ("a b", &[letters]),
        ("a\0b", &[letters]),
        (".ann", &[ends]),
        ("ann-", &[ends]),
        ("ann\u{b7}", &[ends]),
        ("\u{301}ann", &[ends]),
        ("!", &[length, letters, ends]),
        ("a@b", &[letters]),
        ("аdmin", &[mixed]), // the first letter is Cyrillic
        ("аd min-", &[letters, ends, mixed]),
        ("a\u{202e}b", &[letters]),
        ("a\u{200b}b", &[letters]),
        ("a\u{200c}b", &[letters]),
        ("a\u{200d}b", &[letters]),
        ("ann\u{200c}", &[letters, ends]),
        ("a\u{1160}b", &[letters]),
        ("a\u{34f}b", &[letters]),
        ("a\u{e0041}b", &[letters]),
        ("a\u{2215}b", &[letters]),
        ("🦀🦀", &[letters, ends]),
        ("x\u{323}\u{324}\u{325}\u{330}\u{331}\u{32d}\u{300}y", &[marks]),
        ("x\u{302}\u{302}y", &[marks]),
        ("e\u{301}\u{301}y", &[marks]),
        ("e\u{301}\u{323}\u{301}y", &[marks]),
        (&"a".repeat(65), &[length]),
        (&"é".repeat(1 << 20), &[length]),
    ] {
        match username(typed) {
            Err(Error::InvalidInput { path, message }) => {
                assert_eq!(path, "username");
                assert_eq!(message.split("; ").count(), reasons.len(), "{typed:.20}: {message}");
                for reason in reasons {
                    assert!(message.contains(reason), "{typed:.20}: {message}");
                }
            }
            other => panic!("{typed:.20}: {other:?}"),
        }
    }
}

#[test]
fn a_text_that_cannot_be_a_name_has_no_id() {
    for text in ["", "  ", "a\0b", "\u{200d}", &"a".repeat(BYTES + 1)] {
        assert_eq!(username_id(text), None, "{text:.20}");
    }
    // Hangul in the form of macOS, of the maximum length.
    let longest: String = "각".repeat(64).nfd().collect();
    assert_eq!(username(&longest).unwrap().shown, "각".repeat(64));
}

/// A name of letters of the listed names, with separators.
fn composed() -> impl Strategy<Value = String> {
    let all: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let parts = proptest::collection::vec(proptest::sample::select(all), 1..4);
    (parts, "[._-]?").prop_map(|(parts, separator)| parts.join(&separator))
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(text in prop_oneof!["\\PC{0,70}".boxed(), composed().boxed()]) {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
        if let Some(id) = username_id(&text) {
            prop_assert_eq!(username_id(&id), Some(id));
        }
        if let Ok(name) = username(&text) {
            prop_assert_eq!(username_id(&name.id), Some(name.id.clone()));
            prop_assert_eq!(username_id(&name.shown), Some(name.id.clone()));
            prop_assert_eq!(username_id(&text), Some(name.id));
            let again = username(&name.shown).map(|again| again.shown);
            prop_assert_eq!(again.ok(), Some(name.shown));
        }
    }

    #[test]
    fn a_name_signs_in_as_it_registered(
        name in composed(),
        before in "[ \\t\\n\u{a0}\u{3000}]{0,3}",
        after in "[ \\t\\n\u{a0}\u{3000}]{0,3}",
    ) {
        if let Ok(registered) = username(&name) {
            let typed = format!("{before}{}{after}", name.to_lowercase());
            prop_assert_eq!(username_id(&typed), Some(registered.id));
        }
    }
}
