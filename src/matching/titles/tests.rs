//! Titles of all trades at their places. The words are tested in `occupations`.

use super::*;
use crate::matching::outline;

fn read(text: &str) -> Vec<&str> {
    titles(text, &outline::read(text))
        .into_iter()
        .map(|title| &text[title])
        .collect()
}

#[test]
fn titles_of_all_trades_are_found() {
    for title in [
        "HR Generalist",
        "Realtor",
        "Copywriter",
        "Line Cook",
        "RN",
        "Sous Chef",
        "Machine Learning Engineer II",
        "Head of People",
        "Co-Founder",
        "Bauingenieur",
        "Chef de projet",
        "Ingeniero civil",
        "Registered Nurse",
        "Owner",
        "VP of Sales",
        "Phlebotomist",
        "Full Stack Developer",
        "Member of Technical Staff",
        "CTO",
        "Senior Site Engineer (Contract)",
        "Customer Service Rep",
        "Barista",
        "Volunteer Coordinator",
        "HCA",
        "QS",
        "Office Mgr",
        "Sr Acct",
    ] {
        let bare = title.split(" (").next().unwrap();
        for text in [
            format!("Quill\n\nExperience\n{title}, Hollow Oak Ltd, Jan 2015 - Dec 2020\n- Kept order in an office.\n"),
            format!("Quill\n\nExperience\n{title}\nHollow Oak Ltd\nJan 2015 - Dec 2020\n- Kept order in an office.\n"),
            format!(
                "Quill\n\nExperience\nHollow Oak Ltd | Lanewick\n{title} | Jan 2015 - Present\n- Kept order in an office.\n"
            ),
            format!("Quill\n\nExperience\nJan 2015 - Dec 2020\n{title}\nHollow Oak Ltd\n- Kept order in an office.\n"),
            format!(
                "Quill\n\nExperience\n01/2015 to 12/2020 {title} \u{2013} Hollow Oak Ltd\n- Kept order in an office.\n"
            ),
        ] {
            assert_eq!(read(&text), [bare], "{text}");
        }
    }
}

#[test]
fn each_job_has_one_title() {
    let text = "Experience\nSite Engineer\nOak Ltd, Lanewick\nJan 2018 - Present\n- Built bridges\n- Led crews\n\
                Junior Engineer\nBeam Ltd\nJan 2015 - Dec 2017\n- Drew plans\n";
    assert_eq!(read(text), ["Site Engineer", "Junior Engineer"]);
    let text = "Experience\nHollow Oak\nSite Engineer\nJanuary 2018 - Present (5 years 2 months)\nLanewick, Ruritania\nBuilt seven bridges.\n\
                Beam\nDraftsperson\nJanuary 2014 - December 2017 (4 years)\nLanewick, Ruritania\nDrew plans.\n";
    assert_eq!(read(text), ["Site Engineer", "Draftsperson"]);
}

#[test]
fn months_of_dates_on_two_lines_are_not_part_of_a_title() {
    let text = "Experience\nSeptember Class Teacher, Beacon School\n2019 - Present\n- Taught\n\
                Research Fellow Dec\nJanuary 2000 to December 2002 Beacon\n- Counted\n";
    assert_eq!(read(text), ["Class Teacher", "Research Fellow"]);
}

#[test]
fn a_label_may_be_in_a_column_of_its_own() {
    let text = "Experience\nOrganisation\t: M/s Oak & Co., Chartered Accountants\nDesignation\t: Accounts Assistant\n\
                Duration\t: From 01-08-2012 To 30-05-2017\n- Kept books\n";
    assert_eq!(read(text), ["Accounts Assistant"]);
}

/// Whatever the labels of the title and of the other lines.
#[test]
fn labels_tell_titles_from_clients() {
    for label in ["Designation", "Position held", "Role", "Job Title"] {
        for other in ["Client", "Project", "Reporting to", "Organisation"] {
            for title in ["Site Engineer", "Technology Lead"] {
                let text = format!(
                    "Experience\nOrganisation: Oak Ltd, Lanewick    Duration: Aug'19 to Dec'20\n{label} : {title}\n\
                     {other}: European canal major\n- Built locks\n"
                );
                assert_eq!(read(&text), [title], "{text}");
            }
        }
    }
}

#[test]
fn sentences_and_firms_are_no_titles() {
    let text = "Experience\nOak Ltd, Jan 2015 - Dec 2019\n- Saw the state, nurse faculty funding bill in 2016 and 2017\n\
                - Provide training for new bankers 2016 - 2017\n";
    assert_eq!(read(text), Vec::<&str>::new());
    let text = "Experience\nOak Ltd, Jan 2015 - Dec 2019\n- Managed nine engineers in 2016\n- Trained managers.\n";
    assert_eq!(read(text), Vec::<&str>::new());
}

#[test]
fn letters_after_a_name_are_a_title_only_without_another() {
    for letters in ["RN", "RN, BSN", "RN BSN", "CNA", "EMT"] {
        let text = format!("{letters}\n\nExperience\nFloor Nurse, Hollow Oak, Jan 2015 - Dec 2020\n- Kept charts.\n");
        assert_eq!(read(&text), ["Floor Nurse"], "{text}");
        let text = format!("{letters} | Charge Nurse\n\nSkills\nCharting\n");
        assert_eq!(read(&text), ["Charge Nurse"], "{text}");
    }
    assert_eq!(read("RN, CCRN\n\nSkills\nCharting\n"), ["RN"]);
    assert_eq!(read("CEO\n\nSkills\nCharting\n"), ["CEO"]);
}

#[test]
fn a_sentence_of_the_profile_is_no_title() {
    let text = "Quill Placeholder\n\nBaker with a feeling for rye, nine years in two shops of one town.\n\nExperience\n\n\
                Head Baker Sep 2020 - Present\n- Baked bread\n";
    assert_eq!(read(text), ["Head Baker"]);
}

#[test]
fn sentences_that_tell_of_work_have_a_title() {
    for (line, title) in [
        ("Working as Office Manager in Tesco since March 2015.", "Office Manager"),
        (
            "Worked as Office Manager in Tesco, Leeds from March 2015 to May 2019.",
            "Office Manager",
        ),
        ("- Employed by Tesco as office manager, 2015-2019.", "office manager"),
        ("My last job was office manager at Tesco (2015-2019).", "office manager"),
        ("Tesco, Leeds. Office manager. 2015-2018.", "Office manager"),
        ("Cook 2016\u{2014}present.", "Cook"),
    ] {
        let text = format!("Quill\n\nWork Experience\n{line}\n");
        assert_eq!(read(&text), [title], "{text}");
    }
}

#[test]
fn deeds_in_a_job_are_no_titles() {
    let text = "Quill\n\nExperience\nSite Engineer, Oak Ltd, 2015 - 2019\n- Worked as part of a team from 2016 to 2017.\n\
                - Performs relief manager duties since 2016\nUsed ASP, HTML, and SQL Server 2000.\n\
                YoY improvement in every metric. Close rate of all account managers rose from 19% in 2015 to 32% in 2016. \n";
    assert_eq!(read(text), ["Site Engineer"]);
}
