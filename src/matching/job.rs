//! A parsed posting: its requirements, their importance, and the texts to encode.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::alternatives;
use super::credentials::{self, Credential};
use super::degrees;
use super::encoding_texts::{Texts, Title};
use super::english::SectionKind;
use super::enumeration;
use super::experience;
use super::language;
use super::lexicon::Lexicon;
use super::licence::Licence;
use super::normalize::Normalized;
use super::posting::{self, Cue, LineKind, PostingLine};
use super::redact;
use super::sections;
use super::similarity::{Language, Reading};
use super::span::Utf16;
use super::wanted_skills::{AskingLine, WantedSkills};
use super::words::{self, Stems, Word};
use crate::inference::Text;

pub(super) use super::wanted_skills::WantedSkill;

/// A parsed posting, which can be compared with any number of resumes.
#[derive(Debug)]
pub struct Job {
    pub(super) text: Arc<str>,
    pub(super) utf16: Utf16,
    /// The lines and sentences with their kinds, in order.
    pub(super) lines: Vec<(LineKind, Range<usize>)>,
    pub(super) requirements: Vec<Requirement>,
    pub(super) skills: Vec<WantedSkill>,
    /// The skills, grouped.
    pub(super) groups: Vec<SkillGroup>,
    /// The licences and certificates it names.
    pub(super) credentials: Vec<Credential>,
    /// The title that names the occupation.
    pub(super) title: Option<Title>,
    /// The stems of its content words.
    pub(super) vocabulary: Stems<()>,
    pub(super) words: usize,
    /// The number of requirements above the limit, which are ignored.
    pub(super) unread: usize,
    /// The must-haves and nice-to-haves that the caller set, by normalized text.
    pub(super) overrides: Vec<(String, bool)>,
    /// The must-haves that the posting states, if the caller set others.
    pub(super) stated: Option<Needs>,
    pub(super) texts: Texts,
    /// Whether it is in another language than English, computed when it is first compared.
    foreign: OnceLock<bool>,
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

/// Which requirements, skills and groups of skills of a posting are must-haves, each in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) requirements: Vec<Need>,
    pub(super) skills: Vec<bool>,
    pub(super) groups: Vec<bool>,
}

#[derive(Debug, Clone)]
pub(super) struct Requirement {
    pub(super) bytes: Range<usize>,
    /// The indices of the texts to compare: its own, or those of the tasks that it lists.
    pub(super) texts: Vec<usize>,
    pub(super) need: Need,
    /// Whether it is a duty of the posting, whatever the caller set.
    pub(super) duty: bool,
    /// The licence or certificate that it asks for.
    pub(super) licence: Option<Licence>,
    pub(super) years: Option<f64>,
    /// The lowest sufficient rank.
    pub(super) degree: Option<u8>,
    /// Whether experience is accepted in place of the degree.
    pub(super) equivalent: bool,
    /// The indices of the skills it names, grouped: one of each group suffices.
    pub(super) skills: Vec<Vec<usize>>,
    /// Whether it asks for nothing but these skills.
    pub(super) only_skills: bool,
}

