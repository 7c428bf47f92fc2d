//! A parsed resume: its sentences, skills, titles, years and degree, and the texts to encode.

mod held;
mod jobs;
mod named;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use self::jobs::{held_jobs, job_of, titles_of};
use super::broader::BroaderSkills;
use super::credentials::{self, Credential};
use super::date::{self, Period};
use super::education::{self, HeldDegree};
use super::encoding_texts::{Texts, Title};
use super::english::SectionKind;
use super::experience;
use super::jobs_held::HeldJob;
use super::language;
use super::language_level;
use super::lexicon::Lexicon;
use super::mention::Mention;
use super::month::Month;
use super::non_evidence::{self, Clause};
use super::normalize::Normalized;
pub(super) use super::occupations::names_occupation;
use super::offset_map::OffsetMap;
use super::outline;
use super::redact::{self, Redacted};
use super::sections::Sentence;
use super::similarity::{Index, Reading};
use super::skill_phrases::{self, Line, Name, WordIndex};
use super::span::Utf16;
use super::titles;
use super::traits;
use super::words::{self, Case, Gap, Word};
use crate::inference::Text;

/// A parsed resume, which can be compared with any number of postings.
#[derive(Debug)]
pub struct Resume {
    pub(super) text: Arc<str>,
    pub(super) utf16: Utf16,
    pub(super) words: Vec<Word>,
    pub(super) sentences: Vec<Evidence>,
    pub(super) mentions: Vec<Mention>,
    /// The name of each mentioned skill that is worth reporting.
    pub(super) labels: HashMap<u32, (String, Option<String>)>,
    /// The mentions by their skills, those of one skill in order.
    by_skill: OnceLock<Vec<usize>>,
    /// The words of the sentences that may name skills, indexed when the first phrase is searched for.
    phrases: OnceLock<WordIndex>,
    broader: Arc<BroaderSkills>,
    /// The places that show each of them, found when the first is searched for.
    shown: OnceLock<Vec<Vec<Range<usize>>>>,
    /// The titles that name the person's occupations.
    pub(super) titles: Vec<Title>,
    /// The dated jobs, in text order.
    pub(super) jobs: Vec<HeldJob>,
    /// The years of experience; `None` if they cannot be determined.
    pub(super) years: Option<f64>,
    /// Those that it states.
    pub(super) stated_years: Option<f64>,
    /// The licences and certificates it names.
    pub(super) credentials: Vec<Credential>,
    /// How well languages are spoken, by the words that name them.
    pub(super) levels: HashMap<usize, u8>,
    /// The periods of work in order of their start.
    pub(super) periods: Vec<Period>,
    /// The degrees, in text order.
    pub(super) degrees: Vec<HeldDegree>,
    /// The number of sentences above the limit, which are ignored.
    pub(super) unread: usize,
    /// The blanked spans of the original text. All other spans are of the text without them.
    pub(super) redactions: Vec<Range<usize>>,
    /// Maps spans to the original text.
    pub(super) places: OffsetMap,
    pub(super) texts: Texts,
    /// Whether it is in another language than English, computed when it is first compared.
    foreign: OnceLock<bool>,
    /// The sentences about the person's work, computed when the embeddings arrive.
    pub(super) told: OnceLock<Index>,
    /// Which of them are lists, and which are of a summary.
    pub(super) kinds: OnceLock<Vec<usize>>,
    /// All sentences together, computed when the embeddings arrive.
    pub(super) work: OnceLock<Reading>,
    /// All titles together, computed when the embeddings arrive.
    pub(super) called: OnceLock<Reading>,
}

/// A sentence that can be evidence.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) bytes: Range<usize>,
    pub(super) section: SectionKind,
    pub(super) words: Range<usize>,
    /// Whether it is a list of names, which is weaker evidence than a description.
    pub(super) list: bool,
    /// The index of the text to encode; `None` if the sentence is not about the person's work, by its heading or
    /// because it consists of dates, of a single word or of claims such as `hard-working team player`.
    pub(super) text: Option<usize>,
    /// Its clauses, if some of them do not show what they mention.
    pub(super) clauses: Vec<Clause>,
    /// Whether it states a title, a degree, a licence or a certificate and nothing else.
    pub(super) states: bool,
    /// Whether it is a title.
    pub(super) titled: bool,
    /// Whether it names a job with its firm and dates, and tells nothing of it.
    pub(super) heads: bool,
    /// The index of the job that it tells of.
    pub(super) job: Option<usize>,
}

impl Evidence {
    /// The credit of what is mentioned at this word.
    pub(super) fn credit(&self, word: usize) -> f32 {
        let clause = self.clauses.iter().find(|clause| clause.words.contains(&word));
        clause.map_or(1.0, |clause| clause.credit)
    }
}

