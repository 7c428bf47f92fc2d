//! Names behind labels of both parts and in titles. Labels of one part are tested with the other labels in `redact`.

use super::super::resume;
use super::*;

/// Labels of both parts, each with a title that names the person and the heading of the personal data.
const LANGUAGES: [(&str, &[&str], &str, &str); 12] = [
    (
        "en",
        &[
            "Surname(s) / First name(s)",
            "First name(s) / Surname(s)",
            "Name / Surname",
            "First / Last name",
            "Name, Surname",
        ],
        "Curriculum vitae of",
        "Personal information",
    ),
    (
        "de",
        &[
            "Nachname(n) / Vorname(n)",
            "Nachname / Vorname",
            "Name, Vorname",
            "Nachname, Vorname",
            "Vor- und Nachname",
        ],
        "Lebenslauf von",
        "Angaben zur Person",
    ),
    (
        "fr",
        &["Nom(s) / Prénom(s)", "Prénom / Nom", "Nom et prénom"],
        "Curriculum vitæ de",
        "Informations personnelles",
    ),
    (
        "es",
        &[
            "Apellido(s) / Nombre(s)",
            "Nombre(s) / Apellido(s)",
            "Nombre y apellido",
        ],
        "CV de",
        "Información personal",
    ),
    (
        "it",
        &[
            "Cognome/Nome",
            "Nome / Cognome",
            "Cognome(i) / Nome(i)",
            "Cognome e nome",
        ],
        "Curriculum vitae di",
        "Informazioni personali",
    ),
    (
        "pt",
        &["Apelido(s) / Nome(s) próprio(s)", "Nome / Sobrenome"],
        "Curriculum vitae de",
        "Informação pessoal",
    ),
    (
        "nl",
        &[
            "Achternaam / Voornaam",
            "Achterna(a)m(en) / Voorna(a)m(en)",
            "Voor- en achternaam",
        ],
        "CV van",
        "Persoonlijke gegevens",
    ),
    (
        "pl",
        &["Nazwisko / Imię", "Nazwisko (-a) / Imię (imiona)"],
        "CV:",
        "Dane osobowe",
    ),
    (
        "sv",
        &["Efternamn / Förnamn", "För- och efternamn"],
        "CV för",
        "Personuppgifter",
    ),
    ("cs", &["Příjmení / Jméno", "Jméno a příjmení"], "CV:", "Osobní údaje"),
    ("ro", &["Nume / Prenume"], "CV:", "Informaţii personale"),
    ("el", &["Επώνυμο / Όνομα"], "CV:", "Προσωπικές πληροφορίες"),
];

/// What stands between a label and its value.
const BETWEEN: [&str; 5] = ["  ", ": ", "\t", "\n", " "];

#[test]
fn names_behind_labels_of_both_parts_go() {
    for (language, labels, title, heading) in LANGUAGES {
        for label in labels {
            for (at, between) in BETWEEN.iter().enumerate() {
                for (name, footer) in [
                    ("Kowalczyk Zdenka", false),
                    ("Vossberg-Lüders Dr. Zdenka", false),
                    ("Weaver Zdenka", false),
                    ("Weaver Zdenka", true),
                ] {
                    let footer = if footer {
                        format!("\n1/2 - {title} {name}\n")
                    } else {
                        String::new()
                    };
                    let text = format!(
                        "Europass\n\n{heading}\n{label}{between}{name}\nSkills / Tools  Looms\n\n{}\nOak Ltd, 2015 - 2019\n\
                         Award for {name}\n{footer}",
                        ["Experience", "Work"][at % 2]
                    );
                    let clean = resume(&text).clean;
                    for gone in name.split([' ', '-']).filter(|part| *part != "Dr.") {
                        assert!(!clean.contains(gone), "{language}: {gone} in {clean:?} of {text:?}");
                    }
                    for kept in ["Skills / Tools  Looms", "Oak Ltd, 2015 - 2019", "Award for"] {
                        assert!(clean.contains(kept), "{language}: {kept} not in {clean:?} of {text:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn names_in_titles_and_footers_go() {
    for title in [
        "Curriculum vitae of",
        "Resume of",
        "Résumé of",
        "Lebenslauf von",
        "CV de",
        "Curriculum vitæ de",
        "Curriculum vitae di",
        "Hoja de vida de",
        "CV van",
        "Seite 1 - Lebenslauf von",
        "Page 1 of 2 | Curriculum vitae of",
        "2/3 - Lebenslauf von",
        "Page 1 - Curriculum vitæ of\n",
    ] {
        for page in ["", "  Seite 2/3", " Seite 2/3", " | Page 2", "\t2/3"] {
            let text =
                format!("Weaver\n\nExperience\nOak Ltd, 2015 - 2019\nWove cloth.\n\n{title} Anna S. Vossberg{page}\n");
            let clean = resume(&text).clean;
            for gone in ["Anna", "Vossberg"] {
                assert!(!clean.contains(gone), "{gone} in {clean:?} of {text:?}");
            }
            for kept in [
                "Oak Ltd, 2015 - 2019",
                "Wove cloth.",
                page.trim_start_matches([' ', '|', '\t']),
            ] {
                assert!(clean.contains(kept), "{kept} not in {clean:?} of {text:?}");
            }
        }
    }
    let clean = resume("Experience\nOak Ltd\n\nCV d\u{2019}Anna Vossberg\n").clean;
    assert!(!clean.contains("Anna") && !clean.contains("Vossberg"), "{clean}");
}

#[test]
fn other_labels_with_a_slash_and_other_titles_stay() {
    for line in [
        "Skills / Tools  Python, SQL",
        "Skills / Tools: Python, SQL",
        "Skills / Tools\tPython Git",
        "Skills / Tools\nPython Git",
        "Languages / Frameworks: Java, Spring",
        "Kenntnisse / Werkzeuge: Python",
        "Company name / Product name: Oak Cloud",
        "First and last line support: Oak Ltd",
        "First / Last: Oak Ltd",
        "First Name / Last Name Matching",
        "Name / Type: Oak Cloud",
        "Curriculum of Computer Science",
        "Curriculum de Matemáticas",
        "Resume of Operations",
        "CV de Marketing",
        "Reviewed the CV of Applicants",
        "Resume for Oak Systems",
    ] {
        let text = format!("Experience\nOak Ltd, 2015 - 2019\n{line}\nWove cloth.\n");
        assert_eq!(resume(&text).clean, text);
    }
}

#[test]
fn the_parts_of_a_label_are_counted() {
    for (label, count) in [
        ("surname(s) / first name(s", 2),
        ("nazwisko (-a) / imie (imiona)", 2),
        ("first / middle / last name", 3),
        ("vor- und nachname", 2),
        ("nom", 1),
        ("name", 0),
        ("name / names", 0),
        ("name of company", 0),
        ("surname of", 0),
        ("first / last", 0),
        ("skills / tools", 0),
        ("(", 0),
        ("", 0),
    ] {
        assert_eq!(parts(label), count, "{label}");
    }
}
