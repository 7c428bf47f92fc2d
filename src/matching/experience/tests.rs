//! Years of resumes as they are laid out; the forms of dates are tested in `date`.

use super::super::outline;
use super::super::words::words;
use super::*;

const TODAY: Month = Month { year: 2026, month: 11 };

fn found(resume: &str) -> Option<f64> {
    let sentences: Vec<_> = outline::sentences(resume, &outline::read(resume))
        .into_iter()
        .map(|one| (one.bytes, one.section))
        .collect();
    read(resume, &sentences, TODAY).years
}

#[test]
fn required_years_of_a_sentence() {
    for (text, want) in [
        ("5+ years of experience", Some(5.0)),
        ("3 – 5 yrs", Some(3.0)),
        ("minimum 2 years Python and 7 years overall", Some(7.0)),
        ("must be 18 years of age", None),
        ("many years", None),
        ("Bachelor's with 7 years or PhD with 3", Some(7.0)),
        ("Bachelor's degree or 4 years of experience", None),
    ] {
        assert_eq!(years(text, &words(text)), want, "{text}");
    }
}

#[test]
fn what_is_dated_within_a_job_is_no_other_job() {
    for line in [
        "- using the Adobe Suite of tools since 1999",
        "- first woman in the role since 1972",
        "- digitised records 1950-1980",
        "- member of the union since 2001",
        "- audited the accounts for 2004 to 2014",
        "- Restored the papers of the town from 1642 to 1776",
        "Audited the accounts of the council for 2004 to 2014",
    ] {
        let resume =
            format!("Experience\nSite Engineer, Oak Ltd\nMar 2015 - Feb 2018\n{line}\n- Built bridges of steel.");
        assert_eq!(found(&resume), Some(3.0), "{resume}");
    }
    let listed = "Experience\n- Tesco, 2010 - 2012\n- Hollow Oak Ltd, 2012 - 2014";
    assert_eq!(found(listed), Some(4.0));
}

#[test]
fn a_leave_within_a_job_is_no_break_and_a_break_is_no_job() {
    for (entry, want) in [
        (
            "Grade 7, Home Office, Aug 2015 - Jul 2018 (incl. maternity leave 2017)",
            6.0,
        ),
        (
            "Career break\nMaternity/parental leave\nFeb 2017 - Dec 2018 (1 year 11 months)",
            3.0,
        ),
        ("Out of work, 2015 - 2018", 3.0),
        ("Cancer treatment and recovery, Jan 2015 - Dec 2016", 3.0),
    ] {
        let resume = format!("Experience\nSite Engineer, Oak Ltd\nJan 2010 - Dec 2012\n- Built bridges.\n\n{entry}\n");
        assert_eq!(found(&resume), Some(want), "{resume}");
    }
}

#[test]
fn years_are_the_union_of_work() {
    for (resume, want) in [
        (
            "Experience\nSite Engineer, Oak Ltd\nJan 2018 - Dec 2020\n- Built bridges.\n\nCareer break\nJan 2021 - Dec 2022\n\n\
             Teacher (maternity leave cover)\nJan 2023 - Dec 2023\n- Taught statics.",
            Some(4.0),
        ),
        (
            "Experience\nSite Engineer, Oak Ltd\nJan 2018 - Dec 2020\n- Built bridges.",
            Some(3.0),
        ),
        (
            "Experience\nSite Engineer, Oak Ltd, 2015 - 2019\n- Built bridges.",
            Some(4.0),
        ),
        (
            "Experience\nJan 2018 - Dec 2020 Site Engineer, Oak Ltd\n- Built bridges.",
            Some(3.0),
        ),
        (
            "Experience\nSite Engineer\tJan 2018 - Dec 2020\nOak Ltd\n- Built bridges.",
            Some(3.0),
        ),
        (
            "Experience\nSite Engineer, Oak Ltd\nJan 2018 -\nDec 2020\n- Built bridges.",
            Some(3.0),
        ),
        (
            "Experience\nJanuary 2018\nto\nDecember 2020\nSite Engineer, Oak Ltd\n- Built bridges.",
            Some(3.0),
        ),
        (
            "Experience\nSite Engineer (2015 - 2019)\n\nDraftsman (2013 - 2016)",
            Some(6.0),
        ),
        (
            "Experience\nSite Engineer, Oak Ltd, Jan 2018 - Dec 2020\n- Grew sales each year since 2011 with the team of nine people in all of the county and beyond it all.",
            Some(3.0),
        ),
        (
            "Experience\nSite Engineer, Jan 2018 - Dec 2020\n- Our firm has 40 years of experience.",
            Some(3.0),
        ),
        (
            "Education\nBSc, 2010 - 2014\n\nExperience\nSite Engineer, 2015 - 2019",
            Some(4.0),
        ),
        (
            "Summary\nEngineer with twenty-five years of experience in bridges.",
            Some(25.0),
        ),
        ("Summary\nEngineer with 18 months of experience in bridges.", Some(1.5)),
        (
            "Summary\nEngineer with 10+ years of experience.\n\nExperience\nSite Engineer, Jan 2018 - Dec 2020",
            Some(10.0),
        ),
        (
            "Summary\nEngineer of a firm with 90 years.\n\nExperience\nSite Engineer, Jan 2018 - Dec 2020",
            Some(3.0),
        ),
        (
            "Summary\nI am 45 years old.\n\nExperience\nSite Engineer, Jan 2018 - Dec 2020",
            Some(3.0),
        ),
        (
            "Experience\nSite Engineer, Oak Ltd (3 years)\nDraftsman, Beam Ltd (18 months)",
            Some(4.5),
        ),
        (
            "Experience\nSite Engineer, Oak Ltd\n2015 - 2018 (3 yrs 8 mos)",
            Some(44.0 / 12.0),
        ),
        (
            "Experience\nSite Engineer, Oak Ltd\nJan 2018 - Dec 2020 (3 yrs)",
            Some(3.0),
        ),
        ("Experience\nIntern, Oak Ltd, Jan 2018 (6 months)", Some(0.5)),
        ("Projects\nBridge of Lanewick, 2015 - 2019", Some(4.0)),
        (
            "Projects\nBridge of Lanewick, 2010 - 2019\n\nExperience\nSite Engineer, 2015 - 2019",
            Some(4.0),
        ),
        ("Experience\nTeacher, Lanewick High School, 2015 - 2019", Some(4.0)),
        ("Experience\nSite Engineer, May 2030 - June 2031", None),
        ("Skills\nWelding", None),
    ] {
        let got = found(resume);
        let same = match (got, want) {
            (Some(got), Some(want)) => (got - want).abs() < 1e-9,
            (got, want) => got.is_none() && want.is_none(),
        };
        assert!(same, "{resume:?}: {got:?}, want {want:?}");
    }
}

