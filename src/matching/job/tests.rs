//! What a posting asks for, by its lines. The kinds of lines have their own tests in `posting`, and years and degrees in
//! `experience` and `degrees`.

mod wording;

use std::path::Path;
use std::sync::LazyLock;

use super::*;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models")).unwrap());

fn read(text: &str) -> Job {
    Job::read(&LEXICON, text)
}

/// The requirements of a job with their need.
fn asked(job: &Job) -> Vec<(&str, Need)> {
    let requirements = job.requirements.iter();
    requirements
        .map(|one| (job.text[one.bytes.clone()].trim(), one.need))
        .collect()
}

fn skills(job: &Job) -> Vec<String> {
    job.skills.iter().map(|wanted| wanted.label.to_lowercase()).collect()
}

#[test]
fn unknown_headings_are_never_requirements() {
    let job = read(
        "Cabinet Maker\n\nThe bench\nYou build kitchens from oak.\n\nYour toolbox\nKnowledge of joints\nExperience with \
         AutoCAD\n\nLovely extras (not required)\nSketchUp\n\nPerks\nFree coffee",
    );
    let all = asked(&job);
    for heading in [
        "The bench",
        "Your toolbox",
        "Lovely extras (not required)",
        "Perks",
        "Free coffee",
    ] {
        assert!(all.iter().all(|(text, _)| *text != heading), "{heading}: {all:?}");
    }
    assert!(all.contains(&("SketchUp", Need::Nice)), "{all:?}");
    assert!(skills(&job).contains(&"autocad".to_owned()), "{:?}", skills(&job));
}

#[test]
fn parts_of_a_line_have_their_own_need() {
    let job = read("Analyst\n\nRequirements\n- Excel required, Tableau preferred\n- 2 years in audit (4+ preferred)");
    let all = asked(&job);
    assert!(all.contains(&("Excel required", Need::Must)), "{all:?}");
    assert!(all.contains(&("Tableau preferred", Need::Nice)), "{all:?}");
    assert_eq!(job.years(), Some(2.0));
}

#[test]
fn what_is_not_needed_is_not_asked_for() {
    let job = read(
        "Draughtsman\n\nRequirements\n- No experience with Revit is needed\n- This is not a Java role\n- No degree \
         required\n- Good knowledge of AutoCAD",
    );
    assert_eq!(asked(&job).len(), 1, "{:?}", asked(&job));
    assert!(job.degree().is_none());
    let skills = skills(&job);
    assert!(
        !skills.iter().any(|skill| skill == "revit" || skill.starts_with("java")),
        "{skills:?}"
    );
}

#[test]
fn years_of_the_firm_and_legal_text_ask_for_nothing() {
    let job = read(
        "Site Engineer\n\nRequirements\n- 2 years of work on bridges\n\nABOUT FENMOOR STEEL\nWe have built bridges for more \
         than 60 years.\n\nEqual opportunity\nWe do not discriminate on the basis of genetics, pregnancy, religion or age.",
    );
    assert_eq!(job.years(), Some(2.0));
    assert_eq!(asked(&job).len(), 1, "{:?}", asked(&job));
    assert!(
        skills(&job)
            .iter()
            .all(|skill| skill != "genetics" && skill != "pregnancy")
    );
}

#[test]
fn alternatives_in_lines_of_their_own_are_one_requirement() {
    let job = read(
        "Chemist\n\nRequirements\n- Bachelor's degree with 4 years of work; or\n- Master's degree with 2 years of work; or\n- \
         PhD\n- Good eyesight",
    );
    assert_eq!(job.degree().map(|asked| asked.level), Some(3));
    assert_eq!(job.years(), Some(4.0));
    assert!(asked(&job).iter().all(|(text, _)| *text != "or"), "{:?}", asked(&job));
}

#[test]
fn a_line_that_introduces_a_list_asks_for_its_years_and_degree() {
    let job = read(
        "Technician\n\nRequirements\nMinimum of 3 years of experience in the following:\n- Boilers\n- Heat pumps\n\n\
         Bachelor's degree in one of the following:\n- Engineering\n- Physics\n\nDriving licence",
    );
    assert_eq!(job.years(), Some(3.0), "{:?}", asked(&job));
    assert_eq!(job.degree().map(|asked| asked.level), Some(3), "{:?}", asked(&job));
    let all = asked(&job);
    assert!(all.iter().all(|(text, _)| *text != "Physics"), "{all:?}");
    assert!(all.contains(&("Boilers", Need::Must)), "{all:?}");
    assert!(all.contains(&("Driving licence", Need::Must)), "{all:?}");
}

