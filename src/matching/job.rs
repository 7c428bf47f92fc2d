//! A parsed posting: its requirements, their importance, and the texts to encode.

mod asks;
mod non_requirements;
mod requirement;
mod skill_lines;
mod specialty;
mod title;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use self::asks::asks;
use self::skill_lines::{asked_by_name, grouped, others, shown_by, skill_groups};
use super::conditions;
use super::credentials::{self, Credential};
use super::degrees;
use super::encoding_texts::{Texts, Title};
use super::enumeration;
use super::experience;
use super::language;
use super::lexicon::Lexicon;
use super::licence::Licence;
use super::normalize::Normalized;
use super::posting::{self, LineKind};
use super::redact;
use super::similarity::{Language, Reading};
use super::span::Utf16;
use super::traits;
use super::wanted_skills::{AskingLine, WantedSkills};
use super::words::{self, Stems, Word};
use crate::inference::Text;

pub(super) use self::requirement::{
    AskedDegree, Need, Needs, Requirement, SkillGroup, required_degree, required_years,
};
pub(super) use super::wanted_skills::WantedSkill;

/// A parsed posting, which can be compared with any number of resumes.
#[derive(Debug)]
pub struct Job {
    pub(super) text: Arc<str>,
    pub(super) utf16: Utf16,
    /// The lines, sentences and clauses with their kinds, in order.
    pub(super) lines: Vec<(LineKind, Range<usize>)>,
    pub(super) requirements: Vec<Requirement>,
    /// The personal traits it asks for, which no resume shows.
    pub(super) traits: Vec<Range<usize>>,
    pub(super) skills: Vec<WantedSkill>,
    /// The skills, grouped.
    pub(super) groups: Vec<SkillGroup>,
    /// The licences and certificates it names.
    pub(super) credentials: Vec<Credential>,
    /// The title that names the occupation.
    pub(super) title: Option<Title>,
    /// The stems of its content words, each with their places among them.
    pub(super) vocabulary: Stems<Vec<usize>>,
    pub(super) words: usize,
    /// The number of requirements above the limit, which are ignored.
    pub(super) unread: usize,
    /// The must-haves and nice-to-haves that the caller set, by normalized text.
    pub(super) overrides: Vec<(String, bool)>,
    /// The must-haves that the posting states, if the caller set others.
    pub(super) stated: Option<Needs>,
    pub(super) texts: Texts,
    /// Whether it is in another language than English.
    foreign: bool,
    /// All requirements together, computed when the embeddings arrive.
    work: OnceLock<Reading>,
}

impl Job {
    /// Parses a posting.
    #[must_use]
    pub fn read(lexicon: &Lexicon, text: &str) -> Self {
        let (plain, offsets) = Normalized::new(text).unfolded().into_parts();
        let clean = redact::job(&plain);
        let words = words::words(&clean);
        let foreign = language::is_foreign(text);
        let limits = &lexicon.weights.text;
        let mut texts = Texts::default();
        let lines = posting::read(&lexicon.lines, &plain, &clean, &words);
        let title = title::of_posting(&clean, &lines);
        let is_trait = |ask: &asks::Ask| ask.need != Need::Duty && traits::is_trait(&clean[ask.bytes.clone()]);
        let (traits, asks): (Vec<_>, Vec<_>) = asks(&clean, &lines).into_iter().partition(is_trait);
        let mut requirements = Vec::new();
        let mut skills = WantedSkills::default();
        let mut credentials: Vec<Credential> = Vec::new();
        let mut unread = 0;
        let mut all_beside = Vec::new();
        for ask in asks {
            if requirements.len() == limits.job_requirements {
                unread += 1;
                continue;
            }
            let range = word_range(&words, &ask.bytes);
            let line = &clean[ask.bytes.clone()];
            for credential in credentials::credentials(&clean, &words[range.clone()]) {
                if credentials.iter().all(|known| known.kind() != credential.kind()) {
                    credentials.push(credential);
                }
            }
            let duty = ask.need == Need::Duty;
            // The first of several alternatives states what all of them ask for.
            let ways = ask
                .ways
                .as_ref()
                .map(|bytes| (&clean[bytes.clone()], word_range(&words, bytes)));
            let degree = ways.as_ref().and_then(|(text, _)| asked_degree(text));
            let years = ways.and_then(|(_, range)| experience::years(&clean, &words[range]));
            let licence = Licence::asked(&clean, &words[range.clone()]).filter(|_| !duty);
            let licenced = licence.as_ref().is_some_and(|licence| licence.only);
            let shown = licenced || degree.is_some() || years.is_some();
            let condition = !shown && conditions::is_condition(line);
            let asking = AskingLine {
                list: ask.listed || is_list(&words[range.clone()]),
                words: &words[range.clone()],
                must: ask.need == Need::Must,
                duty,
                foreign,
            };
            // `Able to lift 50 lbs` and `no DD endorsements` name no skill.
            let named = if (condition || conditions::is_denied(line)) && !duty {
                Vec::new()
            } else {
                skills.add(lexicon, &clean, asking, limits.job_skills)
            };
            let in_line = |bytes: Range<usize>| bytes.start - ask.bytes.start..bytes.end - ask.bytes.start;
            let named: Vec<(Range<usize>, usize)> = named.into_iter().map(|(bytes, at)| (in_line(bytes), at)).collect();
            let mut tasks = enumeration::tasks(&clean, &words[range.clone()]);
            if tasks.is_empty() {
                tasks.push(ask.bytes.clone());
            }
            let beside = others(&clean, &words[range], &ask.bytes, &named);
            all_beside.push(beside);
            requirements.push(Requirement {
                condition,
                licence,
                only_skills: !named.is_empty() && beside == 0,
                names: Vec::new(),
                exact: false,
                texts: tasks.iter().map(|bytes| texts.add(&clean[bytes.clone()])).collect(),
                tasks,
                duty,
                extra: ask.need == Need::Nice,
                specialty: if years.is_some() {
                    specialty::specialty(line, title.unwrap_or_default())
                } else {
                    Vec::new()
                },
                years,
                bytes: ask.bytes,
                need: ask.need,
                degree,
                skills: grouped(line, &named),
            });
        }
        let mut skills = skills.into_vec();
        asked_by_name(&clean, &mut requirements, &all_beside, &mut skills);
        shown_by(&requirements, &mut skills);
        let compared = |wanted: &&mut WantedSkill| wanted.shown_by.is_empty() && !wanted.showing.is_name();
        for wanted in skills.iter_mut().filter(compared) {
            wanted.text = Some(texts.add(&wanted.label));
        }
        let groups = skill_groups(&requirements);
        Self {
            utf16: Utf16::new(text, offsets),
            groups,
            title: title.map(|title| texts.add_title(title)),
            vocabulary: vocabulary(&words, &skills),
            words: words.len(),
            text: text.into(),
            lines: posting::cover(&plain, &clean, &lines),
            requirements,
            traits: traits.into_iter().map(|ask| ask.bytes).collect(),
            skills,
            unread,
            overrides: Vec::new(),
            stated: None,
            credentials,
            texts,
            foreign,
            work: OnceLock::new(),
        }
    }

