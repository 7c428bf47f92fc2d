//! Postal addresses, places, ages and civil status at the head of a resume and beside its contact data.
//!
//! The place where a person lives is identity, the place of an employer is not: addresses and places are blanked at the
//! head, under a heading of contact data, and on lines with contact data; a labelled address everywhere.

use std::ops::Range;

use super::super::date;
use super::super::occupations;
use super::blanks::Blanks;
use super::fold::fold;
use super::layout::{Line, Zone, is_contact_heading, is_prose};
use super::name::{is_given, spaced_words};
use super::tables::{TABLES, is_work, names_job};

/// Blanks addresses and places. `masked` has the length of the text, and `\u{1}` for what is blanked already.
pub(super) fn addresses(masked: &str, layout: &[Line<'_>], blanks: &mut Blanks) {
    let of = |line: &Line<'_>| &masked[line.start..line.start + line.text.len()];
    let identity = |line: &Line<'_>| of(line).contains('\u{1}');
    let head = layout.iter().take_while(|line| line.zone != Zone::Body);
    let headed = layout.iter().take(1).position(|line| is_contact_heading(line.text));
    // Below a heading of contact data all is.
    let first = headed.or_else(|| head.clone().position(identity));
    let last = head
        .clone()
        .enumerate()
        .filter(|(_, line)| identity(line))
        .map(|(at, _)| at)
        .last();
    // Whether a line is of an address that ends or begins beside a line of contact data.
    let is_contact = |line: &Line<'_>| identity(line) && !of(line).contains(char::is_alphanumeric);
    let part = |line: &Line<'_>| {
        let text = of(line).trim();
        !line.heading && text.len() <= 64 && (is_address(text) || is_place(text) || is_town(text))
    };
    let is_letterhead = |at: usize| {
        let follows = |mut lines: Box<dyn Iterator<Item = &Line<'_>> + '_>| {
            lines.find(|line| !part(line)).is_some_and(&is_contact)
        };
        let (before, after) = layout.split_at(at);
        part(&layout[at]) && (follows(Box::new(before.iter().rev().take(2))) || follows(Box::new(after.iter().take(3))))
    };
    let mut street_above = false;
    for (at, line) in layout.iter().enumerate() {
        let text = of(line);
        if line.heading || is_prose(line.text) && !identity(line) {
            street_above = false;
            continue;
        }
        let near = line.zone == Zone::Contact
            || first.is_some_and(|first| at >= first) && last.is_some_and(|last| at <= last + 1);
        let beside = |other: Option<usize>| other.and_then(|at| layout.get(at)).is_some_and(&identity);
        let within = if line.zone == Zone::Contact {
            identity(line) || beside(at.checked_sub(1)) && beside(Some(at + 1))
        } else {
            last.is_some_and(|last| at <= last) && near
        };
        // Contact data that a layout puts between sections or at the end.
        let letterhead = line.zone == Zone::Body && is_letterhead(at);
        let zone = line.zone != Zone::Body;
        if !zone && !letterhead && !identity(line) {
            street_above = false;
            continue;
        }
        let pieces = pieces(text);
        let unknown = pieces
            .iter()
            .filter(|piece| is_unknown_place(&text[(*piece).clone()]))
            .count();
        let mut street = false;
        // A date beside other words is of work or of a licence.
        let lone = pieces.len() == 1 || identity(line);
        for piece in pieces {
            let written = &text[piece.clone()];
            let range = line.start + piece.start..line.start + piece.end;
            if is_address(written) || within && is_numbered(written) {
                street = true;
                add_address(range.start, written, blanks);
            } else if zone && (is_status(written) || lone && is_birth_date(written) || near && is_place(written))
                || within && unknown <= 1 && is_unknown_place(written)
                || street_above && at > 0 && (near || letterhead) && is_town(written)
            {
                // A postcode may follow in the next line.
                street |= street_above && zone;
                blanks.add(range);
            } else if street_above && near && is_postcode(written) {
                blanks.add(range);
            }
        }
        street_above = street;
    }
}

