//! What counts as evidence, and what the score and the gaps leave out.

use super::*;

/// Traits and conditions that are not shown change neither the score nor the counts, and are listed by themselves.
#[test]
fn what_resumes_do_not_show_is_not_counted() {
    let before = matched(NURSE, NURSE_JOB);
    let lines = [
        "Must be punctual",
        "Positive attitude and a sense of humour",
        "Must be 18 or over",
    ];
    let added = format!("QUALIFICATIONS\n• {}\n", lines.join("\n• "));
    let after = matched(NURSE, &NURSE_JOB.replace("QUALIFICATIONS\n", &added));
    for line in lines {
        assert!(
            after.open_questions.iter().any(|span| span.text.contains(line)),
            "{line}: {after:#?}"
        );
        assert!(after.gaps.iter().all(|gap| !gap.text.contains(line)), "{line}");
    }
    assert_eq!(after.requirements.len(), before.requirements.len());
    let requirements = |found: &ResumeMatch| {
        let mut parts = found.components.iter();
        parts
            .find(|part| part.kind == ComponentKind::Requirements)
            .map(|part| part.score)
    };
    assert_eq!(requirements(&after), requirements(&before));
    let letter = after.explain(Audience::Candidate);
    assert!(lines.iter().all(|line| letter.contains(line)), "{letter}");
}

/// What a short line asks for is one gap, not one for the line and one for each of its skills.
#[test]
fn a_short_line_is_one_gap() {
    for (resume, job) in RESUMES.into_iter().flat_map(|resume| JOBS.map(|job| (resume, job))) {
        let found = matched(resume, job);
        let of = |kind: GapKind| found.gaps.iter().filter(move |gap| gap.kind == kind);
        let short = of(GapKind::Requirement).filter(|gap| gap.text.split_whitespace().count() <= 12);
        let short: Vec<String> = short.map(|gap| phrase::words(&gap.text)).collect();
        for skill in of(GapKind::Skill) {
            let words = phrase::words(&skill.text);
            assert!(
                !short.iter().any(|line| phrase::contains(line, words.trim())),
                "{skill:?}"
            );
        }
    }
}

/// Claims without any work in them are evidence of nothing, wherever they are.
#[test]
fn claims_are_evidence_of_nothing() {
    let claims = [
        "Hard-working team player with a passion for excellence.",
        "Highly motivated and reliable professional with a positive attitude.",
        "Thrives under pressure in a fast-paced environment.",
    ];
    for (resume, job) in RESUMES.into_iter().zip(JOBS) {
        let before = matched(resume, job);
        for claim in claims {
            let (head, tail) = resume.split_at(resume.find("\n- ").or_else(|| resume.find("\n• ")).unwrap());
            let after = matched(&format!("{head}\n- {claim}{tail}"), job);
            assert!(
                (after.score - before.score).abs() < 1e-9,
                "{claim} {} {}",
                after.score,
                before.score
            );
        }
    }
}

/// Sentences in another language are evidence only if they share a word with what is asked.
#[test]
fn the_meaning_of_other_languages_is_not_compared() {
    let job = "Anlagenmechaniker (m/w/d)\n\nDein Profil\n- Führerschein Klasse B\n\
               - Erfahrung mit der Planung von Lüftungsanlagen in Schulen und Krankenhäusern\n";
    let resume = "Berufserfahrung\n- Bäder bei privaten Kunden komplett saniert, auch barrierefrei\n\
                  - Heizungen gewartet und Störungen behoben, mit Führerschein Klasse B und eigenem Wagen\n";
    let found = matched(resume, job);
    let evidence = |at: usize| found.requirements[at].evidence.as_ref().map(|span| span.text.as_str());
    assert!(
        evidence(0).is_some_and(|text| text.contains("Führerschein")),
        "{found:#?}"
    );
    assert_eq!(evidence(1), None, "{found:#?}");
    assert!(found.warnings.iter().any(|warning| warning.contains("in German")));
}

#[test]
fn dates_and_single_words_are_not_evidence() {
    let read = Resume::read(&LEXICON, CHEF, TODAY);
    let encoded = |text: &str| read.texts().iter().any(|other| &**other == text);
    assert!(encoded("Took care of allergen lists and of temperature records."));
    for nothing in ["2012 to 2014", "April 2020 to present", "January 2015 to March 2020"] {
        assert!(CHEF.contains(nothing) && !encoded(nothing), "{nothing}");
    }
    // A skill on a line of its own counts as named.
    let listed = format!("{CHEF}\n\nSkills\nTerraform\nSnowflake\n");
    let result = matched(&listed, ENGINEER_JOB);
    let labels: Vec<&str> = (result.skills.matched.iter())
        .map(|one| one.skill.label.as_str())
        .collect();
    assert!(
        labels.contains(&"Terraform") && labels.contains(&"Snowflake"),
        "{labels:?}"
    );
}

