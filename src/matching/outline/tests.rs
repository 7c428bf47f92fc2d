//! Headings among other lines, and the section of each line.

use super::*;

fn read(text: &str) -> Vec<(SectionKind, &str)> {
    super::read(text)
        .into_iter()
        .map(|line| (line.section, &text[line.bytes]))
        .collect()
}

fn sections(text: &str) -> Vec<SectionKind> {
    let mut found: Vec<SectionKind> = read(text).into_iter().map(|(kind, _)| kind).collect();
    found.dedup();
    found
}

fn section(text: &str, wanted: &str) -> SectionKind {
    let found = read(text);
    let line = found
        .iter()
        .find(|(_, line)| line.trim_start_matches("- ") == wanted.trim_start_matches("- "));
    line.unwrap_or_else(|| panic!("{wanted:?} in {found:?}")).0
}

use SectionKind::{Aside, Education, Experience, Head, Other, Projects, Skills, Summary};

#[test]
fn headings_need_no_blank_lines() {
    let text = "Quill Placeholder\nSkills\nJava\nWelding\nWork\nSite Engineer, Oak Ltd\nEducation\nBSc Physics\nReferences\nOn request";
    assert_eq!(sections(text), [Head, Skills, Experience, Education, Aside]);
}

#[test]
fn the_end_of_a_sentence_is_no_heading() {
    let text = "Experience\nSite Engineer, Oak Ltd, 2015 - 2019\n- Built seven road bridges of steel for the county and met all the\n\
                requirements.\n- Led crews with much\nexperience\nJunior Engineer, Beam Ltd, 2011 - 2014\n";
    assert!(
        read(text).iter().all(|(kind, _)| *kind == Experience),
        "{:?}",
        read(text)
    );
}

#[test]
fn items_of_lists_are_no_headings() {
    let text = "Skills\n\u{2022} Communication\n\u{2022} Training\n\u{2022} Education\n\u{2022} Project management\n";
    assert_eq!(read(text).len(), 4);
    let text = "SKILLS\nCommunication Skills\nTraining\nPresentations\nLeadership\n\nEDUCATION\nBSc\n";
    assert_eq!(read(text).len(), 5, "{:?}", read(text));
}

#[test]
fn headings_of_a_job_do_not_close_the_history() {
    let text = "WORK HISTORY\n\nSite Engineer, Oak Ltd\nJan 2015 - Dec 2019\nKey Achievements:\n- Built seven bridges\n\
                Technologies:\nAutoCAD\n\nJunior Engineer, Beam Ltd\nJan 2011 - Dec 2014\n- Drew plans\n\nEDUCATION\n\nBSc\n";
    let lines = read(text);
    let section = |wanted: &str| lines.iter().find(|(_, line)| *line == wanted).map(|(kind, _)| *kind);
    assert_eq!(section("Junior Engineer, Beam Ltd"), Some(Experience), "{lines:?}");
    assert_eq!(section("BSc"), Some(Education));
}

#[test]
fn labels_apply_to_their_line() {
    let text = "Work\nSite Engineer, Oak Ltd, 2015 - 2019\nTechnologies: AutoCAD, Revit\nLed crews of nine people in all weathers.\n\n\
                Languages: English, German\n";
    let kinds: Vec<SectionKind> = read(text).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [Experience, Skills, Experience, Skills]);
}

#[test]
fn unknown_headings_open_another_section() {
    for heading in ["## Sailing", "SAILING", "Sailing\n-------"] {
        let text = format!("EXPERIENCE\n\nBuilt bridges\n\n{heading}\n\nCrossed the sea\n");
        assert_eq!(sections(&text), [Experience, Other], "{heading}");
    }
    for line in [
        "HOLLOW OAK LTD\nJan 2015 - Dec 2019",
        "SITE ENGINEER\nBuilt roads",
        "OAK UNIVERSITY\nBuilt roads",
    ] {
        let text = format!("EXPERIENCE\n\nBuilt bridges\n\n{line}\n");
        assert_eq!(sections(&text), [Experience], "{line}");
    }
    assert_eq!(
        sections("**Quill Placeholder**\nSite Engineer\n\nWork\nBuilt roads\n"),
        [Head, Experience]
    );
}

