//! Jobs below headings of certificates, skills and hobbies, and schools that are none.

use super::super::read;
use super::*;

fn sections(text: &str) -> Vec<(SectionKind, &str)> {
    read(text)
        .into_iter()
        .map(|line| (line.section, &text[line.bytes]))
        .collect()
}

fn section_of(text: &str, wanted: &str) -> SectionKind {
    let found = sections(text);
    let line = found.iter().find(|(_, line)| *line == wanted);
    line.unwrap_or_else(|| panic!("{wanted:?} in {found:?}")).0
}

use SectionKind::{Aside, Education, Experience, Projects, Skills};

const JOBS: &str = "Receptionist - Mediclinic - 2001 to 2007\nAnswering switchboard\n\
                    Admin Clerk, City of Lanewick, Nov 2007 - Jan 2016\nTyping of minutes\n";

/// Also the job that goes on, below the degree of the one who has it.
#[test]
fn jobs_that_go_on_below_other_headings_are_work() {
    for dates in [
        "May 2018 - present",
        "2018 - today",
        "03/2019 - now",
        "2018 -",
        "(2018 -)",
        "since 2018",
        "since May 2018",
        "seit 2018",
    ] {
        for before in [
            "Education\nBSc Economics, Oak University, 2013\n",
            "Certificates:\nFirst Aid Level 1\n",
        ] {
            let job = format!("Office manager, Oak Ltd, {dates}");
            let text = format!("Quill\n\n{before}\n{job}\n- Ran the office for 12 people\n");
            assert_eq!(section_of(&text, &job), Experience, "{text}");
        }
    }
}

#[test]
fn the_names_of_the_next_certificates_do_not_tell_of_a_job() {
    let text = "Quill\n\nExperience\nOffice Manager\nOak Ltd\nJan 2015 - Mar 2018\n\nLicenses & Certifications\n\
                Project Management Professional\nProject Management Institute\nJan 2019 - Jan 2025\nScrum Master One\n\
                Scrum Alliance\nFeb 2019 - Feb 2023\n";
    for line in [
        "Project Management Professional",
        "Jan 2019 - Jan 2025",
        "Scrum Alliance",
    ] {
        assert_eq!(section_of(text, line), Education, "{text}");
    }
    let jobs = "Quill\n\nCertificates\nFirst Aid 2014\n\nOffice Manager\nOak Ltd\nJan 2015 - Mar 2018\n\
                Ran the office for 12 people in Leeds\nCashier\nElm Ltd\nJan 2012 - Mar 2014\nServed at the till\n";
    assert_eq!(section_of(jobs, "Office Manager"), Experience, "{jobs}");
}

#[test]
fn jobs_below_other_headings_are_work() {
    for before in [
        "Certificates:\nFirst Aid Level 1\n",
        "Certificates:\nFirst Aid Level 1\n\n",
        "Education\nBA History, Oak University, 2001\n",
        "Licences\nPDP code 10\n",
        "Qualifications\nTyping 60 wpm\n",
        "Key skills\n- Typing\n- Filing\n",
        "Hobbies\nChess\n",
        "Referees\nAvailable\n",
        "Education\nBA History, Oak University, 2001\n\nPast roles\n",
    ] {
        let text = format!("Quill\n\n{before}{JOBS}");
        for line in JOBS.lines() {
            assert_eq!(section_of(&text, line), Experience, "{text}");
        }
    }
}

#[test]
fn a_title_above_its_dates_and_work_in_a_sentence_are_jobs() {
    let text = "Quill\n\nRelevant Training:\nNurse Assistant/Caregiver\nMedical Case Management - Lanewick - 2009 to 2011\n\
                Maintain and set up patient rooms\n";
    assert_eq!(section_of(text, "Nurse Assistant/Caregiver"), Experience);
    for told in [
        "Worked as receptionist at Mediclinic from 2001 to 2007.",
        "Employed by Oak Ltd as office manager, 2015-2019.",
    ] {
        let text = format!("Quill\n\nCertificates\nFirst Aid Level 1\n{told}\n");
        assert_eq!(section_of(&text, told), Experience, "{text}");
    }
}

#[test]
fn schools_and_certificates_stay_education() {
    let work = "Quill\n\nExperience\nSite Engineer, Oak Ltd, 2015 - 2019\n- Built bridges\n\n";
    for line in [
        "BSc Nursing, Oak University, 2010 - 2014",
        "Medical Assistant, Oak College, Jan 2010 - May 2011",
        "Certified Nursing Assistant, 2015 - 2019",
        "Registered Nurse, 2015 - 2025",
        "Apprentice electrician, JATC, Aug 2010 - May 2014",
        "Ausbildung zum Koch, Hotel Eiche, 2005 - 2008",
        "Civil Engineer, UNAM, 2005 - 2010",
        "First aider course, 2018 - 2021",
    ] {
        for behind in ["", "- Thesis on bridges\n", "GPA 3.8\n"] {
            let text = format!("{work}Education\n{line}\n{behind}");
            assert_eq!(section_of(&text, line), Education, "{text}");
            let text = format!("Quill\n\nEducation\n{line}\n{behind}");
            assert_eq!(section_of(&text, line), Education, "{text}");
        }
    }
}

#[test]
fn a_school_behind_a_job_ends_it() {
    let school = "Diploma in Law, Oak College, 2012 - 2014";
    let text = format!("Quill\n\nCertificates\nFirst Aid\n{JOBS}{school}\n");
    assert_eq!(section_of(&text, "Typing of minutes"), Experience);
    assert_eq!(section_of(&text, school), Education);
}

#[test]
fn skills_hobbies_and_referees_stay_beside_a_history() {
    let work = "Quill\n\nExperience\nSite Engineer, Oak Ltd, 2015 - 2019\n- Built bridges\n\n";
    for (heading, kind, line) in [
        ("Hobbies", Aside, "Coach, Lanewick FC, 2010 - 2014"),
        ("References", Aside, "Manager, Beam Ltd, 2010 - 2014"),
        ("Skills", Skills, "Project management, 2015 - 2018"),
        ("Memberships", Projects, "Member, Lanewick Guild, 2012 - 2014"),
        ("Certificates", Education, "Member, Lanewick Guild, 2012 - 2014"),
        ("Skills", Skills, "SQL Server 2000/2003"),
        ("Skills", Skills, "Typing"),
    ] {
        let text = format!("{work}{heading}\n{line}\n");
        assert_eq!(section_of(&text, line), kind, "{text}");
    }
}

#[test]
fn a_job_beside_a_heading_of_licences_is_work() {
    let text = "Quill\n\nWORK\tWarehouse operative, Oak Ltd\t03.2015 - 05.2019\n\nLICENCES\tForklift driver\t06.2019 - 08.2021\n";
    assert_eq!(section_of(text, "Forklift driver\t06.2019 - 08.2021"), Experience);
}