/// The items of a line, without commas as borders.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    let mut push = |range: Range<usize>| {
        let part = &text[range.clone()];
        let lead = part.len()
            - part
                .trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '#' | '(' | '\u{3012}'))
                .len();
        let bare =
            part[lead..].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '*' | '_' | '-' | ':'));
        if bare.contains(char::is_alphanumeric) {
            found.push(range.start + lead..range.start + lead + bare.len());
        }
    };
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let dash = matches!(c, '-' | '\u{2013}' | '\u{2014}') && before == ' ' && next == Some(' ');
        if matches!(
            c,
            '|' | '\u{2022}' | '\u{b7}' | '\t' | ';' | '\u{1}' | '\u{25cf}' | '\u{25aa}' | '\u{2666}'
        ) || dash
            || c == ' ' && before == ' '
        {
            push(start..at);
            start = at + c.len_utf8();
        }
        before = c;
    }
    push(start..text.len());
    found
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether a text has a street with a number, a postbox, or a postcode with a place.
pub(super) fn is_address(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(24).collect();
    let number = |word: &str| {
        let bare = bare(word);
        let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
        (1..=5).contains(&digits) && bare.len() <= digits + 3 && !is_year(bare)
            || bare.len() <= 9
                && digits > 0
                && bare.contains(['/', '-'])
                && bare
                    .chars()
                    .all(|c| c.is_ascii_digit() || c.is_alphabetic() || matches!(c, '/' | '-'))
                && !bare.split(['-', '/']).any(is_year)
    };
    let street = |word: &&str| {
        let low = fold(word.trim_end_matches([',', ';']));
        let low = low.trim_start_matches(|c: char| !c.is_alphanumeric());
        let bare = bare(low);
        (TABLES.street_words.contains(bare) || low.starts_with("c/")) && bare.len() >= 2
            || TABLES
                .street_endings
                .iter()
                .any(|ending| bare.len() > ending.len() + 2 && bare.ends_with(ending.as_str()))
    };
    if words.iter().any(|word| number(word))
        && words.iter().any(street)
        && words.len() <= 20
        && street_has_name(&words, &street)
    {
        return true;
    }
    let low = fold(text);
    let boxes = [
        "po box",
        "p.o. box",
        "p. o. box",
        "p.o.box",
        "post box",
        "postfach",
        "apartado",
        "caixa postal",
        "boite postale",
        "casella postale",
        "postbus",
        "apdo",
    ];
    if boxes.iter().any(|one| low.contains(one)) && low.contains(|c: char| c.is_ascii_digit()) {
        return true;
    }
    text.contains(['\u{3012}', '\u{865f}', '\u{53f7}', '\u{756a}'])
        && text.contains(|c: char| c.is_ascii_digit())
        && !text.contains(' ')
        || has_number_sign(text)
        || has_postcode(&words)
}

/// Chinese, Japanese and Korean addresses: 100号, 3丁目, 12길.
fn has_number_sign(text: &str) -> bool {
    let mut before = ' ';
    let mut signs = 0;
    for c in text.chars() {
        signs += usize::from(
            matches!(
                c,
                '路' | '街'
                    | '区'
                    | '區'
                    | '市'
                    | '省'
                    | '県'
                    | '縣'
                    | '都'
                    | '府'
                    | '町'
                    | '丁'
                    | '号'
                    | '號'
                    | '室'
                    | '楼'
                    | '로'
                    | '길'
                    | '동'
                    | '구'
                    | '시'
            ) && before.is_alphanumeric(),
        );
        before = c;
    }
    signs >= 2 && text.contains(|c: char| c.is_ascii_digit()) && text.chars().count() <= 48
}

/// `Drive 12 trucks` begins with a street's word, `Mill Drive 12` has a name before it.
fn street_has_name(words: &[&str], street: &impl Fn(&&str) -> bool) -> bool {
    let at = words.iter().position(street).unwrap_or(0);
    let word = fold(bare(words[at]));
    let english = [
        "st", "street", "road", "rd", "lane", "ln", "avenue", "ave", "drive", "dr", "court", "close", "way", "square",
        "place", "row", "park", "rise", "mount", "walk", "grove", "garden", "gardens", "circle", "quay", "unit",
        "floor", "block", "phase", "sector", "suite", "flat", "section", "ring", "way", "tie", "ter", "as", "cut",
        "trail", "line",
    ];
    let capital = |word: &&str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || !c.is_lowercase());
    if english.contains(&word.as_str()) {
        let named = at >= 1
            && capital(&words[at - 1])
            && words
                .iter()
                .all(|word| capital(word) || word.len() <= 3 || TABLES.street_words.contains(&fold(bare(word))));
        let numbered = words
            .get(at + 1)
            .is_some_and(|word| bare(word).starts_with(|c: char| c.is_ascii_digit()))
            && matches!(
                word.as_str(),
                "unit" | "flat" | "suite" | "block" | "sector" | "phase" | "floor"
            );
        return (named || numbered)
            && !words
                .iter()
                .any(|word| names_job(&fold(bare(word))) && !is_given(&fold(bare(word))));
    }
    true
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && word.bytes().all(|b| b.is_ascii_digit())
}