#[test]
fn what_follows_decides_some_headings() {
    assert_eq!(sections("Highlights\nJava\nSQL\n"), [Skills]);
    assert_eq!(
        sections("Highlights\nBuilt all the bridges of the county within nine years of work.\n"),
        [Summary]
    );
    assert_eq!(
        sections("Professional Background\nSite Engineer, Oak Ltd\nJan 2015 - Dec 2019\n"),
        [Experience]
    );
}

#[test]
fn a_side_column_comes_first() {
    let text = "Contact\nwww.profile.example/quill\n\nTop Skills\nAutoCAD\nRevit\n\nLanguages\nEnglish (Native or Bilingual)\n\n\
                Certifications\nChartered Engineer\n\nQuill Placeholder\nSite Engineer at Hollow Oak\nLanewick, Ruritania\n\n\
                Summary\nBuilds bridges of steel.\n\nExperience\nHollow Oak\nSite Engineer\nJanuary 2018 - Present (5 years 2 months)\n\
                Lanewick, Ruritania\nBuilt seven bridges.\n\nEducation\nLanewick University\nBSc Civil Engineering, (2010 - 2014)\n";
    for text in [text.to_owned(), text.replace("\n\n", "\n")] {
        let lines = read(&text);
        assert_eq!(
            sections(&text),
            [Aside, Skills, Education, Head, Summary, Experience, Education],
            "{lines:?}"
        );
        let head: Vec<&str> = lines
            .iter()
            .filter(|(kind, _)| *kind == Head)
            .map(|(_, line)| *line)
            .collect();
        assert_eq!(
            head,
            [
                "Quill Placeholder",
                "Site Engineer at Hollow Oak",
                "Lanewick, Ruritania"
            ]
        );
    }
}

#[test]
fn the_head_behind_a_side_column_begins_where_a_name_is_left_out() {
    let text = "Contactar\nLanewick\n\nAptitudes principales\nAutoCAD\n\nCertifications\nChartered Engineer\n\nIngeniera de \
                puentes\nRuritania\n\nExtracto\nBuilds bridges.\n\nExperiencia\nHollow Oak\nenero de 2018 - Present\n";
    let title = text.find("Ingeniera").unwrap();
    for (gaps, expected) in [
        (vec![title], vec![Aside, Skills, Education, Head, Summary, Experience]),
        (vec![], vec![Aside, Skills, Education, Summary, Experience]),
        (
            vec![text.find("AutoCAD").unwrap()],
            vec![Aside, Skills, Education, Summary, Experience],
        ),
    ] {
        let mut kinds: Vec<SectionKind> = super::read_without(text, &gaps)
            .iter()
            .map(|line| line.section)
            .collect();
        kinds.dedup();
        assert_eq!(kinds, expected, "{gaps:?}");
    }
}

#[test]
fn columns_with_headings_at_their_side_are_read() {
    let text = "Quill Placeholder\n\nEXPERIENCE\tSite Engineer, Oak Ltd\nJan 2015 - Dec 2019\n\nSKILLS\tAutoCAD, Revit\n\nPROJECTS\tA bridge\n";
    assert_eq!(sections(text), [Head, Experience, Skills, Projects]);
}

fn sentences_of(text: &str) -> Vec<(SectionKind, &str)> {
    super::sentences(text, &super::read(text))
        .into_iter()
        .map(|sentence| (sentence.section, &text[sentence.bytes]))
        .collect()
}

#[test]
fn headings_open_sections() {
    let text = "Data Engineer\n\nWORK EXPERIENCE\n• Built pipelines.\n• Ran Kafka e.g. for events. Led two people.\n\
                Technologies: Rust, SQL\nThen more work\n## Education\nBSc Physics";
    assert_eq!(
        sentences_of(text),
        [
            (SectionKind::Head, "Data Engineer"),
            (SectionKind::Experience, "Built pipelines."),
            (SectionKind::Experience, "Ran Kafka e.g. for events."),
            (SectionKind::Experience, "Led two people."),
            (SectionKind::Skills, "Rust, SQL"),
            (SectionKind::Experience, "Then more work"),
            (SectionKind::Education, "BSc Physics"),
        ]
    );
}

#[test]
fn wrapped_lines_are_one_sentence() {
    let text = "Built the ingestion of forty million events a day on Kafka and\nwrote its monitoring.\nNew line";
    assert_eq!(sentences_of(text).len(), 2, "{:?}", sentences_of(text));
}

