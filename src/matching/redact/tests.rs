//! What is blanked and what is kept. That the score does not change is tested in `matching`.

mod beside;
mod forms;
mod initials;
mod personal_data;

use super::*;

#[test]
fn the_head_keeps_work_and_loses_the_person() {
    let text = "Zoë van der Berg | Senior Data Engineer\n12 Mill Lane, Leeds LS1 4AB\nzoe@example.org +44 20 7946 0958\n\n\
                Summary\nMs. Berg leads; her team trusts Zoë's plans. Born on 3 May 1980, aged 44. 44 years old.\n";
    let clean = resume(text).clean;
    for gone in [
        "Zo", "Berg", "Mill", "Leeds", "example", "7946", "Ms", "her ", "1980", "44",
    ] {
        assert!(!clean.contains(gone), "{gone} in {clean}");
    }
    for kept in ["Senior Data Engineer", "leads", "team trusts", "plans"] {
        assert!(clean.contains(kept), "{kept} not in {clean}");
    }
}

#[test]
fn a_name_goes_with_what_belongs_to_it() {
    for (name, family) in [
        ("Fatima Al-Farsi", "Al-Farsi"),
        ("Zoë van der Berg", "van der Berg"),
        ("Siobhán O'Neill", "O'Neill"),
        ("Ana de la Cruz", "De la Cruz"),
        ("Anne-Marie Le Gall", "Le Gall"),
    ] {
        let rest = "leads teams and trains them; all of this at la Scala.";
        let text = format!("{name}\n\nExperience\nMs. {family} {rest}\n{family} and {family}'s pupils\n");
        let clean = resume(&text).clean.replace('\u{fffc}', " ");
        let words: Vec<&str> = clean.split_whitespace().collect();
        let kept = "Experience leads teams and trains ; all of this at la Scala. and pupils";
        assert_eq!(words.join(" "), kept, "{name}");
    }
}

#[test]
fn years_of_work_are_not_a_phone_number() {
    let text = "Experience\n2010 2012 2015 2019\nChef, 01/2015 - 03/2019, 120 covers\n";
    assert_eq!(resume(text).clean, text);
}

#[test]
fn postings_lose_only_contacts() {
    let clean = job(
        "She will lead. Write to jobs@example.org or https://example.org/jobs\nContact: Quill Placeholder, Head of Sales\n",
    );
    assert!(clean.starts_with("She will lead. Write to "));
    assert!(
        !clean.contains("example") && !clean.contains("Quill") && clean.contains("Head of Sales"),
        "{clean}"
    );
}

/// The table of invented cultures and resumes.
#[derive(serde::Deserialize)]
struct Invented {
    cultures: Vec<[String; 7]>,
    heads: Vec<String>,
    bodies: Vec<[String; 2]>,
}

/// Words that belong to the family name behind them.
const PREFIXES: [&str; 11] = ["van", "der", "de", "ter", "von", "zu", "bin", "Ó", "ap", "Le", "Di"];

/// Lines of personal data, in ten languages.
const PERSONAL: [&str; 14] = [
    "born 3 May 1980 in Lanewick, married, two children, British, Catholic",
    "German citizen, single",
    "geb. 3.5.1980 in Lanewick, verheiratet, 2 Kinder, deutsch, evangelisch",
    "* 14. März 1985 | ledig | Staatsangehörigkeit: deutsch | Konfession: keine",
    "Née le 3 mai 1980, mariée, 2 enfants, nationalité française",
    "Casada, 1 hija, nacionalidad española",
    "Nato il 3/5/1980, coniugato, due figli, cittadinanza italiana",
    "Casado, dois filhos, nacionalidade portuguesa",
    "Geb. 03-05-1980, gehuwd, 3 kinderen, Nederlandse nationaliteit",
    "Żonaty, 2 dzieci, obywatelstwo polskie",
    "Женат, двое детей, гражданство России",
    "已婚",
    "Medeni hali: evli",
    "Nationality: Ruritanian, Religion: none",
];