#[test]
fn a_line_with_or_alone_joins_alternatives() {
    let job = read(
        "Registrar\n\nRequirements\n- Master's degree with 6 years of experience\n- OR\n- Bachelor's degree with 9 years of \
         experience\n",
    );
    assert_eq!(job.degree().map(|asked| asked.level), Some(3), "{:?}", asked(&job));
    assert!(asked(&job).iter().all(|(text, _)| *text != "OR"), "{:?}", asked(&job));
}

#[test]
fn the_firm_of_a_short_posting_is_not_asked_for() {
    for firm in [
        "Green Valley Dental Group",
        "Hollis & Grant LLP",
        "Sunrise runs three homes in Leeds.",
        "Leeds, West Yorkshire",
    ] {
        let job = read(&format!(
            "Bookkeeper\n{firm}\n\nYou will post invoices and reconcile the bank every week.\nYou will run the payroll.\n\n\
             Pay is \u{a3}14 an hour."
        ));
        let all = asked(&job);
        assert!(all.iter().all(|(text, _)| !firm.contains(text)), "{firm}: {all:?}");
        assert!(all.len() >= 2, "{firm}: {all:?}");
    }
}

#[test]
fn a_wrapped_list_after_a_label_is_split_into_items() {
    let job = read(
        "We restore organs in churches and concert halls.\n\nRequirements: 3 years in a workshop; good knowledge of wood; \
         strong\nknowledge of pipe voicing and of the repair of bellows; a driving licence.\n",
    );
    let texts: Vec<String> = asked(&job).iter().map(|(text, _)| text.replace('\n', " ")).collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert!(texts[2].starts_with("strong knowledge of pipe voicing"), "{texts:?}");
}

#[test]
fn the_title_is_found_behind_a_label() {
    for text in [
        "Job title: Tree Surgeon\n\nDuties\n- Climb trees",
        "Tree Surgeon\n\nDuties\n- Climb trees",
        "# Tree Surgeon\n\n## Duties\n- Climb trees",
    ] {
        let job = read(text);
        let title = job.title.map(|title| job.texts()[title.as_title].trim().to_owned());
        assert_eq!(title.as_deref(), Some("Tree Surgeon"), "{text}");
    }
}

#[test]
fn an_occupation_before_a_colon_is_part_of_the_title() {
    for title in ["Supervisor Driver: Grass Cutting", "Manager: Human Resources"] {
        let job = read(&format!("{title}\n\nDuties\n- Lead the team of nine"));
        let found = job.title.map(|title| job.texts()[title.as_title].trim().to_owned());
        assert_eq!(found.as_deref(), Some(title));
    }
}

#[test]
fn terms_after_a_title_are_left_out() {
    for (line, want) in [
        ("Store Manager, part-time", "Store Manager"),
        ("Tree Surgeon (crown work), full time", "Tree Surgeon (crown work)"),
        (
            "Chef de partie - sauce section - up to 38k",
            "Chef de partie - sauce section",
        ),
        ("Senior Hairdresser wanted, Fremantle", "Senior Hairdresser"),
        ("Nurse, Intensive Care", "Nurse, Intensive Care"),
        ("Brushes - a house of colour", "Brushes - a house of colour"),
    ] {
        assert_eq!(title::without_terms(line), want);
    }
}

/// What a web page has around a posting asks for nothing, wherever the posting was cut from it.
#[test]
fn the_rest_of_a_web_page_asks_for_nothing() {
    let posting = "Care assistant\n\nAbout the role\nYou will help residents wash, dress and eat\nKeep daily notes and report \
                   changes to the nurse\n\nYou need\nNVQ level 2 in care\nFull driving licence\n";
    let own = read(posting).requirements.len();
    assert_eq!(own, 4);
    let tops = [
        "Skip to main content\nHome > Jobs > Care > Care assistant\nSign in | Register\n\n",
        "This site uses cookies to improve your experience.\nAccept all\nCookie settings\n\n",
        "Home\nJobs\nCompanies\nMy profile\n\nApply now\nSave\nShare\n\n",
    ];
    let ends = [
        "\nShare this job\nFacebook\nTwitter\nLinkedIn\n",
        "\nApply now\n\nSimilar jobs\nSenior care assistant, Leeds\nSupport worker, Wakefield\nNight care assistant\n",
        "\nGet job alerts by email\nPrivacy policy\nTerms and conditions\n\u{a9} 2025 Careers site\n",
    ];
    for top in tops.into_iter().chain([""]) {
        for end in ends.into_iter().chain([""]) {
            let job = read(&format!("{top}{posting}{end}"));
            assert_eq!(job.requirements.len(), own, "{top:?} {end:?}: {:?}", asked(&job));
        }
    }
}

