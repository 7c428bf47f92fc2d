//! A parsed posting: its requirements, their importance, and the texts to encode.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::degrees;
use super::encoding_texts::{Texts, Title};
use super::english::{ENGLISH, SectionKind};
use super::experience;
use super::lexicon::Lexicon;
use super::normalize::Normalized;
use super::redact;
use super::resume::with_words;
use super::sections;
use super::similarity::{Language, Reading};
use super::span::Utf16;
use super::words::{self, Stems, Word};
use crate::inference::Text;

/// A parsed posting, which can be compared with any number of resumes.
#[derive(Debug)]
pub struct Job {
    pub(super) text: Arc<str>,
    pub(super) utf16: Utf16,
    pub(super) requirements: Vec<Requirement>,
    pub(super) skills: Vec<WantedSkill>,
    /// The title that names the occupation.
    pub(super) title: Option<Title>,
    /// The stems of its content words.
    pub(super) vocabulary: Stems<()>,
    pub(super) words: usize,
    /// The number of requirements above the limit, which are ignored.
    pub(super) unread: usize,
    pub(super) texts: Texts,
    /// All requirements together, computed when the embeddings arrive.
    work: OnceLock<Reading>,
}

/// The importance of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Must,
    Duty,
    Nice,
}

#[derive(Debug)]
pub(super) struct Requirement {
    pub(super) bytes: Range<usize>,
    pub(super) text: usize,
    pub(super) need: Need,
    pub(super) years: Option<f64>,
    /// The lowest sufficient rank.
    pub(super) degree: Option<u8>,
    /// Whether experience is accepted in place of the degree.
    pub(super) equivalent: bool,
    /// The indices of the skills it names.
    pub(super) skills: Vec<usize>,
}

/// A skill that the posting names.
#[derive(Debug)]
pub(super) struct WantedSkill {
    pub(super) skill: u32,
    pub(super) label: String,
    pub(super) uri: Option<String>,
    pub(super) text: usize,
    pub(super) must: bool,
    pub(super) places: Vec<Range<usize>>,
}

impl Job {
    /// Parses a posting.
    #[must_use]
    pub fn read(lexicon: &Lexicon, text: &str) -> Self {
        let (plain, offsets) = Normalized::new(text).into_parts();
        let clean = redact::job(&plain);
        let words = words::words(&clean);
        let limits = &lexicon.weights.text;
        let mut texts = Texts::default();
        let read: Vec<_> = with_words(sections::sentences(&clean), &words)
            .filter(|(_, range)| !range.is_empty())
            .collect();
        let title = read
            .first()
            .filter(|(sentence, range)| {
                sentence.section == SectionKind::Head
                    && range.len() <= 10
                    && !clean[sentence.bytes.clone()].ends_with('.')
            })
            .map(|(sentence, _)| {
                let line = &clean[sentence.bytes.clone()];
                line.split_once(':')
                    .filter(|(label, rest)| label.len() < 16 && !rest.trim().is_empty())
                    .map_or(line, |(_, rest)| rest)
            });
        let body = if title.is_some() { &read[1..] } else { &read[..] };

        let headed = body.iter().any(|(sentence, _)| asks_by_heading(sentence.section));
        let wanted: Vec<bool> = body
            .iter()
            .map(|(sentence, range)| {
                let low = clean[sentence.bytes.clone()].to_lowercase();
                let says = |cues: &[String]| cues.iter().any(|cue| low.contains(cue.as_str()));
                match sentence.section {
                    section if asks_by_heading(section) => true,
                    SectionKind::Aside => false,
                    _ => range.len() > 3 && says(&ENGLISH.asks) && !says(&ENGLISH.aside),
                }
            })
            .collect();
        // A posting that consists only of tasks requires all of them.
        let everything = !wanted.contains(&true);
        let mut requirements = Vec::new();
        let mut skills: Vec<WantedSkill> = Vec::new();
        let mut known = HashMap::new();
        let mut unread = 0;
        for ((sentence, range), wanted) in body.iter().zip(wanted) {
            let aside = sentence.section == SectionKind::Aside;
            if !wanted && (!everything || aside || range.len() < 2) {
                continue;
            }
            if requirements.len() == limits.job_requirements {
                unread += 1;
                continue;
            }
            let line = &clean[sentence.bytes.clone()];
            let need = need(&line.to_lowercase(), sentence.section, headed);
            let mut names = Vec::new();
            let list = sentence.section == SectionKind::Skills;
            for mention in lexicon.mentions(&words[range.clone()], list) {
                if skills.len() == limits.job_skills && !known.contains_key(&mention.skill) {
                    continue;
                }
                let at = *known.entry(mention.skill).or_insert_with(|| {
                    let (label, uri) = lexicon.named(&mention, &clean);
                    skills.push(WantedSkill {
                        skill: mention.skill,
                        text: texts.add(&label),
                        label,
                        uri,
                        must: false,
                        places: Vec::new(),
                    });
                    skills.len() - 1
                });
                skills[at].places.push(mention.bytes);
                skills[at].must |= need == Need::Must;
                if !names.contains(&at) {
                    names.push(at);
                }
            }
            let degree = degrees::degrees(line).map(|(lowest, _)| lowest);
            requirements.push(Requirement {
                text: texts.add(line),
                bytes: sentence.bytes.clone(),
                need,
                years: experience::years(&clean, &words[range.clone()]),
                degree,
                equivalent: degree.is_some() && degrees::takes_equivalent(line),
                skills: names,
            });
        }
        Self {
            utf16: Utf16::new(text, offsets),
            title: title.map(|title| texts.add_title(title)),
            vocabulary: vocabulary(&words, &skills),
            words: words.len(),
            text: text.into(),
            requirements,
            skills,
            unread,
            texts,
            work: OnceLock::new(),
        }
    }