fn families(list: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for word in list.split_whitespace() {
        let last = found.len() - 1;
        found[last] = format!("{} {word}", found[last]).trim().to_owned();
        if !PREFIXES.contains(&word) {
            found.push(String::new());
        }
    }
    found.pop();
    found
}

/// Fills a template for the `n`-th identity of a culture.
fn person(template: &str, title: &str, culture: &[String; 7], n: usize) -> String {
    let [_, given, family, format, address, phone, town] = culture;
    let given: Vec<&str> = given.split_whitespace().collect();
    let family = families(family);
    let pick = |n: usize| family.get(n % family.len().max(1)).map_or("", String::as_str);
    let (first, second) = (given[n % given.len()], given[(n / 2 + 1) % given.len()]);
    let (last, other) = (pick(n / 2), pick(n / 3 + 1));
    let parts = |c: char| match c {
        'G' => first.to_owned(),
        'H' => second.to_owned(),
        'F' => last.to_owned(),
        'S' => other.to_owned(),
        c => c.to_string(),
    };
    let mut name: String = format.chars().map(parts).collect();
    if n % 5 == 4 && !culture[0].starts_with("Turkish") {
        name = name.to_uppercase();
    }
    let last = if last.is_empty() { first } else { last };
    let letters = |name: &str| fold(name).chars().filter(char::is_ascii_lowercase).collect::<String>();
    let handle = format!("{}{}q{n}", letters(first), letters(last));
    let pronouns = [
        ["he", "him", "his", "He", "Mr"],
        ["she", "her", "her", "She", "Ms."],
        ["they", "them", "their", "They", "Mx"],
    ];
    let [he, him, his, capital, mr] = pronouns[n % 3];
    let values = [
        ("{name}", name.as_str()),
        ("{first}", first),
        ("{last}", last),
        (
            "{mail}",
            &format!(
                "{handle}@{}",
                ["mail.example", "placeholder.example", "example.org"][n % 3]
            ),
        ),
        ("{phone}", phone),
        ("{address}", address),
        ("{city}", town),
        ("{handle}", &handle),
        ("{he}", he),
        ("{him}", him),
        ("{his}", his),
        ("{He}", capital),
        ("{Mr}", mr),
        ("{birth}", ["3 May 1980", "14.07.1990", "1961-05-02"][n % 3]),
        ("{age}", ["19", "34", "61"][n % 3]),
        ("{personal}", PERSONAL[(n + culture[0].len()) % PERSONAL.len()]),
        ("{title}", title),
    ];
    values
        .iter()
        .fold(template.to_owned(), |text, (key, value)| text.replace(key, value))
}

/// More than five hundred identities of more than forty cultures, in sixty resumes, one of each culture in each. The parsed resume depends on the clean
/// text alone, so equal clean texts are equal resumes.
#[test]
fn the_clean_text_is_the_same_for_everyone() {
    let invented: Invented = toml::from_str(include_str!("identities.toml")).unwrap();
    assert!(invented.cultures.len() >= 40 && invented.heads.len() * invented.bodies.len() >= 60);
    let mut different = Vec::new();
    let templates = invented
        .heads
        .iter()
        .flat_map(|head| invented.bodies.iter().map(move |body| (head, body)));
    for (at, (head, [title, body])) in templates.enumerate() {
        let template = format!("{head}\n{body}");
        let expected = resume(&person(&template, title, &invented.cultures[0], 0)).clean;
        for culture in &invented.cultures {
            let text = person(&template, title, culture, at % 12);
            let clean = resume(&text).clean;
            if clean != expected {
                different.push(format!("{}: {text:?}\n    {clean:?}\n    {expected:?}", culture[0]));
            }
        }
    }
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different[..different.len().min(5)].join("\n")
    );
}