/// `LS1 4ZZ`, `10115 Berlin`, `Columbus, OH 43215`, `1017 CA Amsterdam`, `K1A 0B1`.
fn has_postcode(words: &[&str]) -> bool {
    if words.len() > 12 {
        return false;
    }
    let form = |word: &str| -> String {
        bare(word)
            .chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    '9'
                } else if c.is_ascii_uppercase() {
                    'A'
                } else {
                    c
                }
            })
            .collect()
    };
    let forms: Vec<String> = words.iter().map(|word| form(word)).collect();
    let capital = |at: usize| {
        words
            .get(at)
            .is_some_and(|word| bare(word).starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()))
    };
    for (at, own) in forms.iter().enumerate() {
        let next = forms.get(at + 1).map_or("", String::as_str);
        let outward = matches!(own.as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A");
        if outward && next == "9AA"
            || own == "A9A" && next == "9A9"
            || matches!(
                own.as_str(),
                "A9A9A9" | "A999999" | "9999AA" | "99-999" | "99999-9999" | "99999-999" | "999-9999"
            )
        {
            return true;
        }
        if own == "9999" && next == "AA" && !is_year(bare(words[at])) {
            return true;
        }
        let state = at > 0 && TABLES.region_codes.contains(bare(words[at - 1]));
        if state && own == "99999" {
            return true;
        }
        let five = matches!(own.as_str(), "99999" | "999999");
        let four = own == "9999" && !is_year(bare(words[at]));
        let named = |at: usize| capital(at) && !is_work(&fold(bare(words[at])));
        if words.len() <= 6
            && (five && (named(at + 1) || at > 0 && named(at - 1) && words.iter().any(|word| word.ends_with(',')))
                || four && (named(at + 1) || state))
            && words
                .iter()
                .all(|word| !word.starts_with(char::is_lowercase) || word.len() <= 3)
        {
            return true;
        }
    }
    false
}

/// Whether an item between contact data is an address in a language without known words for streets: a number and
/// names, nothing else.
fn is_numbered(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([' ', ',', '\u{a0}'])
        .map(bare)
        .filter(|word| !word.is_empty())
        .collect();
    let number = |word: &&str| {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        (1..=6).contains(&digits) && word.len() <= digits + 1 && !is_year(word)
    };
    let name = |word: &&str| {
        let low = fold(word);
        !word.starts_with(char::is_lowercase)
            && !is_work(&low)
            && !TABLES.skill_names.contains(&low)
            && !TABLES.academic.contains(&low)
            || TABLES.particles.contains(&low)
    };
    (2..=9).contains(&words.len())
        && words.iter().any(number)
        && !text.contains(['+', '%', ':', '&'])
        && words.iter().filter(|word| !number(word)).count() >= 1
        && words.iter().all(|word| number(word) || name(word))
        && words.iter().any(|word| !number(word) && word.chars().count() > 3)
}

/// Blanks an address, but neither an occupation nor a firm between its commas.
fn add_address(start: usize, text: &str, blanks: &mut Blanks) {
    let mut at = 0;
    for part in text.split_inclusive(',') {
        let from = at;
        at += part.len();
        let work = part.split_whitespace().any(|word| {
            let low = fold(bare(word));
            names_job(&low) && !TABLES.surname_words.contains(&low) && !TABLES.street_words.contains(&low)
                || is_firm(&low)
        });
        if !is_employer(part) && (!work || part.contains(|c: char| c.is_ascii_digit())) {
            blanks.add(start + from..start + at);
        }
    }
}

fn is_firm(word: &str) -> bool {
    matches!(
        word,
        "ltd" | "inc" | "gmbh" | "llc" | "plc" | "university" | "school" | "hospital" | "college"
    )
}