#[test]
fn headings_of_few_capitals_are_read_below_finished_lines() {
    for (heading, kind) in [
        ("Expérience professionnelle", Experience),
        ("Experiencia laboral", Experience),
        ("Formación académica", Education),
        ("Work experience", Experience),
    ] {
        let text = format!("Profil\nGarde les comptes de deux villes.\n{heading}\nComptable, Oak, 2015 - 2019\n");
        assert_eq!(sections(&text), [Summary, kind], "{text}");
    }
    let text = "Formation\nBTS, Oak, 2010\nCompétences\nSage, Cegid, Excel\nCentres d'intérêt\nVoile\n";
    assert_eq!(sections(text), [Education, Skills, Aside]);
}

#[test]
fn a_line_below_a_list_and_above_a_gap_is_a_heading() {
    let text = "Certifications\n\n• SHRM-CP (2021)\nSystems\n\nBambooHR, Excel\n";
    assert_eq!(sections(text), [Education, Skills]);
}

#[test]
fn labels_among_skills_keep_their_line() {
    let text = "Toolbox\nLanguages: Go, Java\nTools: Kafka\n\nStudies\nBSc Physics\n";
    assert_eq!(sections(text), [Skills, Education]);
    assert!(read(text).contains(&(Skills, "Languages: Go, Java")));
}

#[test]
fn a_heading_below_each_job_does_not_close_the_history() {
    let text = "WORK EXPERIENCE\n\nOak Ltd\n\nMarch 2022 - Present\n\nSite Engineer\n\nHighlights\n\n\u{2022} Built seven bridges\n\
                \u{2022} Led crews\n\nBeam Ltd\n\nAugust 2018 - February 2022\n\nJunior Engineer\n\nHighlights\n\n\
                \u{2022} Drew plans\n\u{2022} Checked steel\n\nSKILLS\n\nRevit\n";
    assert_eq!(sections(text), [Experience, Skills], "{:?}", read(text));
}

#[test]
fn qualifications_from_schools_are_education() {
    let text = "Career History\n06/2021 - Present\tAccountant\nOak Ltd\n- Prepared entries\n\nQualifications\n\
                2021\tBachelor of Science Accounting, Hollow Oak University\n\nKey Skills\nExcel, Sage\n";
    assert_eq!(sections(text), [Experience, Education, Skills], "{:?}", read(text));
}

#[test]
fn languages_among_personal_details_are_skills() {
    for label in ["Languages Known", "Languages spoken", "Languages"] {
        let text = format!("Education\nBSc Physics\n\nPersonal Details\n{label}: French, Hindi\nOther\n");
        assert!(read(&text).contains(&(Skills, "French, Hindi")), "{:?}", read(&text));
    }
}

#[test]
fn a_heading_above_the_history_and_below_it_is_none_of_a_job() {
    for heading in ["Skills", "Summary", "Accomplishments"] {
        let text = format!(
            "{heading}\nTyping\nWork History\nClerk, Oak Ltd, 01/2014 - 05/2018\n- Managed invoices\n\
             Clerk, Beam Ltd, 01/2010 - 05/2013\n- Wrote letters\n{heading}\nanalyst, budget\nEducation\nBSc Physics\n"
        );
        assert_ne!(section(&text, "analyst, budget"), Experience, "{text}");
    }
}

#[test]
fn years_behind_a_heading_of_work_are_a_note() {
    let text = "Quill\n\nWORK EXPERIENCE: 11+ yrs\nClerk, Oak Ltd, 01/2014 - 05/2018\n- Managed invoices\n\n\
                Clerk, Beam Ltd, 01/2010 - 05/2013\n- Wrote letters\n";
    assert_eq!(section(text, "- Wrote letters"), Experience);
    let text = "Quill\n\nSkills: Typing\nExperience: 5 years\n";
    assert_eq!(section(text, "5 years"), Experience);
}

#[test]
fn a_heading_in_small_letters_opens_a_history_with_dates() {
    let text = "Education\nBSc Physics\nexperience\nClerk, Oak Ltd, 2015 - 2019\n";
    assert_eq!(sections(text), [Education, Experience]);
    let text = "Education\nBSc Physics with some\nexperience\nof bridges\n";
    assert_eq!(sections(text), [Education]);
}