#[test]
fn a_pasted_posting_scores_low_and_is_reported() {
    for (own, resume) in RESUMES.into_iter().enumerate() {
        for (at, job) in JOBS.into_iter().enumerate() {
            let before = matched(resume, job);
            let skills = before.skills.matched.iter().map(|skill| &skill.skill.label);
            let skills = skills.chain(before.skills.missing.iter().map(|gap| &gap.skill.label));
            let keywords = skills.map(String::as_str).collect::<Vec<_>>();
            let body = job
                .lines()
                .filter(|line| line.starts_with(['-', '•']))
                .collect::<Vec<_>>()
                .join("\n");
            for paste in [
                keywords.join(", "),
                keywords.join(" "),
                format!("Keywords: {}", keywords.join(", ")),
                body.clone(),
                job.to_owned(),
            ] {
                let after = matched(&format!("{resume}\n{paste}\n"), job);
                let gain = after.score - before.score;
                assert!(gain <= 0.10, "resume {own}, job {at}: gains {gain:.3} by {paste:.60}");
                if own != at && paste.split_whitespace().count() > 20 {
                    assert!(
                        after.warnings.iter().any(|warning| warning.contains("stuffing")),
                        "{paste:.60} {:?}",
                        after.warnings
                    );
                }
            }
        }
    }
}

#[test]
fn more_evidence_lowers_only_the_occupation_component() {
    let sentences = [
        "Wrote recipes in Rust for a hospital.",
        "Ran ventilators and Apache Flink.",
        "Cooked soup for two hundred guests.",
    ];
    for (resume, job) in RESUMES.into_iter().flat_map(|resume| JOBS.map(|job| (resume, job))) {
        let before = matched(resume, job);
        for sentence in sentences {
            let (head, tail) = resume.split_at(resume.find("\n- ").or_else(|| resume.find("\n• ")).unwrap());
            let after = matched(&format!("{head}\n- {sentence}{tail}"), job);
            for (before, after) in before.components.iter().zip(&after.components) {
                assert_eq!(before.kind, after.kind);
                // Additional work of another kind lowers the similarity of the occupations by one sentence.
                let least = if before.kind == ComponentKind::Occupation {
                    -0.05
                } else {
                    -1e-9
                };
                assert!(after.score - before.score >= least, "{sentence} {before:?} {after:?}");
            }
        }
    }
}

/// The requirement with this text.
fn requirement<'a>(found: &'a ResumeMatch, text: &str) -> &'a RequirementMatch {
    let mut requirements = found.requirements.iter();
    requirements.find(|one| one.text.contains(text)).unwrap()
}

/// A degree in another subject than those asked for is said to be one, and meets nothing.
#[test]
fn degrees_are_judged_by_their_subjects() {
    let resume = |degree: &str| {
        format!(
            "Quill Placeholder\n\nExperience\nStaff Nurse, Reed Hospital, 2016 - 2024\n- Looked after twelve people on a \
             surgical ward at night.\n\nEducation\n{degree}\n"
        )
    };
    let job = |line: &str| format!("Staff Nurse\n\nRequirements\n- {line}\n- Care for patients on a surgical ward\n");
    for (line, degree, met) in [
        ("BSN required", "Bachelor of Science in Nursing, Lanewick, 2014", true),
        ("BSN required", "MSc Computer Science, Lanewick, 2014", false),
        ("Degree in nursing", "BA History, Lanewick, 2014", false),
        ("Degree in nursing or midwifery", "BSc Midwifery, Lanewick, 2014", true),
        ("Degree in nursing", "BSc, Lanewick, 2014", true),
        ("University degree required", "BA History, Lanewick, 2014", true),
    ] {
        let found = matched(&resume(degree), &job(line));
        assert_eq!(requirement(&found, line).met, met, "{line} / {degree}");
        assert_eq!(found.education.met, Some(met), "{line} / {degree}");
        let gap = found.gaps.iter().any(|gap| gap.kind == GapKind::Degree);
        assert_eq!(gap, !met, "{line} / {degree}");
        let said = found.education.found.unwrap();
        assert_eq!(said.ends_with("in another subject"), !met, "{said}");
    }
}

/// Years in the occupation are no years in a specialty that the resume does not name.
#[test]
fn years_in_a_specialty_are_not_those_in_the_occupation() {
    let resume = |work: &str| {
        format!(
            "Quill Placeholder\n\nExperience\nStaff Nurse, Reed House, 2012 - 2024\n- {work}\n- Wrote the rota for nine \
             colleagues.\n"
        )
    };
    let elderly = resume("Washed and fed older people who lived in the house.");
    let children = resume("Intensive care of sick children: paediatric ventilators, drips and drains.");
    for (line, of_elderly, of_children) in [
        ("3 years of experience in paediatric intensive care", false, true),
        ("5 years of oncology experience", false, false),
        ("3 years of experience as a nurse", true, true),
        ("3 years of relevant experience", true, true),
    ] {
        let job = format!("Staff Nurse\n\nRequirements\n- {line}\n- Care for patients on a ward\n");
        let met = |resume: &str| requirement(&matched(resume, &job), line).met;
        assert_eq!((met(&elderly), met(&children)), (of_elderly, of_children), "{line}");
    }
}