/// The reverse: without identity, nothing is blanked.
#[test]
fn the_text_of_a_link_in_markdown_stays() {
    let text = "Quill Placeholder\n\n## Skills\n[Kubernetes](https://kubernetes.example), [site reliability](https://sre.example)\n";
    let clean = resume(text).clean;
    assert!(
        clean.contains("[Kubernetes]") && clean.contains("[site reliability]"),
        "{clean}"
    );
    assert!(!clean.contains("sre.example"), "{clean}");
}

#[test]
fn work_stays() {
    for text in [
        "Site Engineer\n\nWork\nSite Engineer, Oak Ltd\nJan 2015 - Dec 2019\nDrew plans in AutoCAD\n",
        "HR GENERALIST\nSummary\nHires people.\n",
        "Copywriter\nProfile\nWrites copy for Jordan and Georgia, in Java, Ruby, Julia, Jenkins, Chef and Ada.\n",
        "Functional Resume Sample\nWelder\nSkills\nTIG welding, ISO 9001:2015, 12,500,000 parts, ISBN 978-3-16-148410-0\n",
        "CO-OWNER/EXECUTIVE CHEF\nExperience\nCo-owner/Executive Chef 03/2010 to 01/2017\nPrepared 120 covers at 14 Wall Street Grill, New York.\n",
        "Experience\nTaught a 10-year-old codebase to children of 5-8 years. Led a 23 year old sales firm. Care of mother and child.\n",
        "Experience\nLocation: Leeds\nWeb: HTML, CSS, React\nMobile: Swift, Kotlin\nContact: clients, vendors\nBI: Tableau, Power BI\nBSN: Oak University\n",
        "Education\nMD, Oak University, Boston, MA, 2010\nHIS and HER2 systems, Node.js, ASP.NET\n",
        "INFORMATION TECHNOLOGY SPECIALIST (WEB), GS-11\nSkills\nActive Listening\nGoal-oriented\nNational account management\n",
    ] {
        assert_eq!(
            resume(text).clean,
            text,
            "{:?}",
            resume(text)
                .redactions
                .iter()
                .map(|span| &text[span.clone()])
                .collect::<Vec<_>>()
        );
    }
}

/// A name that is also a trade, skill, place or month.
#[test]
fn a_name_that_is_a_word_goes_where_it_is_the_person() {
    for (name, work, kept) in [
        (
            "Jordan Cook",
            "Cook leads crews. Worked as a cook and Line Cook in Amman, Jordan. Cook meals daily. Thanks to Cook, and Cook's rota.",
            "Worked as a cook and Line Cook in Amman, Jordan. Cook meals daily.",
        ),
        (
            "Quill Java",
            "Java leads crews. Built services in Java and Ruby. Mr Java trained others.",
            "Built services in Java and Ruby.",
        ),
        (
            "Will April",
            "Will built bridges. I will build more. April 2019 to May 2020. We thank April for all.",
            "I will build more. April 2019 to May 2020.",
        ),
        (
            "Mason Baker",
            "Baker manages nine bakers. Head Baker, Oak Bakery. Hired as Mason. Mason Baker is known.",
            "Head Baker, Oak Bakery. Hired as Mason.",
        ),
    ] {
        let text = format!(
            "{name}\nquill@mail.example\n\nExperience\n- {}\n",
            work.replace(". ", ".\n- ")
        );
        let clean = resume(&text).clean;
        for sentence in kept.split_inclusive(". ") {
            assert!(clean.contains(sentence.trim()), "{sentence} not in {clean}");
        }
        let left = clean
            .lines()
            .filter(|line| !kept.split(". ").any(|kept| line.contains(kept.trim_end_matches('.'))));
        let left = left.collect::<Vec<_>>().join("\n");
        for part in name.split(' ') {
            assert!(!left.contains(part), "{part} in {left}");
        }
    }
}

