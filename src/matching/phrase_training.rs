//! Training and evaluation of the tagger on sentences of job advertisements with marked skills, called by `portcullis
//! train matching` and `portcullis eval matching`.

use std::ops::Range;
use std::path::Path;

use super::card::write_digests;
use super::error::LexiconError;
use super::lexicon::Lexicon;
use super::skill_phrases::{self, Example, Line, PhraseTagger};
use super::tagged_sentence::TaggedSentence;
use super::text_file;
use super::words::{self, Word};

/// SkillSpan (Zhang et al. 2022): skills and knowledge, marked by linguists.
const SKILLSPAN: [&str; 2] = ["skillspan/train.json", "skillspan/dev.json"];
/// Green et al. (2022): advertisements of all trades, marked by crowd workers.
const GREEN: [&str; 2] = ["spans/green-train.jsonl.zst", "spans/green-dev.jsonl.zst"];
/// Lines with their skills in brackets, in the form that is wanted.
const OWN: &str = "phrase-lines.txt";
/// The line of it above those that training never sees.
const HELD_OUT: &str = "= held out";
/// The card of the model.
const CARD: &str = "model.toml";
/// The number of times that training sees each of these lines.
const OWN_TIMES: usize = 4;
/// Features that occur less often are left out.
const LEAST: usize = 8;
/// The weight against spans: negative, because annotators mark less than a recruiter would list.
const BIAS: f32 = -8.0;
/// Sanity limit of a decompressed file in bytes.
const MOST_BYTES: usize = 64 << 20;

/// A sentence with its skills as byte ranges.
#[derive(Debug)]
struct Marked {
    text: String,
    spans: Vec<Range<usize>>,
}

/// Precision and recall of the skills found in one set, by exact spans and by spans that overlap.
#[derive(Debug, Clone)]
pub struct PhraseFigures {
    /// The set.
    pub source: String,
    /// What finds the skills.
    pub ranker: &'static str,
    /// The number of sentences.
    pub sentences: usize,
    /// Precision, recall and F1 of exact spans.
    pub exact: [f64; 3],
    /// Precision, recall and F1 of spans that overlap.
    pub overlap: [f64; 3],
}

/// Trains the tagger on the training sets in `data` and on the lines of `skills/phrase-lines.txt`, and writes it into
/// `skills` under `models`.
///
/// # Errors
/// A file is missing or invalid, or the weights cannot be written.
pub fn train_phrases(models: &Path, data: &Path) -> Result<(), LexiconError> {
    let lexicon = Lexicon::without_phrases(models)?;
    let mut examples = Vec::new();
    for file in [SKILLSPAN[0], GREEN[0]] {
        for marked in read(&data.join(file))? {
            examples.push(example(&lexicon, &marked, true));
        }
    }
    let (own, _) = own_lines(models)?;
    for marked in &own {
        for _ in 0..OWN_TIMES {
            examples.push(example(&lexicon, marked, false));
        }
    }
    let folder = models.join("skills");
    PhraseTagger::learn(&examples, LEAST, BIAS).write(&folder)?;
    write_digests(&folder.join(CARD), &[OWN, PhraseTagger::FILE])
}

/// Evaluates the skills found in sentences that training never saw.
///
/// # Errors
/// A file is missing or invalid.
pub fn evaluate_phrases(models: &Path, data: &Path) -> Result<Vec<PhraseFigures>, LexiconError> {
    let lexicon = Lexicon::open(models)?;
    let mut sets = vec![
        ("SkillSpan".to_owned(), read(&data.join(SKILLSPAN[1]))?, true),
        ("Green et al.".to_owned(), read(&data.join(GREEN[1]))?, true),
    ];
    sets.push(("own lines".to_owned(), own_lines(models)?.1, false));
    let mut figures = Vec::new();
    for (source, marked, crowd) in &sets {
        for (ranker, find) in RANKERS {
            let mut counts = Counts::default();
            for one in marked {
                let words = words::words(&one.text);
                let labels = lexicon.every_mention(&words, false);
                let line = Line::new(&one.text, &words, &labels);
                let gold = gold(&line, one, *crowd);
                counts.add(&find(&lexicon, &line), &gold);
            }
            figures.push(PhraseFigures {
                source: source.clone(),
                ranker,
                sentences: marked.len(),
                exact: counts.exact(),
                overlap: counts.overlap(),
            });
        }
    }
    Ok(figures)
}