#[test]
fn headings_of_other_languages_are_read() {
    for (text, duty, must, nice) in [
        (
            "Buchhalter (m/w/d)\n\nIhre Aufgaben\n- Laufende Buchhaltung\n- Jahresabschl\u{fc}sse\n\nIhr Profil\n- \
             Kaufm\u{e4}nnische Ausbildung\n- Sicherer Umgang mit DATEV\n\nWir bieten\n- Homeoffice\n- 30 Tage Urlaub\n",
            2,
            2,
            0,
        ),
        (
            "Comptable\n\nVos missions\n- Tenue des comptes\n- D\u{e9}clarations fiscales\n\nProfil recherch\u{e9}\n- Bac+2\n- \
             Ma\u{ee}trise de Sage\n\nNous offrons\n- Titres restaurant\n",
            2,
            2,
            0,
        ),
    ] {
        let job = read(text);
        let count = |need: Need| job.requirements.iter().filter(|one| one.need == need).count();
        let found = [Need::Duty, Need::Must, Need::Nice].map(count);
        assert_eq!(found, [duty, must, nice], "{:?}", asked(&job));
    }
}

#[test]
fn a_list_of_tasks_is_one_requirement_of_several_texts() {
    let job = read(
        "Paralegal\n\nDuties\n- You will draft pleadings, talk to clients and manage the calendar\n- File motions\n",
    );
    assert_eq!(job.requirements.len(), 2);
    assert_eq!(job.requirements[0].texts.len(), 3);
    assert_eq!(job.requirements[1].texts.len(), 1);
}

/// As small firms write: shouted traits among what a resume can show.
const TRAITS: &str = "Barista wanted\n\nAbout us\nWe are a small roastery by the harbour and have been here since 2011.\n\nWhat you need\n\
    - MUST LOVE PEOPLE!\n- must be punctual\n- Positive attitude\n- One year behind an espresso machine\n- Able to work \
    weekends\n- Latte art\n";

#[test]
fn traits_are_told_apart_from_requirements() {
    let job = read(TRAITS);
    let traits: Vec<&str> = job.traits.iter().map(|bytes| &job.text[bytes.clone()]).collect();
    assert_eq!(traits, ["MUST LOVE PEOPLE!", "must be punctual", "Positive attitude"]);
    let texts: Vec<&str> = asked(&job).into_iter().map(|(text, _)| text).collect();
    assert_eq!(
        texts,
        [
            "One year behind an espresso machine",
            "Able to work weekends",
            "Latte art"
        ]
    );
    let conditions: Vec<bool> = job.requirements.iter().map(|one| one.condition).collect();
    assert_eq!(conditions, [false, true, false]);
    assert!(
        !skills(&job)
            .iter()
            .any(|skill| skill.contains("people") || skill.contains("weekend")),
        "{:?}",
        skills(&job)
    );
}

#[test]
fn a_licence_is_no_condition() {
    let job =
        read("Driver\n\nRequirements\n- Valid driver's license and clean driving record\n- Clean driving record\n");
    let conditions: Vec<bool> = job.requirements.iter().map(|one| one.condition).collect();
    assert_eq!(conditions, [false, true]);
}

/// A duty in a paragraph about the employer is one, and a line with a must and a wish is split.
#[test]
fn what_a_line_says_of_itself_goes_before_its_surroundings() {
    let job = read(
        "Hairdresser\n\nAbout us\nSalt and Shears is a busy salon of eight that has been on the same corner since 2009. As part \
         of our team you will cut, colour and style hair for regular clients.\n\nThe deal\n$34 an hour, Tuesday to Saturday\n\n\
         Good to know\nBarbering cert required, balayage is a bonus\n",
    );
    let all = asked(&job);
    let is = |text: &str, need: Need| all.iter().any(|(own, found)| own.contains(text) && *found == need);
    assert!(is("cut, colour and style", Need::Duty), "{all:?}");
    assert!(is("Barbering cert required", Need::Must), "{all:?}");
    assert!(is("balayage is a bonus", Need::Nice), "{all:?}");
    assert!(!all.iter().any(|(text, _)| text.contains("2009")), "{all:?}");
}

