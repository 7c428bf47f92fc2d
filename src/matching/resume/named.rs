//! The places where a resume names a skill, or what shows it.

use std::ops::Range;

use super::super::english::SectionKind;
use super::super::skill_phrases::WordIndex;
use super::super::wanted_skills::WantedSkill;
use super::super::words::{Case, Gap};
use super::Resume;

impl Resume {
    /// The places that name a skill of a posting, as ranges of words.
    pub(in crate::matching) fn named(&self, wanted: &WantedSkill) -> Vec<Range<usize>> {
        let labelled = wanted.skill.map_or(&[][..], |skill| self.mentions_of(skill));
        let mut places: Vec<Range<usize>> = labelled.iter().map(|&at| self.mentions[at].words.clone()).collect();
        if let Some(needle) = &wanted.needle {
            let found = self.phrases().find(needle).into_iter();
            // Names are not everyday words: "Polish" and "polished", "Excel" and "Excels at".
            let written = |place: &Range<usize>| {
                let word = &self.words[place.start];
                let same = |name: u64| word.case != Case::Lower && word.written == name;
                let inside = || !wanted.everyday || self.is_inside(place.start);
                wanted.name.is_none_or(same) && inside()
            };
            places.extend(found.filter(written));
        }
        if let Some(broader) = wanted.broader {
            let shown = || self.broader.places(&self.mentions, self.phrases());
            places.extend_from_slice(&self.shown.get_or_init(shown)[broader]);
        }
        if places.len() > 1 {
            places.sort_by_key(|place| place.start);
            let mut end = 0;
            places.retain(|place| {
                let apart = place.start >= end;
                end = end.max(place.end);
                apart
            });
        }
        places
    }

    /// Whether a word is written as a name inside of a sentence: `into Workday`, not `Workday routines` or `in Spring 2019`.
    fn is_inside(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).map(|before| &self.words[before]) else {
            return false;
        };
        let word = &self.words[at];
        // A word without letters has no small ones either.
        let dated = self
            .words
            .get(at + 1)
            .is_some_and(|next| next.gap == Gap::Space && next.acronym && next.case == Case::Lower);
        word.gap == Gap::Space && word.case != Case::Lower && before.case == Case::Lower && !dated
    }

    /// The mentions of a skill in order, by index.
    fn mentions_of(&self, skill: u32) -> &[usize] {
        let by_skill = self.by_skill.get_or_init(|| {
            let mut all: Vec<usize> = (0..self.mentions.len()).collect();
            all.sort_by_key(|&at| self.mentions[at].skill);
            all
        });
        let from = by_skill.partition_point(|&at| self.mentions[at].skill < skill);
        let until = by_skill[from..].partition_point(|&at| self.mentions[at].skill == skill);
        &by_skill[from..from + until]
    }

    pub(in crate::matching) fn phrases(&self) -> &WordIndex {
        self.phrases.get_or_init(|| {
            let sentences = self.sentences.iter().enumerate();
            let telling = sentences.filter(|(_, one)| one.section != SectionKind::Aside);
            WordIndex::new(&self.words, telling.map(|(at, one)| (at, one.words.clone())))
        })
    }
}