    /// The texts to encode, without duplicates.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        self.texts.all()
    }

    /// The texts that are compared with those of a resume: all except the title as a sentence.
    #[must_use]
    pub fn compared_texts(&self) -> Vec<Text> {
        let skills = self.skills.iter().map(|wanted| wanted.text);
        self.texts.at(self.compared().chain(skills))
    }

    /// The texts that every resume is compared with. The label of a skill is not compared if the resume names it.
    pub(super) fn compared(&self) -> impl Iterator<Item = usize> {
        let title = self.title.map(|title| title.as_title);
        self.requirements.iter().map(|one| one.text).chain(title)
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
            let requirements = self.requirements.iter().filter_map(|one| reading(one.text));
            language.work(requirements)
        })
    }

    /// The required years.
    pub(super) fn years(&self) -> Option<f64> {
        self.requirements
            .iter()
            .filter(|one| one.need != Need::Nice)
            .filter_map(|one| one.years)
            .reduce(f64::max)
    }

    /// The requirement with the required degree.
    pub(super) fn degree(&self) -> Option<(u8, bool)> {
        let asked = self.requirements.iter().filter(|one| one.need != Need::Nice);
        asked
            .filter_map(|one| one.degree.map(|rank| (rank, one.equivalent)))
            .max()
    }
}

fn asks_by_heading(section: SectionKind) -> bool {
    use SectionKind::{Education, Experience, NiceToHave, Requirements, Responsibilities, Skills};
    matches!(
        section,
        Requirements | NiceToHave | Responsibilities | Skills | Experience | Education
    )
}

fn need(low: &str, section: SectionKind, headed: bool) -> Need {
    let says = |cues: &[String]| cues.iter().any(|cue| low.contains(cue.as_str()));
    if section == SectionKind::NiceToHave || says(&ENGLISH.nice) {
        Need::Nice
    } else if says(&ENGLISH.must) || !headed && section != SectionKind::Responsibilities {
        Need::Must
    } else if matches!(
        section,
        SectionKind::Responsibilities | SectionKind::Head | SectionKind::Other | SectionKind::Summary
    ) {
        Need::Duty
    } else {
        Need::Must
    }
}

/// The stems of the posting and of the names of its skills.
fn vocabulary(words: &[Word], skills: &[WantedSkill]) -> Stems<()> {
    let own = words.iter().filter(|word| word.subject).map(|word| word.stem);
    let mut vocabulary = Stems::default();
    for stem in own.chain(skills.iter().flat_map(|wanted| words::stems(&wanted.label))) {
        vocabulary.entry(stem);
    }
    vocabulary
}