/// Skills of which one suffices, over the whole posting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SkillGroup {
    /// Indices of skills.
    pub(super) skills: Vec<usize>,
    pub(super) must: bool,
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
        let lines = posting::read(&lexicon.lines, &plain, &clean, &words);
        let title = lines
            .iter()
            .position(|line| line.title)
            .or_else(|| first_heading(&clean, &lines));
        let title = title.map(|at| title_of(&clean, &lines[at..]));
        let asks = asks(&clean, &lines);
        let mut requirements = Vec::new();
        let mut skills = WantedSkills::default();
        let mut credentials: Vec<Credential> = Vec::new();
        let mut unread = 0;
        for ask in asks {
            if requirements.len() == limits.job_requirements {
                unread += 1;
                continue;
            }
            let range = word_range(&words, &ask.bytes);
            let line = &clean[ask.bytes.clone()];
            for credential in credentials::credentials(&clean, &words[range.clone()]) {
                if credentials.iter().all(|known| known.name != credential.name) {
                    credentials.push(credential);
                }
            }
            let asking = AskingLine {
                list: ask.listed || is_list(&words[range.clone()]),
                words: &words[range.clone()],
                must: ask.need == Need::Must,
                duty: ask.need == Need::Duty,
            };
            let named = skills.add(lexicon, &clean, asking, &mut texts, limits.job_skills);
            let in_line = |bytes: Range<usize>| bytes.start - ask.bytes.start..bytes.end - ask.bytes.start;
            let named: Vec<(Range<usize>, usize)> = named.into_iter().map(|(bytes, at)| (in_line(bytes), at)).collect();
            // The first of several alternatives states what all of them ask for.
            let ways = ask
                .ways
                .as_ref()
                .map(|bytes| (&clean[bytes.clone()], word_range(&words, bytes)));
            let degree = ways
                .as_ref()
                .and_then(|(text, _)| degrees::degrees(text))
                .map(|(lowest, _)| lowest);
            let accepts = ways.as_ref().is_some_and(|(text, _)| degrees::takes_equivalent(text));
            let duty = ask.need == Need::Duty;
            let tasks = enumeration::tasks(&clean, &words[range.clone()]);
            requirements.push(Requirement {
                licence: Licence::asked(&clean, &words[range.clone()]).filter(|_| !duty),
                only_skills: names_only(&clean, &words[range], &ask.bytes, &named),
                texts: match &tasks[..] {
                    [] => vec![texts.add(line)],
                    tasks => tasks.iter().map(|bytes| texts.add(&clean[bytes.clone()])).collect(),
                },
                duty,
                years: ways.and_then(|(_, range)| experience::years(&clean, &words[range])),
                bytes: ask.bytes,
                need: ask.need,
                degree,
                equivalent: degree.is_some() && accepts,
                skills: grouped(line, &named),
            });
        }
        let mut skills = skills.into_vec();
        shown_by(&clean, &requirements, &mut skills);
        let groups = skill_groups(&requirements);
        Self {
            utf16: Utf16::new(text, offsets),
            groups,
            title: title.map(|title| texts.add_title(title)),
            vocabulary: vocabulary(&words, &skills),
            words: words.len(),
            text: text.into(),
            lines: lines.into_iter().map(|line| (line.kind, line.bytes)).collect(),
            requirements,
            skills,
            unread,
            overrides: Vec::new(),
            stated: None,
            credentials,
            texts,
            foreign: OnceLock::new(),
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
        *self.foreign.get_or_init(|| language::is_foreign(&self.text))
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
            let texts = self.requirements.iter().flat_map(|one| &one.texts);
            language.work(texts.filter_map(|&text| reading(text)))
        })
    }

    /// The required years.
    pub(super) fn years(&self) -> Option<f64> {
        required_years(&self.requirements)
    }

    /// The requirement with the required degree.
    pub(super) fn degree(&self) -> Option<(u8, bool)> {
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

/// The most years that these requirements ask for, except optional ones.
pub(super) fn required_years(requirements: &[Requirement]) -> Option<f64> {
    let asked = requirements.iter().filter(|one| one.need != Need::Nice);
    asked.filter_map(|one| one.years).reduce(f64::max)
}

/// The highest degree that these requirements ask for, except optional ones, and whether experience is accepted in its
/// place.
pub(super) fn required_degree(requirements: &[Requirement]) -> Option<(u8, bool)> {
    let asked = requirements.iter().filter(|one| one.need != Need::Nice);
    asked
        .filter_map(|one| one.degree.map(|rank| (rank, one.equivalent)))
        .max()
}

/// The skills of a line, given with their places, in groups of which one suffices.
fn grouped(line: &str, named: &[(Range<usize>, usize)]) -> Vec<Vec<usize>> {
    let places: Vec<Range<usize>> = named.iter().map(|(place, _)| place.clone()).collect();
    let groups = alternatives::groups(line, &places).into_iter();
    groups
        .map(|group| group.into_iter().map(|at| named[at].1).collect())
        .collect()
}

/// Words beside the names of skills that ask for nothing more: `Strong knowledge of SQL`.
const ABOUT_SKILLS: &str = "experience experienced knowledge proficiency proficient skill familiarity familiar understanding \
    expertise fluent fluency competent competence competency ability able working good strong excellent solid sound basic \
    advanced proven demonstrated demonstrable hands practical use using current valid preferred required essential desirable \
    plus must nice have similar equivalent least certification certified licence license certificate card language \
    languages tools software";

/// Whether a line consists of the names of skills and of words that only introduce them.
fn names_only(clean: &str, line: &[Word], bytes: &Range<usize>, named: &[(Range<usize>, usize)]) -> bool {
    let inside = |word: &Word| {
        let at = word.bytes.start - bytes.start;
        named.iter().any(|(place, _)| place.contains(&at))
    };
    let introduces = |word: &Word| {
        let low = clean[word.bytes.clone()].to_lowercase();
        ABOUT_SKILLS
            .split_whitespace()
            .any(|one| one == low || low.strip_suffix('s') == Some(one))
    };
    let mut other = line
        .iter()
        .filter(|word| word.subject && !inside(word) && !introduces(word));
    !named.is_empty() && other.next().is_none()
}

/// The number of skills above which a line says too little about each.
const MOST_SHOWN_BY_LINE: usize = 3;

/// Sets which requirements show a skill that the resume does not name.
fn shown_by(clean: &str, requirements: &[Requirement], skills: &mut [WantedSkill]) {
    for (at, one) in requirements.iter().enumerate() {
        let named: Vec<usize> = one.skills.iter().flatten().copied().collect();
        if named.len() > MOST_SHOWN_BY_LINE {
            continue;
        }
        for skill in named {
            let wanted = &mut skills[skill];
            if !wanted.places.iter().any(|place| is_name(clean, place, &one.bytes)) {
                wanted.shown_by.push(at);
            }
        }
    }
}

/// Whether a skill is written as a name: `AutoCAD`, `SAP`, `C++`, or with a capital inside a line.
fn is_name(clean: &str, place: &Range<usize>, line: &Range<usize>) -> bool {
    let written = &clean[place.clone()];
    let mut rest = written.chars();
    let first = rest.next();
    let inside = line.contains(&place.start) && place.start > line.start;
    rest.any(|c| c.is_uppercase() || c.is_numeric() || matches!(c, '+' | '#'))
        || inside && first.is_some_and(char::is_uppercase)
}

/// The groups of all lines. A skill that one line asks for by itself is no alternative to others elsewhere.
fn skill_groups(requirements: &[Requirement]) -> Vec<SkillGroup> {
    let mut found: Vec<SkillGroup> = Vec::new();
    for one in requirements {
        for group in &one.skills {
            let mut skills = group.clone();
            skills.sort_unstable();
            let must = one.need == Need::Must;
            match found.iter_mut().find(|known| known.skills == skills) {
                Some(known) => known.must |= must,
                None => found.push(SkillGroup { skills, must }),
            }
        }
    }
    let alone: Vec<usize> = found
        .iter()
        .filter(|one| one.skills.len() == 1)
        .map(|one| one.skills[0])
        .collect();
    found.retain(|one| one.skills.len() == 1 || !one.skills.iter().all(|skill| alone.contains(skill)));
    found
}

/// What a line, or a part of one, asks for.
#[derive(Debug)]
struct Ask {
    bytes: Range<usize>,
    need: Need,
    /// Whether it is in a section of skills.
    listed: bool,
    /// The text that states the years and the degree: its own, or that of all alternatives for the first of them.
    ways: Option<Range<usize>>,
}

/// What the lines ask for, without what they say is not needed.
fn asks(clean: &str, lines: &[PostingLine]) -> Vec<Ask> {
    let mut found: Vec<Ask> = Vec::new();
    let mut listed = false;
    for line in lines {
        let need = match line.kind {
            LineKind::Duty => Need::Duty,
            LineKind::MustHave => Need::Must,
            LineKind::NiceToHave => Need::Nice,
            LineKind::Heading => {
                let heading = sections::heading(&clean[line.bytes.clone()]);
                listed = heading.is_some_and(|heading| heading.kind == SectionKind::Skills);
                continue;
            }
            _ => continue,
        };
        // `Essential` below another heading, or a line that introduces a list.
        let text = clean[line.bytes.clone()].trim_end();
        if posting::is_cue_only(text) || text.ends_with(':') || !text.contains(char::is_alphabetic) {
            continue;
        }
        let parts = posting::parts(clean, &line.bytes);
        for part in parts {
            let need = match (part.cue, need) {
                (Cue::Not, _) => continue,
                (_, Need::Duty) | (Cue::None, _) => need,
                (Cue::Must, _) => Need::Must,
                (Cue::Nice, _) => Need::Nice,
            };
            found.push(Ask {
                ways: Some(part.bytes.clone()),
                bytes: part.bytes,
                need,
                listed,
            });
        }
    }
    if found.is_empty() {
        found = unknown_asks(clean, lines);
    }
    join_alternatives(clean, &mut found);
    found
}

/// A posting of an unknown form asks for whatever is about nothing else.
fn unknown_asks(clean: &str, lines: &[PostingLine]) -> Vec<Ask> {
    let other = lines.iter().filter(|line| line.kind == LineKind::Other);
    let sentence = |line: &&PostingLine| clean[line.bytes.clone()].split_whitespace().count() >= 2;
    let asked = |line: &&PostingLine| posting::cue(&clean[line.bytes.clone()]) != Cue::Not;
    other
        .filter(sentence)
        .filter(asked)
        .map(|line| Ask {
            ways: Some(line.bytes.clone()),
            bytes: line.bytes.clone(),
            need: Need::Must,
            listed: false,
        })
        .collect()
}

/// Lines joined by `; or` state one requirement of years and degree together.
fn join_alternatives(clean: &str, asks: &mut [Ask]) {
    let mut first = 0;
    for at in 1..asks.len() {
        let before = clean[asks[at - 1].bytes.clone()].trim_end().to_lowercase();
        let joined = before.ends_with(" or") || before.ends_with(";or") || {
            let own = clean[asks[at].bytes.clone()].trim_start();
            own.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("or "))
        };
        if !joined || asks[at].need != asks[first].need {
            first = at;
            continue;
        }
        let end = asks[at].bytes.end;
        if let Some(ways) = &mut asks[first].ways {
            ways.end = end;
        }
        asks[at].ways = None;
    }
}