/// Whether a text is the name of an employer or a school that may be named after a street: `Centro de Salud La Alameda`.
fn is_employer(text: &str) -> bool {
    const KINDS: &str = "centro sanatorio clinica colegio escuela instituto universidad empresa banco fundacion ministerio \
        ayuntamiento farmacia residencia escola faculdade universidade prefeitura \
        ecole lycee hopital clinique universite entreprise societe mairie \
        ospedale scuola istituto azienda universita liceo \
        klinik klinikum krankenhaus schule gymnasium grundschule realschule hochschule universitat seniorenheim pflegeheim \
        apotheke ziekenhuis szpital szkola";
    let mut words = text.split_whitespace().map(|word| fold(bare(word)));
    words
        .find(|word| !word.is_empty())
        .is_some_and(|word| KINDS.split_ascii_whitespace().any(|kind| kind == word))
}

/// Whether a text is a known place: `Leeds, United Kingdom`, `Columbus, OH`, `New York`.
fn is_place(text: &str) -> bool {
    let mut parts = text
        .split([',', '/', '(', ')'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .peekable();
    if parts.peek().is_none() || text.split_whitespace().count() > 7 {
        return false;
    }
    let parts: Vec<&str> = parts.collect();
    let known = |part: &&str| {
        TABLES
            .places
            .contains(&fold(part.trim_matches(|c: char| !c.is_alphanumeric() && c != '.')))
    };
    let code = |part: &&str| TABLES.region_codes.contains(*part);
    let plain = |part: &&str| {
        is_capitalized(part)
            && !part
                .split_whitespace()
                .any(|word| is_work(&fold(bare(word))) && !TABLES.surname_words.contains(&fold(bare(word))))
    };
    match parts.as_slice() {
        [one] => known(one),
        [first, rest @ ..] => {
            rest.iter().any(|part| known(part) || code(part))
                && (known(first) || plain(first))
                && rest.iter().all(|part| known(part) || code(part) || plain(part))
        }
        [] => false,
    }
}

/// Whether an item beside contact data is a place, though no known one: `Lanewick`, `Lanewick, Ruritania`.
fn is_unknown_place(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([',', ' ', '/', '\u{a0}'])
        .map(bare)
        .filter(|word| !word.is_empty())
        .collect();
    let credential = |word: &str| {
        let word = word.replace('.', "");
        let word = word.as_str();
        TABLES.academic.contains(&fold(word))
            || word.len() <= 5 && word.chars().all(char::is_uppercase) && !TABLES.region_codes.contains(word)
    };
    let skill = |word: &str| TABLES.skill_names.contains(&fold(word));
    (1..=5).contains(&words.len())
        && is_capitalized(text)
        && !is_employer(text)
        && (TABLES.places.contains(&fold(text)) || !occupations::names_occupation(text))
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '&' | '+' | '@' | ':' | '#'))
        && !words.iter().any(|word| {
            let low = fold(word);
            (is_work(&low) && !TABLES.surname_words.contains(&low) || names_job(&low))
                && !TABLES.places.contains(&low)
                && !TABLES.particles.contains(&low)
                || credential(word)
                || skill(word)
                || TABLES.organisations.contains(&low) && !TABLES.particles.contains(&low)
                || TABLES.not_names.contains(&low)
                || word.chars().skip(1).any(char::is_uppercase) && word.contains(char::is_lowercase)
        })
}

/// Whether an item below a street is the rest of its address.
fn is_town(text: &str) -> bool {
    is_place(text)
        || is_unknown_place(text)
        || text.split_whitespace().count() <= 5
            && text.contains(|c: char| c.is_ascii_digit())
            && has_postcode(&text.split_whitespace().collect::<Vec<_>>())
}

fn is_capitalized(text: &str) -> bool {
    let mut any = false;
    for (_, word) in spaced_words(text) {
        let bare = bare(word);
        let low = fold(bare);
        if bare.starts_with(char::is_lowercase)
            && !TABLES.particles.contains(&low)
            && !matches!(low.as_str(), "on" | "upon" | "г" | "м")
        {
            return false;
        }
        any |= !bare.is_empty();
    }
    any
}

