//! Periods generated from form, language, separator and months, which are read exactly.

use proptest::prelude::*;

use super::*;

const TODAY: Month = Month { year: 2026, month: 11 };

/// The names of the months, the words for "present", and those between the ends of a period.
type Words = ([&'static str; 12], &'static [&'static str], &'static [&'static str]);

const LANGUAGES: [Words; 14] = [
    (
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        &[
            "present",
            "Present",
            "PRESENT",
            "now",
            "Current",
            "today",
            "ongoing",
            "to date",
            "till date",
        ],
        &["to", "until", "till", "through"],
    ),
    (
        [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec",
        ],
        &["Present", "Now"],
        &["to", "thru"],
    ),
    (
        [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        &["heute", "jetzt"],
        &["bis"],
    ),
    (
        [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        &["aujourd'hui", "aujourd’hui", "à ce jour", "présent"],
        &["à", "jusqu'à"],
    ),
    (
        [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        &["actualidad", "la actualidad", "presente", "hoy"],
        &["a", "hasta"],
    ),
    (
        [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
        &["oggi", "presente", "in corso"],
        &["a", "al"],
    ),
    (
        [
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ],
        &["atual", "o momento", "hoje"],
        &["a", "até"],
    ),
    (
        [
            "januari",
            "februari",
            "maart",
            "april",
            "mei",
            "juni",
            "juli",
            "augustus",
            "september",
            "oktober",
            "november",
            "december",
        ],
        &["heden", "nu"],
        &["tot", "t/m"],
    ),
    (
        [
            "styczeń",
            "luty",
            "marzec",
            "kwiecień",
            "maj",
            "czerwiec",
            "lipiec",
            "sierpień",
            "wrzesień",
            "październik",
            "listopad",
            "grudzień",
        ],
        &["obecnie", "teraz"],
        &["do"],
    ),
    (
        [
            "январь",
            "февраль",
            "март",
            "апрель",
            "май",
            "июнь",
            "июль",
            "август",
            "сентябрь",
            "октябрь",
            "ноябрь",
            "декабрь",
        ],
        &["настоящее время", "по настоящее время", "сейчас"],
        &["по", "до"],
    ),
    (
        [
            "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım",
            "Aralık",
        ],
        &["halen", "günümüz"],
        &["ila"],
    ),
    (
        [
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ],
        &["nuvarande", "idag"],
        &["till och med"],
    ),
    (
        [
            "يناير",
            "فبراير",
            "مارس",
            "أبريل",
            "مايو",
            "يونيو",
            "يوليو",
            "أغسطس",
            "سبتمبر",
            "أكتوبر",
            "نوفمبر",
            "ديسمبر",
        ],
        &["الآن", "حتى الآن", "الحاضر"],
        &["إلى", "حتى"],
    ),
    (
        [
            "1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月",
        ],
        &["至今", "现在", "現在"],
        &["至"],
    ),
];

const FORMS: usize = 16;

/// One month in a form; forms from 6 on need no language.
fn point(form: usize, names: &[&str; 12], year: u32, month: u32) -> String {
    let name = names[month as usize - 1];
    let (short, ideograph) = (year % 100, name.ends_with('月'));
    match form {
        _ if ideograph && (form < 6 || form == 15) => format!("{year}年{name}"),
        0 => format!("{name} {year}"),
        1 => format!("{name}, {year}"),
        2 => format!("{} {year}", name.to_uppercase()),
        3 => format!("{name} '{short:02}"),
        4 => format!("{name}-{year}"),
        5 => format!("{year} {name}"),
        6 => format!("{year}-{month:02}"),
        7 => format!("{year}.{month:02}"),
        8 => format!("{year}/{month:02}"),
        9 => format!("{month:02}.{year}"),
        10 => format!("{month:02}/{year}"),
        11 => format!("{month}/{year}"),
        12 => format!("{month:02}/{short:02}"),
        13 => format!("{month:02}-{year}"),
        14 => format!("{year}年{month}月"),
        _ => format!("{name} of {year}"),
    }
}

const SIGNS: [&str; 14] = [
    " - ",
    " – ",
    " — ",
    " ‑ ",
    " ~ ",
    "–",
    " −\n",
    "\n– ",
    " -\u{a0}",
    "\u{2003}–\u{2003}",
    " -- ",
    "\n-\n",
    " → ",
    "～",
];
const BEFORE: [&str; 6] = [
    "",
    "Site Engineer, Hollow Oak Ltd, ",
    "Site Engineer\t",
    "(",
    "Hollow Oak Ltd | ",
    "Site Engineer\n",
];
const AFTER: [&str; 6] = ["", "\nHollow Oak Ltd", ")", ", Leeds", "\tLeeds", " | Leeds"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn periods_are_read_exactly(
        form in 0..FORMS, language in 0..LANGUAGES.len(), start in 1975 * 12u32..2026 * 12, length in 1u32..300,
        open in 0..8usize, sign in 0..SIGNS.len() + 4, around in (0..BEFORE.len(), 0..AFTER.len()),
    ) {
        let (names, present, words) = LANGUAGES[language];
        let last = (start + length - 1).min(TODAY.index());
        let written = |index: u32| point(form, &names, index / 12, index % 12 + 1);
        let open = present.get(open);
        let end = open.map_or_else(|| written(last), |word| (*word).to_owned());
        let between = SIGNS.get(sign).map_or_else(|| format!(" {} ", words[sign % words.len()]), |sign| (*sign).to_owned());
        let text = format!("{}{}{between}{end}{}", BEFORE[around.0], written(start), AFTER[around.1]);
        let found = Dates::read(&text, TODAY);
        prop_assert_eq!(found.periods.len(), 1, "{} {:?}", text, found);
        let until = if open.is_some() { TODAY.index() + 1 } else { last + 1 };
        prop_assert_eq!(&found.periods[0].months, &(start..until), "{}", text);
        prop_assert_eq!(found.periods[0].ongoing, open.is_some(), "{}", text);
    }

    #[test]
    fn years_are_read_exactly(from in 1960u32..2025, length in 1u32..40, sign in 0..SIGNS.len(), around in (0..BEFORE.len(), 0..AFTER.len())) {
        let until = (from + length).min(TODAY.year);
        let text = format!("{}{from}{}{until}{}", BEFORE[around.0], SIGNS[sign], AFTER[around.1]);
        let found = Dates::read(&text, TODAY);
        prop_assert_eq!(found.periods.len(), 1, "{} {:?}", text, found);
        prop_assert_eq!(&found.periods[0].months, &(from * 12..until * 12), "{}", text);
    }

    #[test]
    fn any_text_has_sound_dates(text in "([A-Za-z0-9 ./'–\\-\\n]|Jan|2018|to|since|present|年|月|5 years){0,60}") {
        let found = Dates::read(&text, TODAY);
        for period in &found.periods {
            prop_assert!(period.months.start < period.months.end && period.months.end <= TODAY.index() + 1);
            prop_assert!(text.get(period.bytes.clone()).is_some());
        }
        let spans = spans(&text);
        prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start), "{:?}", spans);
        let _ = durations(&text);
    }
}