/// A heading that opens no section, if the posting begins with it.
fn first_heading(clean: &str, lines: &[PostingLine]) -> Option<usize> {
    let first = lines.first().filter(|line| line.kind == LineKind::Heading)?;
    let text = &clean[first.bytes.clone()];
    (!text.trim_end().ends_with(':') && sections::heading(text).is_none()).then_some(0)
}

/// The title of the job in its line, without a label such as `Job title:`.
fn title_of<'t>(clean: &'t str, lines: &[PostingLine]) -> &'t str {
    let line = &clean[lines[0].bytes.clone()];
    // The label is a unit of its own, with the title after it in the same line.
    let rest = lines
        .get(1)
        .filter(|next| next.line == lines[0].line && line.trim_end().ends_with(':'));
    rest.map_or(line, |rest| &clean[rest.bytes.clone()])
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

/// The stems of the posting and of the names of its skills.
fn vocabulary(words: &[Word], skills: &[WantedSkill]) -> Stems<()> {
    let own = words.iter().filter(|word| word.subject).map(|word| word.stem);
    let mut vocabulary = Stems::default();
    for stem in own.chain(skills.iter().flat_map(|wanted| words::stems(&wanted.label))) {
        vocabulary.entry(stem);
    }
    vocabulary
}

#[cfg(test)]
mod tests;
