//! Dates of birth, ages and civil status that are an item by themselves.

use super::super::super::date;
use super::super::fold::fold;
use super::super::tables::TABLES;

/// Whether an item is a whole date on which a person can be born: `11/29/1992`, `24. Mai 1981`, `1992-11-29`.
pub(in super::super) fn is_birth_date(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([' ', '.', '/', '-', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let [first, second, third] = words.as_slice() else {
        return false;
    };
    let born = |year: &str| year.len() == 4 && year.parse().is_ok_and(|year: u16| (1930..=2012).contains(&year));
    let day = |word: &str| {
        let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end));
        let word = ordinal.unwrap_or(word);
        word.len() <= 2 && word.parse().is_ok_and(|day: u8| (1..=31).contains(&day))
    };
    let month = |word: &str| day(word) || date::is_date_word(&fold(word));
    born(third) && (day(first) && month(second) || month(first) && day(second))
        || born(first) && day(second) && day(third)
}

/// Age, civil status and citizenship as an item by themselves: `34 years`, `married`, `US citizen`.
pub(super) fn is_status(text: &str) -> bool {
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
