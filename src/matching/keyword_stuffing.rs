//! Finds words of the posting pasted into a resume, so that repeating them earns nothing.
//!
//! People write about their work in their own words: eight subject words in a row that all come from the posting are
//! a list made from it, twelve in prose a sentence copied from it. Inside a skills section, where a good applicant may
//! well name just what is asked, it takes sixteen.

use super::english::SectionKind;
use super::job::Job;
use super::resume::Resume;

/// Which words of the resume are pasted.
pub(super) fn pasted(resume: &Resume, job: &Job, run: usize) -> Vec<bool> {
    let mut pasted = vec![false; resume.words.len()];
    // A run of the posting's words: its first word, subject words, all words, and how many the section asks for.
    let (mut from, mut subject, mut all, mut asked) = (0, 0, 0, run);
    let mut last = 0;
    let mut mark = |from: usize, last: usize, subject: usize, all: usize, asked: usize| {
        let prose = all > subject + subject / 4;
        let enough = if prose { asked.max(run + run / 2) } else { asked };
        if subject >= enough {
            pasted[from..=last].fill(true);
        }
    };
    let mut section = None;
    for sentence in &resume.sentences {
        let before = section.replace(sentence.section);
        // The end of a list of skills is no part of what stands under the next heading.
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