/// A posting without sections, as small shops write it.
#[test]
fn notes_without_sections_are_read_sentence_by_sentence() {
    let job = read(
        "Welder/Fabricator needed asap\nSmall shop in Hamilton looking for welder. Mostly mild steel & some stainless, MIG and TIG. Work \
         from drawings. Overhead crane. Forklift cert required, reach truck is a bonus. 3 yrs min. Must have own helmet and \
         boots. Be on time. $28-34 depending on test weld. Mon-Thu 6-4:30. No agencies please",
    );
    let all = asked(&job);
    let is = |text: &str, need: Need| all.iter().any(|(own, found)| own.contains(text) && *found == need);
    for text in ["mild steel", "Work from drawings", "Forklift cert", "3 yrs"] {
        assert!(is(text, Need::Must), "{text}: {all:?}");
    }
    assert!(is("reach truck", Need::Nice), "{all:?}");
    for text in ["Hamilton", "$28", "Mon-Thu", "agencies", "on time"] {
        assert!(!all.iter().any(|(own, _)| own.contains(text)), "{text}: {all:?}");
    }
    let own = job
        .requirements
        .iter()
        .find(|one| job.text[one.bytes.clone()].contains("own helmet"));
    assert!(own.is_some_and(|one| one.condition), "{all:?}");
}

#[test]
fn lists_of_requirements_are_split_at_commas() {
    let job = read(
        "Regional driver\n\nRequirements: Class A CDL, 12 months of driving, no more than 2 violations in 3 years, able to pass a drug \
         test. Hazmat endorsement a plus.\n\nWho may apply\nNew grads welcome to apply\n",
    );
    let texts: Vec<&str> = asked(&job).into_iter().map(|(text, _)| text).collect();
    for text in [
        "Class A CDL",
        "12 months of driving",
        "no more than 2 violations in 3 years",
    ] {
        assert!(texts.contains(&text), "{text}: {texts:?}");
    }
    assert!(!texts.iter().any(|text| text.contains("grads")), "{texts:?}");
}

#[test]
fn the_first_item_of_a_list_is_no_heading() {
    let job = read(
        "Front Desk / Receptionist - busy dental clinic\n\n\u{2022} Answer a 6-line phone\n\u{2022} Greet patients, check in and out\n\u{2022} \
         Schedule in Dentrix\n",
    );
    let texts: Vec<&str> = asked(&job).into_iter().map(|(text, _)| text).collect();
    assert!(texts.contains(&"Answer a 6-line phone"), "{texts:?}");
}

#[test]
fn a_rule_of_substitution_asks_for_no_degree() {
    let job = read(
        "Lock Keeper\n\nRequirements\n- A bachelor's degree in water\n- A master's degree may be substituted for one year of \
         work on a canal\n- Good knots\n",
    );
    assert_eq!(job.degree().map(|asked| asked.level), Some(3));
}

#[test]
fn a_posting_in_another_language_names_only_known_skills() {
    let job = read(
        "Bauzeichner (m/w/d)\n\nDein Profil\n- Sehr gute Kenntnisse in AutoCAD und Erfahrung mit Brücken aus Holz\n- \
         Mindestens drei Jahre Berufserfahrung in einem Büro für Wasserbau\n",
    );
    let skills = skills(&job);
    assert!(skills.iter().any(|skill| skill == "autocad"), "{skills:?}");
    assert!(
        !skills
            .iter()
            .any(|skill| skill.contains("kenntnisse") || skill.contains("jahre")),
        "{skills:?}"
    );
}

#[test]
fn a_list_in_one_line_is_read_item_by_item() {
    let text = "Lock Keeper\n\nRequired Skills: \u{2022} Two years of work on canals \u{2022} Licence to steer barges of any length \
                \u{2022} Splicing ropes and painting gates in all weathers. Preferred Skills: \u{2022} Repair of winches and gauges \
                \u{2022} Knowledge of fish ladders\n";
    let job = read(text);
    let asked = asked(&job);
    let need = |start: &str| {
        asked
            .iter()
            .find(|(text, _)| text.starts_with(start))
            .map(|(_, need)| *need)
    };
    assert_eq!(need("Two years of work"), Some(Need::Must), "{asked:?}");
    assert_eq!(need("Knowledge of fish"), Some(Need::Nice), "{asked:?}");
}