/// Whether an item is five or six digits, as postcodes of many countries are.
fn is_postcode(text: &str) -> bool {
    matches!(text.len(), 5 | 6) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether an item is a whole date on which a person can be born: `11/29/1992`, `24. Mai 1981`.
fn is_birth_date(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([' ', '.', '/', '-', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let [first, second, year] = words.as_slice() else {
        return false;
    };
    let born = year.len() == 4 && year.parse().is_ok_and(|year: u16| (1930..=2012).contains(&year));
    let day = |word: &str| word.len() <= 2 && word.parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    let month = |word: &str| day(word) || date::is_date_word(&fold(word));
    born && (day(first) && month(second) || month(first) && day(second))
}

/// Age, civil status and citizenship as an item by themselves: `34 years`, `married`, `US citizen`.
fn is_status(text: &str) -> bool {
    let low = fold(text.trim_matches(|c: char| !c.is_alphanumeric()));
    let words: Vec<&str> = low.split_whitespace().collect();
    if words.is_empty() || words.len() > 6 {
        return false;
    }
    let rest = words[1..].join(" ");
    let age = words[0].parse::<u8>().is_ok_and(|age| (14..=99).contains(&age))
        && matches!(
            rest.as_str(),
            "years"
                | "yrs"
                | "jahre"
                | "ans"
                | "anos"
                | "anni"
                | "jaar"
                | "lat"
                | "let"
                | "ar"
                | "лет"
                | "years old"
                | "y.o"
        );
    let status = words.iter().all(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        TABLES.marital.contains(word)
            || matches!(
                word,
                "single"
                    | "ledig"
                    | "verheiratet"
                    | "celibataire"
                    | "marie"
                    | "mariee"
                    | "soltero"
                    | "soltera"
                    | "casado"
                    | "casada"
                    | "celibe"
                    | "nubile"
                    | "sposato"
                    | "sposata"
                    | "solteiro"
                    | "solteira"
                    | "male"
                    | "female"
                    | "m"
                    | "f"
                    | "mannlich"
                    | "weiblich"
                    | "children"
                    | "kinder"
                    | "enfants"
                    | "hijos"
                    | "two"
                    | "three"
                    | "one"
                    | "child"
                    | "no"
                    | "kind"
                    | "with"
                    | "and"
            )
    }) && words.iter().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        !matches!(
            word,
            "m" | "f" | "two" | "three" | "one" | "no" | "kind" | "with" | "and" | "child" | "children"
        )
    });
    let citizen = words.len() <= 5
        && words
            .iter()
            .any(|word| matches!(*word, "citizen" | "citizenship" | "nationality"))
        || words.len() <= 3
            && words
                .last()
                .is_some_and(|word| matches!(*word, "national" | "passport"));
    age || status || citizen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_many_countries_are_found() {
        for address in [
            "12 Mill Lane, Lanewick LS1 4ZZ",
            "Hauptstr. 5, 10115 Berlin",
            "12 rue de la Paix, 75002 Paris",
            "Calle Mayor 3, 2º B",
            "PO Box 12, Lanewick",
            "84 Alder Court, Columbus, OH 43215",
            "ul. Lipowa 7/3, 00-950 Warszawa",
            "Via Roma 1, 20121 Milano",
            "Kerkstraat 12, 1017 CA Amsterdam",
            "Storgatan 4, 111 22 Stockholm",
            "Rua Augusta, 100, São Paulo",
            "1 High St",
            "Lindenweg 3a",
            "北京市朝阳区建国路100号",
            "〒100-0001 東京都千代田区1-1",
            "서울시 강남구 테헤란로 12",
            "Jl. Sudirman No. 5, Jakarta",
            "ул. Ленина, д. 5, кв. 7",
            "1200 Maple Avenue Apt 4B",
            "Flat 3, 22 Quay Street, Cork T12",
            "K1A 0B1",
        ] {
            assert!(is_address(address), "{address}");
        }
        for other in [
            "Drove 12 trucks a day on the road",
            "Led 5 teams",
            "Senior Data Engineer",
            "Worked in 10 countries",
            "2015 Best Chef",
            "Built 120 km of road",
            "Chef, 120 covers",
            "10 years of Java",
            "Bridge Street Hospital",
            "ISO 9001",
            "Way of working",
            "12 Angry Cooks",
        ] {
            assert!(!is_address(other), "{other}");
        }
    }

    #[test]
    fn places_are_told_from_titles_and_credentials() {
        assert!(is_place("Leeds, United Kingdom") && is_place("Columbus, OH") && is_place("Hà Nội, Việt Nam"));
        assert!(is_unknown_place("Lanewick") && is_unknown_place("Lanewick, Ruritania"));
        for other in [
            "Site Engineer",
            "CPA, PMP",
            "Data Platform",
            "Line Cook",
            "Centro de Salud La Alameda",
            "Lycée du Vieux Lavoir",
            "Klinikum Lanewick",
        ] {
            assert!(!is_place(other) && !is_unknown_place(other), "{other}");
        }
    }
}