#[test]
fn addresses_beside_contact_data_go_anywhere() {
    for address in [
        "8 Juniper Terrace, Millhaven, MH4 2TT",
        "Lindenstraße 12, 04999 Auenfurt",
        "31 Quay Street\nMillhaven, MH4 2TT",
    ] {
        let text = format!(
            "Quill Placeholder\nWelder\n\nSkills\nTIG\n\n{address}\n07700 900417\nquill@post.example\n\nEducation\nOak School\n"
        );
        assert_eq!(
            resume(&text).clean,
            "Welder\n\nSkills\nTIG\n\nEducation\nOak School\n",
            "{text}"
        );
    }
    let text = "Quill Placeholder\nWelder\n\nExperience\nWelder, 12 Mill Lane Works, 2015 - 2019\nBridges\n";
    assert!(resume(text).clean.contains("12 Mill Lane Works"));
}

#[test]
fn a_telephone_number_behind_a_postcode_goes() {
    let text = "Quill Placeholder\n440 Pine Drive, Ashgrove, GA 30399 - 404-555-0136 quill@post.example\nWelder\n";
    assert_eq!(resume(text).clean, "Welder\n");
}

#[test]
fn titles_between_contact_data_stay() {
    for title in [
        "Pflegefachfrau",
        "Welder",
        "محاسبة",
        "Comptable",
        "Sairaanhoitaja",
        "Enfermera",
    ] {
        let text = format!("Quill Placeholder\n{title}\n8 Oak Lane, Leeds\nquill@post.example\n");
        assert_eq!(resume(&text).clean.trim(), title);
    }
}

#[test]
fn letters_of_degrees_and_licences_stay_beside_a_name() {
    for (line, left) in [
        ("Anna Harrowgate, P.E.", "P.E."),
        ("Anna Placeholder, RN, CCRN-K", "RN, CCRN-K"),
        ("Anna Placeholder, Esq.", "Esq."),
        ("Anna-Louise O'Grady RN BSN CCRN", "RN BSN CCRN"),
        ("ANNA PLACEHOLDER RN XYZN", "RN XYZN"),
    ] {
        let text = format!("{line}\nStructural Engineer\nanna@post.example\n");
        let clean = resume(&text).clean;
        let begins = clean.trim_start_matches(['\u{fffc}', ' ']).starts_with(left);
        assert!(begins && !clean.to_lowercase().contains("anna"), "{clean}");
    }
    let clean = resume("Dipl.-Ing. Anna Placeholder\nBauleiterin\nanna@post.example\n").clean;
    assert!(clean.contains("Dipl.-Ing.") && !clean.contains("Anna"), "{clean}");
}

#[test]
fn handles_without_their_network_go() {
    let text = "Quill Zimmerplatz delos Placeholder\nTischlergeselle\n\nquillplaceholder\nquill-placeholder\nplaceholderq\n\
                placeholderz (GitHub)\n\nExperience\nquilling and placeholders of paper\n";
    let clean = resume(text).clean;
    for gone in ["quillp", "quill-", "placeholderq", "placeholderz", "delos"] {
        assert!(!clean.contains(gone), "{gone} in {clean}");
    }
    for kept in ["Tischlergeselle", "quilling and", "GitHub"] {
        assert!(clean.contains(kept), "{kept} not in {clean}");
    }
}

#[test]
fn employers_that_are_named_after_streets_stay_beside_contact_data() {
    for employer in [
        "Centro de Salud La Alameda",
        "Colegio La Alameda 12",
        "Klinikum am Ring 3",
    ] {
        let text = format!(
            "Quill Placeholder\nquill@post.example | +34 600 123 456 | {employer}\nCalle Mayor 3, 28001 Lanewick\n\nExperience\n\nNurse\n"
        );
        let clean = resume(&text).clean;
        assert!(clean.contains(employer) && !clean.contains("Mayor"), "{clean}");
    }
}

