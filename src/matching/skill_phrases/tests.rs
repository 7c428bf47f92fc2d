//! Tagging, reduction, merging and search. The accuracy is part of the evaluation.

use proptest::prelude::*;

use super::super::mention::Mention;
use super::super::words;
use super::*;

fn line<'a>(text: &'a str, words: &'a [words::Word], labels: &'a [Mention]) -> Line<'a> {
    Line::new(text, words, labels)
}

/// The texts that a whole line is reduced to.
fn reduced(text: &str) -> Vec<&str> {
    let words = words::words(text);
    let line = line(text, &words, &[]);
    let parts = reduce(&line, 0..words.len()).into_iter();
    parts.map(|part| &text[line.bytes(&part)]).collect()
}

/// The phrases that are found without a tagger.
fn cued(text: &str) -> Vec<&str> {
    let words = words::words(text);
    let line = line(text, &words, &[]);
    let found = phrases(&PhraseTagger::default(), &line, true).into_iter();
    found.map(|part| &text[line.bytes(&part)]).collect()
}

/// The label of a skill with this number, at these words.
fn label(words: &[words::Word], skill: u32, at: Range<usize>) -> Mention {
    Mention {
        skill,
        bytes: words[at.start].bytes.start..words[at.end - 1].bytes.end,
        words: at,
        everyday: false,
        acronym: false,
        labelled: false,
        certain: false,
    }
}

/// A line with its skills in brackets.
fn marked(text: &str) -> Example {
    let plain = text.replace(['[', ']'], "");
    let words = words::words(&plain);
    let mut spans = Vec::new();
    let (mut count, mut start) = (0, 0);
    for part in text.split_inclusive(['[', ']']) {
        count += words::words(part).len();
        match part.chars().next_back() {
            Some('[') => start = count,
            Some(']') => spans.push(start..count),
            _ => {}
        }
    }
    (features(&line(&plain, &words, &[])), labels(words.len(), &spans))
}

fn tagged(tagger: &PhraseTagger, text: &str) -> Vec<String> {
    let words = words::words(text);
    let line = line(text, &words, &[]);
    let spans = tagger.spans(&line).into_iter();
    spans.map(|span| text[line.bytes(&span)].to_owned()).collect()
}

#[test]
fn the_tagger_learns_from_a_few_examples() {
    let examples = [
        "Experience of [wound care] is required",
        "Experience of [bread baking] is required",
        "Knowledge of [pipe voicing] is required",
        "The ward is on the second floor",
        "Our team is kind and the pay is good",
    ]
    .map(marked);
    let tagger = PhraseTagger::learn(&examples, 1, 0.0);
    assert_eq!(
        tagged(&tagger, "Experience of tile laying is required"),
        ["tile laying"]
    );
    assert_eq!(tagged(&tagger, "The ward is kind"), Vec::<String>::new());

    let folder = tempfile::tempdir().unwrap();
    tagger.write(folder.path()).unwrap();
    let read = PhraseTagger::open(folder.path()).unwrap();
    for text in [
        "Experience of tile laying is required",
        "The ward is kind",
        "Knowledge of wound care",
    ] {
        assert_eq!(tagged(&read, text), tagged(&tagger, text), "{text}");
    }
}

#[test]
fn broken_weights_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for text in [
        "",
        "ff\t1\n",
        "xyz\t1\t2\n",
        "ff\t1\t2\t3\n",
        "ff\t1\tNaN\n",
        "ff\t1\t99999\n",
        "fffffffff\t1\t2\n",
    ] {
        let packed = zstd::bulk::compress(text.as_bytes(), 1).unwrap();
        std::fs::write(folder.path().join("phrases.tsv.zst"), packed).unwrap();
        let error = PhraseTagger::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("phrases.tsv.zst"), "{text:?}: {error}");
    }
    std::fs::write(folder.path().join("phrases.tsv.zst"), "not packed").unwrap();
    assert!(PhraseTagger::open(folder.path()).is_err());
}

