//! Detection of keyword stuffing: text of the posting copied into a resume, which must not raise the score.
//!
//! People describe their work in their own words. Eight consecutive content words from the posting indicate a copied
//! list, twelve in prose a copied sentence. In a skills section, and in a list in another order than the posting's,
//! where a good applicant may name exactly what is required, sixteen are needed.

use super::english::SectionKind;
use super::job::Job;
use super::resume::Resume;
use super::words::Word;

/// Which words of the resume are copied.
pub(super) fn pasted(resume: &Resume, job: &Job, run: usize) -> Vec<bool> {
    let mut pasted = vec![false; resume.words.len()];
    // A run of the posting's words: its first word, content words, all words, and the number that the section requires.
    let (mut from, mut subject, mut all, mut asked) = (0, 0, 0, run);
    let mut last = 0;
    let mut mark = |from: usize, last: usize, subject: usize, all: usize, asked: usize| {
        let prose = all > subject + subject / 4;
        let enough = match prose {
            true => asked.max(run + run / 2),
            false if subject >= run && !in_order(&resume.words[from..=last], job) => 2 * run,
            false => asked,
        };
        if subject >= enough {
            pasted[from..=last].fill(true);
        }
    };
    let mut section = None;
    for sentence in &resume.sentences {
        let before = section.replace(sentence.section);
        // A run does not continue from a list of skills into the text under the next heading.
        if before == Some(SectionKind::Skills) && sentence.section != SectionKind::Skills {
            mark(from, last, subject, all, asked);
            (subject, all) = (0, 0);
        }
        let here = if sentence.section == SectionKind::Skills {
            2 * run
        } else {
            run
        };
        for at in sentence.words.clone() {
            let word = &resume.words[at];
            if !word.subject {
                all += usize::from(subject > 0);
                continue;
            }
            if job.vocabulary.get(word.stem).is_none() {
                mark(from, last, subject, all, asked);
                (subject, all) = (0, 0);
                continue;
            }
            if subject == 0 {
                (from, asked) = (at, here);
            }
            asked = asked.min(here);
            last = at;
            subject += 1;
            all += 1;
        }
    }
    mark(from, last, subject, all, asked);
    pasted
}

/// The most content words of the posting between two that a copied list keeps together.
const NEAR: usize = 8;

/// Whether most content words of a list follow each other as in the posting.
fn in_order(words: &[Word], job: &Job) -> bool {
    let places = words
        .iter()
        .filter(|word| word.subject)
        .map(|word| job.vocabulary.get(word.stem));
    let places: Vec<&Vec<usize>> = places.flatten().collect();
    let follows = |pair: &&[&Vec<usize>]| {
        let next = |at: usize| pair[1].iter().any(|next| (at..=at + NEAR).contains(next));
        pair[0].iter().any(|at| next(*at))
    };
    let kept = places.windows(2).filter(follows).count();
    2 * kept > places.len().saturating_sub(1)
}
