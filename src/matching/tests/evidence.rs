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