#[test]
fn spans_are_reduced_to_what_a_recruiter_would_list() {
    for (text, wanted) in [
        ("Strong working knowledge of wound care", &["wound care"][..]),
        ("excellent telephone manner is required", &["telephone manner"]),
        (
            "delivering domiciliary care to individuals in their own homes",
            &["delivering domiciliary care"],
        ),
        (
            "Experience of planning lessons, marking essays",
            &["planning lessons", "marking essays"],
        ),
        ("knowledge management", &["knowledge management"]),
        ("Python, SQL and Excel", &["Python", "SQL", "Excel"]),
        (
            "written and verbal communication",
            &["written and verbal communication"],
        ),
        ("bank and supplier accounts", &["bank and supplier accounts"]),
        ("Full driving licence which is clean", &["Full driving licence"]),
        ("5-axis milling", &["5-axis milling"]),
        ("C++", &["C++"]),
        ("enthusiastic", &[]),
        ("enrolled", &[]),
        ("induct", &[]),
        ("busy", &[]),
        ("HS", &[]),
        ("a positive attitude", &[]),
        ("Bachelor's degree in nursing", &[]),
        ("three years", &[]),
        ("the team", &[]),
        ("provide services", &[]),
        ("experience", &[]),
        ("two family conferences a year", &["family conferences"]),
        ("hand washing", &["hand washing"]),
        (
            "upselling experience, and a certificate in tailoring",
            &["upselling", "certificate in tailoring"],
        ),
        ("without punishment", &[]),
        ("clients from consultation", &[]),
        ("Saturdays twice a month", &[]),
    ] {
        assert_eq!(reduced(text), wanted, "{text}");
    }
}

#[test]
fn cues_announce_skills() {
    for (text, wanted) in [
        (
            "You have experience with hoists, slings and bath lifts.",
            &["hoists", "slings", "bath lifts"][..],
        ),
        ("Proficient in reading music", &["reading music"]),
        ("Knowledge of phonics programmes is desirable", &["phonics programmes"]),
        ("We have twenty years of experience", &[]),
        ("We are skilled and kind", &[]),
    ] {
        assert_eq!(cued(text), wanted, "{text}");
    }
}

#[test]
fn tasks_are_abilities_without_a_tagger() {
    for (text, wanted) in [
        (
            "You will mentor college students on placement",
            &["mentor college students"][..],
        ),
        (
            "You'd sort out guest complaints before they grow",
            &["guest complaints"],
        ),
        ("Own the full sales cycle", &["full sales cycle"]),
        ("You will tell PMs what happened", &[]),
        ("You will keep them straight", &[]),
        ("You would love to hear from us", &[]),
        ("Work with physicians", &[]),
        ("Care for a group of five", &[]),
        ("You will go between four sites", &[]),
        ("Teach because it matters", &[]),
    ] {
        assert_eq!(cued(text), wanted, "{text}");
    }
}

#[test]
fn lists_and_beginnings_of_lines_name_skills() {
    for (text, wanted) in [
        (
            "Cares for rooftop units, split systems and air handlers",
            &["rooftop units", "split systems", "air handlers"][..],
        ),
        ("Meat and fish cookery to order", &["Meat and fish cookery"]),
        ("The kitchen is busy", &[]),
    ] {
        assert_eq!(cued(text), wanted, "{text}");
    }
}

#[test]
fn labels_are_widened_to_the_phrase_that_they_are_a_part_of() {
    for (text, of_label, wanted, labelled) in [
        (
            "records time in the computerized work order system",
            5..7,
            "computerized work order system",
            false,
        ),
        ("speaks Conversational Spanish", 2..3, "Spanish", true),
        ("knows make-up air units", 1..3, "make-up air units", false),
        ("does good welding", 2..3, "welding", true),
    ] {
        let words = words::words(text);
        let labels = [label(&words, 7, of_label)];
        let line = line(text, &words, &labels);
        let names = merge(&line, labels.to_vec(), Vec::new());
        assert_eq!(names.len(), 1, "{text}: {names:?}");
        assert_eq!(&text[line.bytes(&names[0].words)], wanted);
        assert_eq!(names[0].label.is_some(), labelled, "{text}");
    }
}