impl Resume {
    /// Parses a resume. `today` is the end of jobs that continue.
    #[must_use]
    pub fn read(lexicon: &Lexicon, text: &str, today: Month) -> Self {
        let (plain, offsets) = Normalized::new(text).into_parts();
        let Redacted {
            clean,
            redactions,
            places,
        } = redact::resume(&plain);
        let words = words::words(&clean);
        let limits = &lexicon.weights.text;
        let mut texts = Texts::default();
        let mut sentences = Vec::new();
        let mut unread = 0;
        let lines = outline::read_without(&clean, &places.gaps());
        let read = outline::sentences(&clean, &lines);
        let sections: Vec<_> = read.iter().map(|one| (one.bytes.clone(), one.section)).collect();
        let experience = experience::read(&clean, &sections, today);
        let named = titles::titles(&clean, &lines);
        let titles = titles_of(&clean, &named, &mut texts);
        let jobs = held_jobs(&clean, &experience.periods, named.iter().cloned(), &texts);
        for (sentence, range) in with_words(read, &words) {
            if range.is_empty() {
                continue;
            }
            if sentences.len() == limits.resume_sentences {
                unread += 1;
                continue;
            }
            let tells = sentence.section != SectionKind::Aside
                && says_something(&clean, &words[range.clone()])
                && !traits::is_claim(&clean[sentence.bytes.clone()]);
            let text = tells.then(|| texts.add(&clean[sentence.bytes.clone()]));
            sentences.push(Evidence {
                job: job_of(&jobs, &sentence),
                bytes: sentence.bytes,
                section: sentence.section,
                list: match sentence.section {
                    SectionKind::Skills => true,
                    // A degree, a school and two years are separate items, but state something required.
                    SectionKind::Education => false,
                    _ => is_list(&words[range.clone()]),
                },
                clauses: non_evidence::clauses(&clean, &words[range.clone()], range.start),
                states: sentence.section == SectionKind::Education,
                titled: false,
                heads: false,
                words: range,
                text,
            });
        }
        held::deny(&credentials::of_others(&clean, &words), &mut sentences);
        let told = sections
            .iter()
            .map(|(bytes, section)| (bytes.clone(), *section == SectionKind::Experience));
        let told: Vec<_> = told.collect();
        held::deny(&credentials::expired(&clean, &words, &told, today), &mut sentences);
        let credentials = held::held(credentials::own(&clean, &words), &words, &mut sentences);
        let mut mentions = Vec::new();
        let mut labels = HashMap::new();
        for sentence in sentences.iter().filter(|one| one.section != SectionKind::Aside) {
            let list = sentence.section == SectionKind::Skills;
            for mention in lexicon.mentions(&words[sentence.words.clone()], list) {
                let own = &words[sentence.words.clone()];
                if !labels.contains_key(&mention.skill) && is_reported(lexicon, &clean, own, &mention, list) {
                    labels.insert(mention.skill, lexicon.named(&mention, &clean));
                }
                mentions.push(Mention {
                    words: sentence.words.start + mention.words.start..sentence.words.start + mention.words.end,
                    ..mention
                });
            }
        }
        for sentence in &mut sentences {
            // A title names an occupation, not what was done in it.
            let inside = |title: &Range<usize>| title.start <= sentence.bytes.start && sentence.bytes.end <= title.end;
            sentence.titled = named.iter().any(inside);
            sentence.states |= sentence.titled;
            let has = |part: &Range<usize>| sentence.bytes.start <= part.start && part.end <= sentence.bytes.end;
            let dated = experience.periods.iter().any(|period| has(&period.bytes));
            sentence.heads = sentence.titled || dated && sentence.words.len() <= HEADER_WORDS && named.iter().any(has);
        }
        Self {
            utf16: Utf16::new(text, offsets),
            redactions,
            places,
            titles,
            jobs,
            years: experience.years,
            stated_years: experience.stated,
            periods: experience.periods,
            degrees: education::degrees(&clean, &sections, today),
            credentials,
            levels: language_level::levels(&clean, &words).collect(),
            text: text.into(),
            words,
            sentences,
            mentions,
            labels,
            by_skill: OnceLock::new(),
            phrases: OnceLock::new(),
            broader: Arc::clone(&lexicon.broader),
            shown: OnceLock::new(),
            unread,
            texts,
            foreign: OnceLock::new(),
            told: OnceLock::new(),
            kinds: OnceLock::new(),
            work: OnceLock::new(),
            called: OnceLock::new(),
        }
    }

    /// The texts to encode, without duplicates.
    #[must_use]
    pub fn texts(&self) -> &[Text] {
        self.texts.all()
    }

    /// Whether it is in another language than English.
    pub(super) fn is_foreign(&self) -> bool {
        *self.foreign.get_or_init(|| language::is_foreign(&self.text))
    }

