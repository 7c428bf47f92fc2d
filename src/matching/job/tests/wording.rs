//! What lines ask for by their wording.

use super::*;

/// What is said about the firm, who else may apply, and lines that lead to others.
#[test]
fn what_asks_for_nothing_is_no_requirement() {
    let job = read(
        "Practice nurse\n\nThe firm has 900 staff in two countries.\n\nWhat you will do\nAs a nurse on our ward team, you will\n* \
         dress wounds\n* give vaccines\n\nWhat you need\n- Nursing diploma\n- New grads with a strong placement will be \
         considered\n- Applications from career changers will be considered\n- Great writing\n- Friendly, dependable, and able to \
         run on time\n- Able to pass a pre-employment medical and drug screen\n- Wound care\n",
    );
    let texts: Vec<&str> = job
        .requirements
        .iter()
        .filter(|one| !one.condition)
        .map(|one| job.text[one.bytes.clone()].trim())
        .collect();
    assert_eq!(
        texts,
        ["dress wounds", "give vaccines", "Nursing diploma", "Wound care"]
    );
    let traits: Vec<&str> = job.traits.iter().map(|bytes| job.text[bytes.clone()].trim()).collect();
    assert_eq!(
        traits,
        ["Great writing", "Friendly, dependable, and able to run on time"]
    );
    let conditions = job.requirements.iter().filter(|one| one.condition).count();
    assert_eq!(conditions, 1, "{:?}", asked(&job));
}

/// Parts of clauses, figures and lead words are no skills, and the names beside them are.
#[test]
fn parts_of_sentences_are_no_skills() {
    let job = read(
        "Restaurant manager\n\nDuties\n- That means hiring, training and scheduling a team of 55 front of house, keeping labour under \
         30% and fixing the dishwasher when it dies\n- Operate and evolve our point of sale system\n- Main contact for \
         auditors\n\nRequirements\n- 2 years of wine service in the last five\n- minimum 3 years post-trade experience in catering\n- \
         First leadership experience\n- In-depth knowledge of Irish employment law\n- Fluent Spanish\n- no DR, DD or IN endorsements\n",
    );
    let skills = skills(&job);
    for none in [
        "dies",
        "means hiring",
        "keeping labour under 30",
        "operating and evolve",
        "operate and evolve",
        "main contact",
        "last five",
        "post-trade",
        "first leadership",
        "irish",
        "dd",
    ] {
        assert!(!skills.iter().any(|skill| skill == none), "{none}: {skills:?}");
    }
    assert!(!skills.iter().any(|skill| skill.contains("55")), "{skills:?}");
    for some in ["employment law", "spanish", "wine service"] {
        assert!(skills.iter().any(|skill| skill == some), "{some}: {skills:?}");
    }
}

/// A title in a sentence, where the posting has no line of its own for it.
#[test]
fn the_title_is_found_in_a_sentence() {
    for sentence in [
        "Oak Foods now has an opportunity for an experienced {} to join the team.",
        "Oak Foods is seeking a {} for its site in Leeds.",
        "An exciting opportunity has arisen for a {} at Oak Foods.",
        "Our client, a maker of jam, wishes to appoint a {}.",
    ] {
        for name in ["HR Business Partner", "Physiotherapist"] {
            let text = format!(
                "Oak Foods is a maker of jam with 900 staff. {}\n\nYou will coach managers and write reports. You must know \
                 employment law.\n",
                sentence.replace("{}", name)
            );
            let job = read(&text);
            let title = job.title.map(|title| job.texts()[title.as_title].trim().to_owned());
            assert_eq!(title.as_deref(), Some(name), "{text}");
        }
    }
}