#[test]
fn a_town_beside_contact_data_is_not_the_name() {
    for name in ["Quill Q. Placeholder", "Quill Placeholder"] {
        let text = format!(
            "{name}\n\nqplace@post.example | San Luis Hill, CA\n\nEDUCATION\nHill State University, San Luis Hill, CA\n"
        );
        let clean = resume(&text).clean;
        assert!(
            !clean.contains("Placeholder") && clean.contains("University, San Luis Hill"),
            "{clean}"
        );
    }
}

#[test]
fn a_name_in_two_lines_of_a_column_goes_where_handles_spell_it() {
    let text = "WORK EXPERIENCE\n\nQuill\nPlaceholder\n\nCONTACT\n\nplaceholderquill@post.example\n\n\
                2019 - 2021\nSoftware Engineer\nLanewick Datamatics\n\nEDUCATION\nBSc Physics, 2018\n";
    let clean = resume(text).clean;
    assert!(!clean.contains("Quill") && !clean.contains("Placeholder"), "{clean}");
    assert!(clean.contains("Lanewick Datamatics"), "{clean}");
}

#[test]
fn what_is_below_a_heading_of_contact_data_goes() {
    let text = "Contact\n\n403 Larkspur Malhar ,Larkspur\nHeights ,Kandi West , Mumbai\n400067\n09920716258 (Mobile)\n\
                www.linkedin.com/in/quill-placeholder (LinkedIn)\n\nTop Skills\nWelding\n\nQuill Placeholder\nWelder at Hull Works\n";
    let clean = resume(text).clean;
    for gone in ["403", "Malhar", "Kandi", "400067"] {
        assert!(!clean.contains(gone), "{gone} in {clean}");
    }
    assert!(clean.contains("Welder at Hull Works"), "{clean}");
}

#[test]
fn a_date_of_birth_goes_without_a_label() {
    for date in ["11/29/1992", "29.11.1992", "29. November 1992"] {
        let text = format!(
            "Quill Placeholder\nWelder\nquill@post.example\n{date}\n\nExperience\n01/02/2013 - 05/06/2014\nWelder\n"
        );
        let clean = resume(&text).clean;
        assert!(!clean.contains("1992") && clean.contains("01/02/2013"), "{clean}");
    }
}

#[test]
fn dates_of_work_at_the_head_stay() {
    for line in [
        "03/01/2008 - 06/30/2012 Hull Works",
        "01.09.2001 \u{2013} 31.08.2004 | Hull Works",
    ] {
        let clean = resume(&format!(
            "Quill Placeholder\nWelder\nquill@post.example\n{line}\nWelded hulls\n"
        ))
        .clean;
        assert!(clean.contains("2004") || clean.contains("2008"), "{clean}");
    }
}

#[test]
fn a_degree_behind_a_name_is_not_the_code_of_a_region() {
    for degree in ["MD", "PA", "MS"] {
        let text = format!(
            "Lanewick Memorial\nQuill Placeholder, {degree}\n(555) 010-0142\n\nExperience\nWard, 2019 - 2022\n"
        );
        assert!(!resume(&text).clean.contains("Placeholder"), "{degree}");
    }
}

#[test]
fn pronouns_are_those_of_english() {
    let clean = resume("Resumen\nCook: he ran Sopa para Todos, arroz con amor, and she sang\n").clean;
    assert!(!clean.contains(" he ") && !clean.contains(" she "), "{clean}");
    let kept = "Projekte von der Idee her mit dem Team";
    assert!(resume(&format!("Profil\n{kept}\n")).clean.contains(kept));
    let kept = "Las redes en las que he adquirido barcos y he trabajado con gente";
    assert!(resume(&format!("Extracto\n{kept}\n")).clean.contains(kept));
    let clean = resume("Summary\nIn that year he adapted plans, met buyers, and her notes show it\n").clean;
    assert!(!clean.contains(" he ") && !clean.contains(" her "), "{clean}");
}