/// The header of a job, and the entry of another time.
fn beside_a_job(entry: &str) -> Option<f64> {
    found(&format!(
        "Experience\nOffice Manager, Oak Ltd, 2015 - 2018\n- Ran the office\n{entry}\n"
    ))
}

#[test]
fn times_without_work_are_no_work() {
    for entry in [
        "Travelled in Asia 2018 - 2020",
        "Travelling 2018 - 2020",
        "Looking for work 2018 - 2020",
        "Job seeking, 2018 - 2020",
        "Illness 2018 - 2020",
        "Redundant 2018 - 2020",
        "Backpacking 2018 - 2020",
        "Gap in employment 2018 - 2020",
        "Between jobs 2018 - 2020",
        "Full-time mum 2018 - 2020",
        "Housewife 2018 - 2020",
        "Home maker 2018 - 2020",
        "Stay home dad 2018 - 2020",
        "Raising children 2018 - 2020",
        "Caring for elderly parents 2018 - 2020",
        "Family care 2018 - 2020",
        "Maternity 2018 - 2020",
        "Full time student 2018 - 2020",
        "Prison sentence 2018 - 2020",
        "Student, University of Lanewick 2018 - 2020",
    ] {
        assert_eq!(beside_a_job(entry), Some(3.0), "{entry}");
    }
}

#[test]
fn work_that_is_near_such_times_is_work() {
    for entry in [
        "Travel agent, Beam Ltd 2018 - 2020",
        "Travelling salesman 2018 - 2020",
        "Beam Travel, 2018 - 2020",
        "Family support worker 2018 - 2020",
        "Maternity nurse 2018 - 2020",
        "Caring for residents, Beam House 2018 - 2020",
        "Prison officer 2018 - 2020",
        "Student adviser, Lanewick College 2018 - 2020",
        "Teacher (maternity cover) 2018 - 2020",
        "Beam Ltd\n2018 - 2020\n- Helped people of the town who were looking for work",
    ] {
        assert_eq!(beside_a_job(entry), Some(5.0), "{entry}");
    }
}

#[test]
fn work_in_a_long_sentence_counts_beside_a_job() {
    let told = "worked as bar manager at The Crown in Leeds between 2011 and 2014, ran a team of nine people";
    assert_eq!(beside_a_job(told), Some(6.0));
    let grew = "the whole team of nine people in the county grew sales each year between 2011 and 2014 and kept them";
    assert_eq!(beside_a_job(grew), Some(3.0));
}

#[test]
fn jobs_below_certificates_count() {
    let jobs = "Receptionist - Mediclinic - 2001 to 2007\nAnswering switchboard\nAdmin Clerk, City of Lanewick, Nov 2007 - Jan 2016\n\
                Typing of minutes\n";
    let years = found(&format!("Quill\n\nCertificates:\nFirst Aid Level 1\n{jobs}"));
    assert!(years.is_some_and(|years| (years - 14.25).abs() < 0.01), "{years:?}");
    assert_eq!(found("Quill\n\nCertificates:\nForklift licence, 2018 - 2023\n"), None);
}
