//! The fixed sentences of a letter. They contain no number.

use crate::matching::result::{ComponentKind, GapKind};

/// The reader of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The person whose resume it is.
    Candidate,
    /// The person who compares resumes with the posting.
    Recruiter,
}

/// The sentences for one audience.
pub(super) struct Phrases {
    /// The resume.
    pub(super) subject: &'static str,
    pub(super) no_decision: &'static str,
    pub(super) counted: &'static str,
    pub(super) musts_shown: &'static str,
    /// Between a requirement and the sentence that shows it.
    pub(super) shown_by: &'static str,
    pub(super) musts_missing: &'static str,
    pub(super) others_missing: &'static str,
    pub(super) score_if_added: &'static str,
    /// Advice by the kind of what is missing.
    pub(super) advice: &'static [(GapKind, &'static str)],
    pub(super) conditions: &'static str,
    pub(super) credentials_shown: &'static str,
    pub(super) credentials_missing: &'static str,
    pub(super) not_compared_heading: &'static str,
    pub(super) not_compared: &'static str,
    pub(super) warnings: &'static str,
    pub(super) correction_heading: &'static str,
    pub(super) correction: &'static str,
    /// The maximum number of items of a list.
    pub(super) most_items: usize,
}

impl Phrases {
    pub(super) fn of(audience: Audience) -> &'static Self {
        match audience {
            Audience::Candidate => &CANDIDATE,
            Audience::Recruiter => &RECRUITER,
        }
    }
}

static CANDIDATE: Phrases = Phrases {
    subject: "your resume",
    no_decision: "The score says how much of what the posting asks for could be found in the text of your resume by a \
                  program. It does not say how good you are at your work, and it is not a decision about you.",
    counted: "What counted (the score is the sum of each part's score times its weight):",
    musts_shown: "What the posting requires and your resume shows:",
    shown_by: "shown by your sentence",
    musts_missing: "What the posting requires and was not found in your resume:",
    others_missing: "What the posting asks for without requiring it, and was not found in your resume:",
    score_if_added: "score with it:",
    advice: &[
        (
            GapKind::Skill,
            "For a skill that you have, you could add a sentence on where you used it and for what.",
        ),
        (
            GapKind::Requirement,
            "For work that you have done, you could add a sentence in your own words: what you did, with what, and with \
             which result.",
        ),
        (
            GapKind::Years,
            "If one of your jobs has no dates in the resume, you could add the month and year in which it began and ended, so \
             that all of your experience is counted.",
        ),
        (
            GapKind::Degree,
            "You could add the degree that you hold, or training that is equal to it, with its full name.",
        ),
    ],
    conditions: "What a resume seldom shows, so that you can expect to be asked about it:",
    credentials_shown: "Licences and certificates that the posting names and your resume shows:",
    credentials_missing: "Licences and certificates that the posting names and your resume does not (if you hold one, you \
                          could add it):",
    not_compared_heading: "What was not looked at:",
    not_compared: "Your name, pronouns, photo, age and date of birth, address, e-mail, phone, links and marital status are \
                   blanked before the comparison, so none of these can change the score. Of the posting, the parts about pay, \
                   benefits, the employer and how to apply are not compared.",
    warnings: "What else to know about this comparison:",
    correction_heading: "How to have this corrected:",
    correction: "If a sentence was misread or not found, tell the organization that sent you this letter which sentence it is \
                 and what it shows, or send the corrected resume and ask for a new comparison. You can also ask that a person \
                 reads your application.",
    most_items: 12,
};

static RECRUITER: Phrases = Phrases {
    subject: "the resume",
    no_decision: "The score is an aid for reading the resume. It is not a decision about the candidate, and it does not predict \
                  performance in the job.",
    counted: "What counted:",
    musts_shown: "Must-haves shown:",
    shown_by: "by",
    musts_missing: "Must-haves not found:",
    others_missing: "Duties and nice-to-haves not found:",
    score_if_added: "score if shown:",
    advice: &[],
    conditions: "What a resume seldom shows; ask the candidate:",
    credentials_shown: "Licences and certificates shown:",
    credentials_missing: "Licences and certificates not found:",
    not_compared_heading: "Not compared:",
    not_compared: "Name, pronouns, photo, age and date of birth, address, e-mail, phone, links and marital status are blanked \
                   before the comparison. Of the posting, the parts about pay, benefits, the employer and how to apply are not \
                   compared.",
    warnings: "Warnings:",
    correction_heading: "Corrections:",
    correction: "What was not found can still be true of the candidate: read the resume, or ask. If the candidate names a sentence \
                 that was misread, or sends a corrected resume, compare again. If a requirement of the posting was misread, set \
                 whether it is a must-have.",
    most_items: 8,
};

pub(super) fn component_name(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Skills => "Skills",
        ComponentKind::Requirements => "Requirements and duties",
        ComponentKind::Experience => "Years of experience",
        ComponentKind::Education => "Degree",
        ComponentKind::Occupation => "Kind of work and job titles",
    }
}