/// Of two languages that a line asks for, one is not enough, and of two licences one is not.
#[test]
fn all_languages_and_licences_of_a_line_are_needed() {
    let met = |line: &str, held: &str| {
        let job = format!("Clerk\n\nRequirements\n- {line}\n- Keeps the diary of nine partners\n");
        let resume = format!(
            "Quill Placeholder\n\nExperience\nClerk, Reed Ltd, 2016 - 2024\n- Kept the diary.\n\nSkills\n{held}\n"
        );
        requirement(&matched(&resume, &job), line).met
    };
    for (line, one, both) in [
        (
            "Fluent German and English",
            "German (fluent)",
            "German (fluent)\nEnglish (native)",
        ),
        (
            "BLS and ACLS certification",
            "BLS certified",
            "BLS certified\nACLS certified",
        ),
    ] {
        assert!(met(line, both), "{line}");
        assert!(!met(line, one), "{line}");
    }
}

/// Experience that is accepted in place of a degree is that of the posting's kind of work.
#[test]
fn other_work_takes_the_place_of_no_degree() {
    let job = "Civil engineer\n\nRequirements\n- Degree in civil engineering or equivalent experience\n- Designs bridges and retaining walls\n";
    let resume = |title: &str, work: &str| {
        format!(
            "Quill Placeholder\n\nExperience\n{title}, Reed Ltd, 2012 - 2024\n- {work}\n- Trained two colleagues.\n"
        )
    };
    let met = |resume: &str| requirement(&matched(resume, job), "or equivalent").met;
    assert!(met(&resume(
        "Civil engineer",
        "Designed nine bridges and their retaining walls in concrete."
    )));
    assert!(!met(&resume(
        "Line cook",
        "Cooked breakfast for ninety guests every morning."
    )));
}

/// To have learnt an occupation before does not make it another one.
#[test]
fn a_past_trainee_job_hardly_lowers_the_agreement() {
    let job = "Solicitor\n\nRequirements\n- Drafts contracts and advises clients on property law\n";
    let now = "Quill Placeholder\n\nExperience\nLawyer, Oak LLP, 2018 - 2024\n- Drafted contracts and advised clients on property.\n";
    let before =
        format!("{now}\nTrainee solicitor, Reed LLP, 2014 - 2018\n- Filed papers in the property team of the firm.\n");
    let agreement = |resume: &str| matched(resume, job).occupation.agreement.unwrap();
    assert!(
        agreement(&before) > agreement(now) - 0.05,
        "{} {}",
        agreement(&before),
        agreement(now)
    );
}

/// A form of a verb is no product of any maker.
#[test]
fn verbs_are_no_products() {
    let shown = |asked: &str, line: &str| {
        let job = format!("Office manager\n\nRequirements\n- {asked}\n- Keeps the diary of nine partners\n");
        let resume = format!(
            "Quill Placeholder\n\nExperience\nOffice manager, Reed Ltd, 2016 - 2024\n- {line}\n- Kept the diary.\n"
        );
        matched(&resume, &job)
            .skills
            .matched
            .iter()
            .any(|one| asked.contains(&one.skill.label))
    };
    for asked in ["Microsoft Excel", "MS Excel", "Excel"] {
        assert!(shown(asked, "Built reports in Excel every month."), "{asked}");
        assert!(!shown(asked, "Excels at building relationships."), "{asked}");
    }
}

/// What was only watched is no skill, and what is denied at the beginning of a list is denied to its end.
#[test]
fn what_a_list_denies_is_not_shown() {
    let job = "Platform engineer\n\nRequirements\n- Kubernetes\n- Terraform\n- Ansible\n- Runs servers and networks\n";
    let resume = |line: &str| {
        format!(
            "Quill Placeholder\n\nExperience\nPlatform engineer, Reed Ltd, 2016 - 2024\n- {line}\n- Kept forty servers up.\n"
        )
    };
    let shown = |line: &str| {
        let found = matched(&resume(line), job);
        found
            .skills
            .matched
            .iter()
            .filter(|one| one.resume_spans.iter().any(|span| line.contains(&span.text)))
            .count()
    };
    assert_eq!(shown("Daily work with Kubernetes, Terraform and Ansible"), 3);
    for line in [
        "No experience with Kubernetes, Terraform or Ansible",
        "Watched others use Kubernetes, Terraform and Ansible",
        "Hoping to learn Kubernetes, Terraform and Ansible",
    ] {
        assert_eq!(shown(line), 0, "{line}");
    }
}