/// Whatever was found, on either side.
#[test]
fn things_beside_a_name_are_named_as_well() {
    for verb in ["Applies", "Teach", "Instrument"] {
        for (rest, known, wanted) in [
            (
                "lockout and arc flash procedures on every job",
                "lockout",
                &["arc flash procedures"][..],
            ),
            (
                "arc flash procedures and lockout on every job",
                "lockout",
                &["arc flash procedures"],
            ),
            ("lockout and record what was done", "lockout", &[]),
            ("lockout on arc flash procedures", "lockout", &[]),
            ("lockout and others", "lockout", &[]),
        ] {
            let text = format!("{verb} {rest}");
            let words = words::words(&text);
            let line = line(&text, &words, &[]);
            let taken: Vec<bool> = words.iter().map(|word| &text[word.bytes.clone()] == known).collect();
            let found = coordination::joined(&line, &taken).into_iter();
            let found: Vec<&str> = found.map(|range| &text[line.bytes(&range)]).collect();
            let wanted: Vec<&str> = wanted.to_vec();
            let whole = found.iter().zip(&wanted).all(|(found, wanted)| found.ends_with(wanted));
            assert!(found.len() == wanted.len() && whole, "{text}: {found:?}");
        }
    }
}

/// By any person, with or without an article.
#[test]
fn what_is_kept_in_a_state_has_its_verb() {
    for state in ["clean", "boring", "ready", "stocked"] {
        for task in ["keep deployments", "Keep the kitchen", "keeping our vans"] {
            let text = format!("{task} {state}");
            let words = words::words(&text);
            let line = line(&text, &words, &[]);
            let name = words.len() - 2..words.len();
            assert_eq!(abilities::widen(&line, name, 0..words.len()), 0..words.len(), "{text}");
        }
    }
}

#[test]
fn halves_of_a_name_are_completed() {
    for (text, span, wanted) in [
        ("Share the on-call rota weekly", 3..5, "on-call rota"),
        ("Mix, shape and bake bread", 0..2, "Mix, shape and bake bread"),
        (
            "Give administrative and clerical support today",
            0..2,
            "Give administrative and clerical support",
        ),
    ] {
        let words = words::words(text);
        let line = line(text, &words, &[]);
        let end = words.len() - usize::from(text.ends_with("today"));
        let whole = rules::complete(&line, &span, 0..end);
        assert_eq!(&text[line.bytes(&whole)], wanted);
    }
}

#[test]
fn labels_give_way_to_phrases_of_which_they_are_a_fragment() {
    // The text, the words of the label, those of the phrase, and what remains: the words, and whether the label does.
    for (text, of_label, of_phrase, wanted, labelled) in [
        (
            "keep the electronic patient record",
            2..3,
            2..5,
            "electronic patient record",
            false,
        ),
        ("managing data pipelines", 1..3, 0..3, "managing data pipelines", true),
        ("build tools in Excel spreadsheets", 3..4, 3..5, "Excel", true),
        ("use Trados Studio daily", 2..3, 1..3, "Trados Studio", false),
        ("work to ISO 9001 always", 2..3, 2..4, "ISO 9001", false),
        ("do wound care daily", 1..3, 1..3, "wound care", true),
        ("clinical wound care daily", 0..3, 1..3, "clinical wound care", true),
    ] {
        let words = words::words(text);
        let labels = [label(&words, 7, of_label)];
        let line = line(text, &words, &labels);
        let names = merge(&line, labels.to_vec(), vec![of_phrase]);
        assert_eq!(names.len(), 1, "{text}: {names:?}");
        assert_eq!(&text[line.bytes(&names[0].words)], wanted);
        assert_eq!(names[0].label.is_some(), labelled, "{text}");
    }
}

#[test]
fn names_of_one_skill_have_one_identity() {
    for (one, other) in [
        ("data pipelines", "building data pipelines"),
        ("Wound care", "wound care"),
        ("manage a caseload", "caseload management"),
    ] {
        assert_eq!(identity(one), identity(other), "{one}, {other}");
    }
    assert_ne!(identity("wound care"), identity("foot care"));
    assert_ne!(identity("managing"), identity("building"));
}

#[test]
fn phrases_are_found_in_any_inflection_near_each_other() {
    let text = "Inspected lifts monthly. Installation of lifts. Managed a busy caseload of forty families";
    let words = words::words(text);
    let sentences = [0..3, 3..6, 6..words.len()].into_iter().enumerate();
    let index = WordIndex::new(&words, sentences);
    for (phrase, wanted) in [
        ("inspect lifts", &["Inspected lifts"][..]),
        ("lift inspection", &["Inspected lifts"]),
        ("install lifts", &["Installation of lifts"]),
        ("managing caseloads", &["Managed a busy caseload"]),
        ("monthly installation", &[]),
        ("wound care", &[]),
        ("", &[]),
    ] {
        let found = index.find(&Needle::new(phrase, |_| 1.0)).into_iter();
        let found: Vec<&str> = found
            .map(|at| &text[words[at.start].bytes.start..words[at.end - 1].bytes.end])
            .collect();
        assert_eq!(found, wanted, "{phrase}");
    }
}