    /// The texts to encode, without duplicates.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        self.texts.all()
    }

    /// Whether it is in another language than English.
    pub(super) fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// The texts that are compared with those of a resume: all except the title as a sentence.
    #[must_use]
    pub fn compared_texts(&self) -> Vec<Text> {
        let skills = self.skills.iter().filter_map(|wanted| wanted.text);
        self.texts.at(self.compared().chain(skills))
    }

    /// The texts that every resume is compared with. The label of a skill is not compared if the resume names it.
    pub(super) fn compared(&self) -> impl Iterator<Item = usize> {
        let title = self.title.map(|title| title.as_title);
        self.requirements
            .iter()
            .flat_map(|one| one.texts.iter().copied())
            .chain(title)
    }

    /// Computes what depends only on these embeddings of [`Self::texts`], so that matches need not.
    pub fn prepare<V: AsRef<[f32]>>(&self, lexicon: &Lexicon, vectors: &[V]) {
        let language = &lexicon.language;
        let vector = |text: usize| vectors.get(text).map(AsRef::as_ref);
        self.texts.read(language, vector);
        self.asked(language, |text| Some(self.texts.reading(text, language, vector(text)?)));
    }

    /// All requirements together; `reading` returns each of their texts, if its embedding is known.
    pub(super) fn asked<'a>(&self, language: &Language, reading: impl Fn(usize) -> Option<&'a Reading>) -> &Reading {
        self.work.get_or_init(|| {
            let counted = self.requirements.iter().filter(|one| !one.counts_if_shown());
            let texts = counted.flat_map(|one| &one.texts);
            language.work(texts.filter_map(|&text| reading(text)))
        })
    }

    /// The required years.
    pub(super) fn years(&self) -> Option<f64> {
        required_years(&self.requirements)
    }

    /// The requirement with the required degree.
    pub(super) fn degree(&self) -> Option<&AskedDegree> {
        required_degree(&self.requirements)
    }

    /// The must-haves in force.
    pub(super) fn needs(&self) -> Needs {
        Needs {
            requirements: self.requirements.iter().map(|one| one.need).collect(),
            skills: self.skills.iter().map(|one| one.must).collect(),
            groups: self.groups.iter().map(|one| one.must).collect(),
        }
    }
}

/// The degree that a text asks for: the lowest of several.
fn asked_degree(text: &str) -> Option<AskedDegree> {
    let (level, _) = degrees::degrees(text)?;
    Some(AskedDegree {
        level,
        grade: degrees::least_grade(text),
        subjects: degrees::subject::asked(text),
        equivalent: degrees::takes_equivalent(text),
    })
}

fn word_range(words: &[Word], bytes: &Range<usize>) -> Range<usize> {
    let from = words.partition_point(|word| word.bytes.start < bytes.start);
    let until = words.partition_point(|word| word.bytes.start < bytes.end);
    from..until
}

/// Whether a line is a name or two, where case carries no information.
fn is_list(line: &[Word]) -> bool {
    line.len() <= 2
}

/// The most places of a word that are kept.
const MOST_PLACES: usize = 8;

/// The stems of the posting and of the names of its skills, with the places of its content words.
fn vocabulary(words: &[Word], skills: &[WantedSkill]) -> Stems<Vec<usize>> {
    let mut vocabulary = Stems::<Vec<usize>>::default();
    for (at, word) in words.iter().filter(|word| word.subject).enumerate() {
        let places = vocabulary.entry(word.stem);
        if places.len() < MOST_PLACES {
            places.push(at);
        }
    }
    for stem in skills.iter().flat_map(|wanted| words::stems(&wanted.label)) {
        vocabulary.entry(stem);
    }
    vocabulary
}

#[cfg(test)]
mod tests;