type Finder = fn(&Lexicon, &Line<'_>) -> Vec<Range<usize>>;

/// What is compared.
const RANKERS: [(&str, Finder); 3] = [
    ("ours", |lexicon, line| {
        let skills = lexicon.mentions(line.words, false);
        let phrases = skill_phrases::phrases(&lexicon.phrases, line, false);
        let names = skill_phrases::merge(line, skills, phrases);
        names.into_iter().map(|name| name.words).collect()
    }),
    ("phrases alone", |lexicon, line| {
        skill_phrases::phrases(&lexicon.phrases, line, false)
    }),
    ("lexicon alone", |lexicon, line| {
        let skills = lexicon.mentions(line.words, false);
        skills.into_iter().map(|mention| mention.words).collect()
    }),
];

#[derive(Debug, Default)]
struct Counts {
    found: f64,
    gold: f64,
    exact: f64,
    found_over: f64,
    gold_over: f64,
}

impl Counts {
    fn add(&mut self, found: &[Range<usize>], gold: &[Range<usize>]) {
        let over = |one: &Range<usize>, all: &[Range<usize>]| {
            all.iter().any(|other| one.start < other.end && other.start < one.end)
        };
        let count = |n: usize| n as f64;
        self.found += count(found.len());
        self.gold += count(gold.len());
        self.exact += count(found.iter().filter(|one| gold.contains(one)).count());
        self.found_over += count(found.iter().filter(|one| over(one, gold)).count());
        self.gold_over += count(gold.iter().filter(|one| over(one, found)).count());
    }

    fn exact(&self) -> [f64; 3] {
        f1(self.exact / self.found.max(1.0), self.exact / self.gold.max(1.0))
    }

    fn overlap(&self) -> [f64; 3] {
        f1(
            self.found_over / self.found.max(1.0),
            self.gold_over / self.gold.max(1.0),
        )
    }
}

fn f1(precision: f64, recall: f64) -> [f64; 3] {
    let sum = precision + recall;
    [
        precision,
        recall,
        if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 },
    ]
}

fn example(lexicon: &Lexicon, marked: &Marked, crowd: bool) -> Example {
    let words = words::words(&marked.text);
    let labels = lexicon.every_mention(&words, false);
    let line = Line::new(&marked.text, &words, &labels);
    let gold = gold(&line, marked, crowd);
    (
        skill_phrases::features(&line),
        skill_phrases::labels(words.len(), &gold),
    )
}

/// The spans as ranges of words; those of annotators are reduced to what a recruiter would list.
fn gold(line: &Line<'_>, marked: &Marked, crowd: bool) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for span in &marked.spans {
        let range = word_range(line.words, span);
        let parts = if crowd {
            skill_phrases::reduce(line, range)
        } else {
            vec![range]
        };
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            if all
                .iter()
                .all(|other| part.end <= other.start || other.end <= part.start)
            {
                all.push(part);
            }
        }
    }
    all.sort_unstable_by_key(|range| range.start);
    all
}

fn word_range(words: &[Word], bytes: &Range<usize>) -> Range<usize> {
    let from = words.partition_point(|word| word.bytes.start < bytes.start);
    let until = words.partition_point(|word| word.bytes.start < bytes.end);
    from..until
}

/// The lines with brackets: for training, and held out.
fn own_lines(models: &Path) -> Result<(Vec<Marked>, Vec<Marked>), LexiconError> {
    let path = models.join("skills").join(OWN);
    let text = std::fs::read_to_string(&path).map_err(|cause| LexiconError {
        path,
        reason: cause.to_string(),
    })?;
    let (learned, held_out) = text.split_once(HELD_OUT).unwrap_or((&text, ""));
    let lines = |part: &str| {
        let lines = part.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(bracketed).collect()
    };
    Ok((lines(learned), lines(held_out)))
}

/// A line whose skills are in square brackets.
fn bracketed(line: &str) -> Marked {
    let mut marked = Marked {
        text: String::with_capacity(line.len()),
        spans: Vec::new(),
    };
    let mut start = 0;
    for c in line.chars() {
        match c {
            '[' => start = marked.text.len(),
            ']' => marked.spans.push(start..marked.text.len()),
            _ => marked.text.push(c),
        }
    }
    marked
}

/// Reads a file of tagged sentences.
fn read(path: &Path) -> Result<Vec<Marked>, LexiconError> {
    let fail = |cause: serde_json::Error| LexiconError {
        path: path.to_owned(),
        reason: cause.to_string(),
    };
    let text = text_file::read(path, MOST_BYTES)?;
    let sentences = text.lines().map(serde_json::from_str::<TaggedSentence>);
    sentences.map(|sentence| Ok(marked(&sentence.map_err(fail)?))).collect()
}

fn marked(sentence: &TaggedSentence) -> Marked {
    let (text, tokens) = sentence.join(true);
    let spans = [&sentence.tags_knowledge, &sentence.tags_skill].map(|tags| {
        let mut spans: Vec<Range<usize>> = Vec::new();
        for (tag, token) in tags.iter().zip(&tokens) {
            match (tag.chars().next(), spans.last_mut()) {
                (Some('B'), _) => spans.push(token.clone()),
                (Some('I'), Some(last)) if last.end + 1 == token.start => last.end = token.end,
                _ => {}
            }
        }
        spans
    });
    Marked {
        text,
        // A name in an ability comes first: "SQL" in "maintain SQL databases".
        spans: spans.concat(),
    }
}