    /// The texts that are compared with those of a posting: all except titles as sentences.
    #[must_use]
    pub fn compared_texts(&self) -> Vec<Text> {
        self.texts.at(self.compared())
    }

    pub(super) fn compared(&self) -> impl Iterator<Item = usize> {
        let titles = self.titles.iter().map(|title| title.as_title);
        self.telling().map(|(_, text)| text).chain(titles)
    }

    /// The index of the sentence at this offset.
    pub(super) fn sentence_of(&self, at: usize) -> Option<usize> {
        let next = self.sentences.partition_point(|sentence| sentence.bytes.end <= at);
        (next < self.sentences.len()).then_some(next)
    }

    /// The bytes of the sentence at this offset.
    pub(super) fn sentence_at(&self, at: usize) -> Option<Range<usize>> {
        self.sentence_of(at).map(|next| self.sentences[next].bytes.clone())
    }

    /// The sentences about the person's work, each with the index of its text.
    pub(super) fn telling(&self) -> impl Iterator<Item = (usize, usize)> {
        let sentences = self.sentences.iter().enumerate();
        sentences.filter_map(|(at, sentence)| sentence.text.map(|text| (at, text)))
    }
}

/// The number of words of a line that names a job with its firm and dates.
const HEADER_WORDS: usize = 14;
/// The rarity from which a single word of no classification is a term of a trade.
const RARE: f32 = 7.0;

/// Whether a skill that the posting does not ask for is worth reporting: not a trait, the title of a job, a firm, a place
/// or an everyday word. `list` is set in a list of skills.
fn is_reported(lexicon: &Lexicon, clean: &str, sentence: &[Word], mention: &Mention, list: bool) -> bool {
    if traits::is_trait(&clean[mention.bytes.clone()]) || is_part_of_name(lexicon, clean, sentence, mention) {
        return false;
    }
    if lexicon.is_proper(mention) {
        return true;
    }
    let line = Line::new(clean, sentence, &[]);
    let own = &sentence[mention.words.clone()];
    let rare = || own.iter().any(|word| lexicon.language.rarity(word.stem) >= RARE);
    // `Black` in the name of a firm.
    let named = own.iter().all(|word| word.case == Case::Capital) && mention.words.start > 0 && !list;
    let telling = own.len() > 1 || mention.certain || !named && (list || rare() || own[0].case == Case::Upper);
    let name = Name {
        words: mention.words.clone(),
        label: Some(mention.clone()),
    };
    telling && skill_phrases::names_skill(&line, &name)
}

/// Whether a label of one everyday word is a part of another name: `Hot Springs`, `Studio 5000`.
fn is_part_of_name(lexicon: &Lexicon, clean: &str, sentence: &[Word], mention: &Mention) -> bool {
    let [word] = &sentence[mention.words.clone()] else {
        return false;
    };
    let before = mention.words.start.checked_sub(1).map(|at| &sentence[at]);
    let unknown = |before: &Word| lexicon.every_mention(std::slice::from_ref(before), true).is_empty();
    let behind = word.gap == Gap::Space && before.is_some_and(|before| before.case == Case::Capital && unknown(before));
    let next = sentence.get(mention.words.end).filter(|next| next.gap == Gap::Space);
    let numbered = next.is_some_and(|next| clean[next.bytes.clone()].bytes().all(|byte| byte.is_ascii_digit()));
    let capital = word.case == Case::Capital;
    capital && (mention.everyday && behind || numbered && !lexicon.is_proper(mention))
}

/// Pairs sentences with their words.
pub(super) fn with_words(sentences: Vec<Sentence>, words: &[Word]) -> impl Iterator<Item = (Sentence, Range<usize>)> {
    sentences.into_iter().map(|sentence| {
        let from = words.partition_point(|word| word.bytes.start < sentence.bytes.start);
        let until = words.partition_point(|word| word.bytes.start < sentence.bytes.end);
        (sentence, from..until)
    })
}

/// Whether a sentence has two content words besides dates. Shorter ones are similar to nothing, and hence to
/// everything.
fn says_something(clean: &str, sentence: &[Word]) -> bool {
    let subject = |word: &&Word| word.subject && !date::is_date_word(&clean[word.bytes.clone()]);
    sentence.iter().filter(subject).count() >= 2
}

/// Whether a sentence is a list: many short items, or many words without function words.
fn is_list(sentence: &[Word]) -> bool {
    let items = 1 + sentence.iter().skip(1).filter(|word| word.gap == Gap::Break).count();
    let grammar = sentence.iter().filter(|word| !word.subject).count();
    items >= 3 && sentence.len() <= 3 * items || sentence.len() >= 8 && 12 * grammar <= sentence.len()
}