/// Whatever the verbs and the object.
#[test]
fn verbs_with_one_object_are_one_ability() {
    for (first, second, gerunds) in [
        ("train", "direct", "training and directing"),
        ("cut", "style", "cutting and styling"),
        ("install", "repair", "installing and repairing"),
    ] {
        for object in ["new machines", "the new machines"] {
            let text = format!("You will {first} and {second} {object} each week");
            let found = cued(&text);
            assert!(
                found
                    .iter()
                    .any(|one| one.starts_with(&format!("{first} and {second}"))),
                "{text}: {found:?}"
            );
            let words = words::words(&text);
            let line = line(&text, &words, &[]);
            let range = phrases(&PhraseTagger::default(), &line, true).swap_remove(0);
            assert!(
                super::label(&line, &range).starts_with(gerunds),
                "{text}: {}",
                super::label(&line, &range)
            );
        }
    }
    for (text, wanted) in [
        (
            "Recover, evacuate and charge refrigerant",
            "Recover, evacuate and charge refrigerant",
        ),
        (
            "Set up, break down and disinfect treatment rooms",
            "Set up, break down and disinfect treatment rooms",
        ),
    ] {
        assert!(cued(text).contains(&wanted), "{text}: {:?}", cued(text));
    }
}

#[test]
fn what_a_task_includes_or_ranges_over_is_named() {
    for (text, wanted) in [
        (
            "Lead a team of ten, including recruitment and rota planning",
            "recruitment",
        ),
        (
            "Look after your own clients from consultation to rebooking",
            "consultation",
        ),
        (
            "Look after your own clients from consultation to rebooking",
            "rebooking",
        ),
        ("You know how to greet guests, or know Cliniko", "Cliniko"),
    ] {
        assert!(cued(text).contains(&wanted), "{text}: {:?}", cued(text));
    }
    for text in [
        "Open from Monday to Friday",
        "Own deals from first call to signed contract",
        "Work from 9 to 5",
    ] {
        let found = cued(text);
        assert!(
            !found.iter().any(|one| ["Friday", "signed contract", "5"].contains(one)),
            "{text}: {found:?}"
        );
    }
}

/// The second object of a task of which the tagger marked the first.
#[test]
fn two_objects_of_a_verb_belong_to_one_task() {
    for (text, all) in [
        ("Estimates labor and materials for small projects", 4),
        ("Estimates labor and records parts", 2),
        ("Estimates labor on sites", 2),
    ] {
        let words = words::words(text);
        let line = line(text, &words, &[]);
        assert_eq!(coordination::with_objects(&line, 0..2, |_| true), 0..all, "{text}");
    }
}

/// Two spans of the tagger with nothing between them.
#[test]
fn parts_of_one_name_are_joined() {
    let words = words::words("first article inspection reports, tender plans");
    let text = "first article inspection reports, tender plans";
    let line = line(text, &words, &[]);
    let mut found = vec![0..2, 2..4, 4..6];
    coordination::join_parts(&line, &mut found);
    assert_eq!(found, [0..4, 4..6]);
}

proptest! {
    #[test]
    fn spans_lie_on_word_borders_and_never_overlap(
        text in "([A-Za-z0-9,.;:()/&+#'\u{2019}\u{2022}\u{e9}-]{1,9}| |\n|and|including|from| to |set up|experience with|knowledge of|\\PC){0,40}",
        duty: bool,
    ) {
        let words = words::words(&text);
        let line = line(&text, &words, &[]);
        let found = phrases(&TAGGER, &line, duty);
        for pair in found.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
        for range in &found {
            prop_assert!(range.start < range.end && range.end <= words.len());
            prop_assert!(text.get(line.bytes(range)).is_some());
        }
        let names = merge(&line, Vec::new(), found.clone());
        prop_assert_eq!(names.len(), found.len());
    }
}

/// A tagger that marks almost everything.
static TAGGER: std::sync::LazyLock<PhraseTagger> = std::sync::LazyLock::new(|| {
    let examples = ["[a b] c", "[Care] and [1 on-call] x", "knowledge of [it]"].map(marked);
    PhraseTagger::learn(&examples, 1, -20.0)
});
