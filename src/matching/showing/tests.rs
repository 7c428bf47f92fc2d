//! Names and abilities told apart, and what shows which.

use super::super::tests::matched;
use super::super::words;
use super::*;

/// What shows the part of a line that is called `name`, if the lexicon does not know it and the line is no task.
fn showing(line: &str, name: &str) -> Showing {
    shown_in(line, name, false)
}

fn shown_in(line: &str, name: &str, duty: bool) -> Showing {
    let words = words::words(line);
    let start = line.find(name).unwrap();
    let at = |byte: usize| words.partition_point(|word| word.bytes.start < byte);
    Style::new(line, &words).showing(&(at(start)..at(start + name.len())), false, false, duty)
}

#[test]
fn names_are_told_from_abilities_by_how_they_are_written() {
    for (line, name, want) in [
        ("Experience of Blue Yonder or Manhattan", "Manhattan", Showing::Name),
        ("Experience of Blue Yonder or Manhattan", "Blue Yonder", Showing::Name),
        ("Prometheus and Grafana", "Prometheus", Showing::Name),
        ("Welding and brazing", "Welding", Showing::Sentence),
        ("British Sign Language", "British Sign Language", Showing::Exact),
        ("knowledge of wound care", "wound care", Showing::Sentence),
        (
            "Wound Care and Patient Safety Training",
            "Patient Safety",
            Showing::Sentence,
        ),
        (
            "STRONG WOUND CARE AND PATIENT SAFETY",
            "PATIENT SAFETY",
            Showing::Sentence,
        ),
        ("use of AutoCAD", "AutoCAD", Showing::Name),
        ("a food hygiene certificate", "food hygiene certificate", Showing::Exact),
        ("fluent Spanish is needed", "fluent Spanish", Showing::Exact),
        ("polish the floors", "polish", Showing::Sentence),
    ] {
        assert_eq!(showing(line, name), want, "{line}: {name}");
    }
    let mixed = showing("keeping SAP records straight", "SAP records");
    assert_eq!(mixed.words().len(), 1, "{mixed:?}");
}

/// Who did a task knows what it names, but a task shows no language and no licence.
#[test]
fn in_a_task_only_languages_and_licences_need_their_names() {
    for (name, in_task) in [
        ("GNSS", Showing::Sentence),
        ("AutoCAD", Showing::Sentence),
        ("Blue Yonder", Showing::Sentence),
        ("Spanish", Showing::Exact),
        ("forklift licence", Showing::Exact),
    ] {
        assert_eq!(
            shown_in(&format!("working each day with {name}"), name, true),
            in_task,
            "{name}"
        );
        assert_ne!(
            showing(&format!("working each day with {name}"), name),
            Showing::Sentence,
            "{name}"
        );
    }
}

/// Whatever is asked for by name, and whatever else a resume says: a sentence about something else does not show it.
#[test]
fn no_unrelated_sentence_shows_what_has_a_name() {
    let names = [
        "Full driving licence",
        "Valid forklift licence",
        "NEBOSH certificate",
        "Fluent Spanish",
        "Conversational Somali",
        "British Sign Language",
        "Polish",
        "Salesforce",
        "Experience with Blue Yonder",
        "Use of AutoCAD",
        "Knowledge of QuickBooks",
        "Registered with the NMC",
    ];
    let sentences = [
        "I am able to clean this home and every other.",
        "Fluent in Portuguese and Greek.",
        "Yorkline Parcels in Leeds, with a view of the canal.",
        "Drove sales up by a third and steered the team through a merger.",
        "Polished the floors and the silver each week.",
        "Planned the accounts of nine clients in our own tables.",
        "Signed for parcels and lifted pallets with a pump truck.",
        "Spoke at two conferences about languages of birds.",
    ];
    for name in names {
        let job = format!("Assistant\n\nRequirements\n- {name}\n- Knows how to keep bees and to bottle honey\n");
        let told = sentences.join("\n- ");
        let resume = format!("Quill Placeholder\n\nExperience\nAssistant, Oak Ltd, 2015 - 2020\n- {told}\n");
        let found = matched(&resume, &job);
        let asked = found.requirements.iter().find(|one| one.text.contains(name));
        let asked = asked.unwrap_or_else(|| panic!("{name}: {:?}", found.requirements));
        assert!(!asked.met && asked.evidence.is_none(), "{name}: {asked:?}");
        let shown = found.skills.matched.iter().find(|one| name.contains(&one.skill.label));
        assert!(shown.is_none(), "{name}: {shown:?}");
    }
}

#[test]
fn a_name_in_a_list_of_skills_shows_it() {
    for (name, told) in [
        ("Fluent Spanish", "English, Spanish"),
        ("Good spoken Polish", "Polish (mother tongue), German"),
        ("Use of AutoCAD", "AutoCAD, Excel"),
    ] {
        let job = format!("Assistant\n\nRequirements\n- {name}\n- Knows how to keep bees and to bottle honey\n");
        let resume = format!(
            "Quill Placeholder\n\nExperience\nAssistant, Oak Ltd, 2015 - 2020\n- Kept bees and bottled honey for the town.\n\n\
             Skills\n{told}\n"
        );
        let found = matched(&resume, &job);
        let asked = found.requirements.iter().find(|one| one.text.contains(name)).unwrap();
        assert!(
            asked.met && asked.evidence.is_some(),
            "{name}: {asked:?} {:?}",
            found.skills
        );
    }
}
