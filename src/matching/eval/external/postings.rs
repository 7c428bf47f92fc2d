//! Whole Ethiopian advertisements (Tabiya's hahu test): their ESCO occupation by the title and by the text, and the skills that
//! ESCO names for that occupation, by the text. Its authors publish no figure for a ranking.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use serde::Deserialize;

use super::super::EvalError;
use super::super::bm25::Bm25;
use super::super::data::{Data, Part, Title};
use super::super::figures::{Figure, r_precision};
use super::super::table::{Line, Task};
use super::super::titles::{self, Labels, Titles};
use super::super::vectors::Vectors;
use super::reported;
use crate::inference::{Inference, Role, Text, dot_product};
use crate::matching::similarity::{Index, Language, Reading};
use crate::matching::{Job, Lexicon, words};

#[derive(Deserialize)]
struct Advertisement {
    title: String,
    /// The code of an occupation.
    esco: String,
    description: String,
}

/// The advertisements with the sentences that the product reads in them.
struct Read {
    all: Vec<Advertisement>,
    texts: Vec<Vec<Text>>,
}

impl Read {
    fn new(all: Vec<Advertisement>, lexicon: &Lexicon) -> Self {
        let texts = |one: &Advertisement| {
            let job = Job::read(lexicon, &one.description);
            let texts = job.texts().iter().filter(|text| text.role() == Role::Evidence);
            texts.cloned().collect::<Vec<Text>>()
        };
        let texts = all.par_iter().map(texts).collect();
        Self { all, texts }
    }

    fn readings(&self, language: &Language, vectors: &Vectors) -> Vec<Vec<Reading>> {
        let read = |texts: &Vec<Text>| {
            let pairs: Vec<_> = texts
                .iter()
                .map(|text| (text, vectors.of_as(text.role(), text)))
                .collect();
            language.read_all(&pairs)
        };
        self.texts.par_iter().map(read).collect()
    }
}

pub(super) async fn tasks(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Vec<Task>, EvalError> {
    let read = Read::new(data.objects("hahu/postings.jsonl.zst")?, lexicon);
    for texts in &read.texts {
        vectors.encode_texts(inference, texts).await?;
    }
    Ok(vec![
        occupations(data, &read, lexicon, inference, vectors).await?,
        skills(data, &read, lexicon, inference, vectors).await?,
    ])
}

#[derive(Deserialize)]
struct Concept {
    code: String,
    description: String,
}

async fn occupations(
    data: &Data,
    read: &Read,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Task, EvalError> {
    let (mut occupations, _) = data.titles()?;
    occupations.iter_mut().for_each(|one| one.part = Part::Test);
    let concepts: Vec<Concept> = data.rows("esco/occupations.csv")?;
    let by_code: HashMap<&str, usize> = concepts
        .iter()
        .enumerate()
        .map(|(at, one)| (one.code.as_str(), at))
        .collect();
    let known: Vec<(usize, usize)> = (read.all.iter().enumerate())
        .filter_map(|(at, one)| Some((at, *by_code.get(one.esco.as_str())?)))
        .collect();
    let asked: Vec<Title> = known
        .iter()
        .map(|&(at, code)| (read.all[at].title.clone(), code))
        .collect();
    let titles = Titles::new(&occupations, &asked, Part::Test);
    let mut lines = titles::lines(&titles, lexicon, inference, vectors).await?;
    for line in &mut lines {
        line.ranker.push_str(", by title");
    }

    let descriptions = concepts.iter().map(|one| one.description.as_str());
    vectors.encode_as(Role::Evidence, inference, descriptions).await?;
    let mut documents = Vec::new();
    for one in &concepts {
        documents.push(vectors.whole(inference, &one.description).await?);
    }
    let mut texts = Vec::new();
    for one in &read.all {
        texts.push(vectors.whole(inference, &one.description).await?);
    }
    let vectors = &*vectors;
    let language = &lexicon.language;
    let weights = &lexicon.weights.occupation;
    let work = |one: &Concept| {
        let text = Text::new(&one.description, Role::Evidence);
        language.work([language.read(&text, vectors.of_as(Role::Evidence, &text))].iter())
    };
    let works: Vec<Reading> = concepts.par_iter().map(work).collect();
    let readings = read.readings(language, vectors);
    let labels = Labels::read(&titles, Role::Title, language, vectors);
    let by_text = |at: usize| -> Vec<f32> {
        let text = language.work(readings[at].iter());
        let beyond = |work: &Reading| weights.work_likeness.beyond_neighbours(&text, work);
        works.iter().map(beyond).collect()
    };
    // As in a match: the shares of the title and of the whole text.
    let both = |at: usize| {
        let by_title = labels.scores(&read.all[at].title, weights);
        let by_text = by_text(at);
        let score = |(title, text): (f32, f32)| {
            let (title, text) = (
                weights.similarity.of(title.into()),
                weights.work_similarity.of(text.into()),
            );
            weights.title_share * title + (1.0 - weights.title_share) * text
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "scores are compared as the baselines' are"
        )]
        let scores = by_title.into_iter().zip(by_text).map(score).map(|score| score as f32);
        scores.collect::<Vec<f32>>()
    };
    let rows: Vec<&[f32]> = documents.iter().map(Vec::as_slice).collect();
    let cosine = |at: usize| {
        let mut scores = Vec::new();
        dot_product(&[&texts[at]], &rows, &mut scores);
        scores
    };
    let index = Bm25::new(
        (concepts.iter().zip(&occupations))
            .map(|(one, occupation)| one.description.clone() + " " + &occupation.labels.join(" ")),
    );
    let words = |at: usize| index.scores(&read.all[at].description);
    let places: Vec<usize> = known.iter().map(|(at, _)| *at).collect();
    lines.insert(
        1,
        Line::new("ours, by title and text", titles.figures_at(|at| both(places[at]))),
    );
    lines.insert(
        2,
        Line::new("ours, by text", titles.figures_at(|at| by_text(places[at]))),
    );
    lines.push(Line::new("BM25, by text", titles.figures_at(|at| words(places[at]))));
    lines.push(Line::new(
        "cosine, text and description",
        titles.figures_at(|at| cosine(places[at])),
    ));
    let name = format!(
        "hahu: advertisement -> ESCO occupation ({} advertisements, {} occupations)",
        places.len(),
        occupations.len()
    );
    Ok(reported(name, lines))
}

#[derive(Deserialize)]
struct SkillRow {
    label: String,
}

/// The skills of an occupation, as row numbers.
#[derive(Deserialize)]
struct Needed {
    code: String,
    essential: Vec<usize>,
    optional: Vec<usize>,
}

async fn skills(
    data: &Data,
    read: &Read,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Task, EvalError> {
    let rows: Vec<SkillRow> = data.rows("esco/skill_descriptions.csv.zst")?;
    let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
    for role in [Role::Sentence, Role::Evidence] {
        vectors.encode_as(role, inference, labels.iter().copied()).await?;
    }
    let mut texts = Vec::new();
    for one in &read.all {
        texts.push(vectors.whole(inference, &one.description).await?);
    }
    let vectors = &*vectors;
    let language = &lexicon.language;
    let role = Role::Evidence;
    let reading = |label: &&str| language.read(&Text::new(*label, role), vectors.of_as(role, label));
    let index: Index = labels.par_iter().map(reading).collect::<Vec<_>>().iter().collect();
    let readings = read.readings(language, vectors);
    let by_label: HashMap<&str, usize> = labels.iter().enumerate().map(|(at, label)| (*label, at)).collect();
    // Skills that are named come first, then by the most similar sentence, as for a sentence.
    let ours = |at: usize| {
        let mut scores = vec![f32::MIN; labels.len()];
        let sentences: Vec<&Reading> = readings[at].iter().collect();
        index.compare(lexicon.weights.skills.likeness, &sentences, |_, label, likeness| {
            scores[label] = scores[label].max(likeness);
        });
        let named = lexicon.mentions(&words::words(&read.all[at].description), false);
        let named: BTreeSet<usize> = named
            .iter()
            .filter_map(|mention| by_label.get(lexicon.esco_label(mention)?).copied())
            .collect();
        named.into_iter().for_each(|label| scores[label] += 2.0);
        scores
    };
    let bm25 = Bm25::new(labels.iter());
    let words = |at: usize| bm25.scores(&read.all[at].description);
    let vectors_of: Vec<&[f32]> = labels.iter().map(|label| vectors.of(label)).collect();
    let cosine = |at: usize| {
        let mut scores = Vec::new();
        dot_product(&[&texts[at]], &vectors_of, &mut scores);
        scores
    };
    // The advertisements name the skills by numbers of their own, so those of the occupation's code are taken.
    let needed: Vec<Needed> = data.objects("esco/occupation_skills.jsonl.zst")?;
    let needed: HashMap<&str, &Needed> = needed.iter().map(|one| (one.code.as_str(), one)).collect();
    // Advertisements of one occupation have the same skills.
    let mut codes: Vec<&str> = read.all.iter().map(|one| one.esco.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let figures = |scores: &(dyn Fn(usize) -> Vec<f32> + Sync)| {
        let measured: Vec<(usize, f64, f64)> = (0..read.all.len())
            .into_par_iter()
            .filter_map(|at| {
                let (one, scores) = (&read.all[at], scores(at));
                let needed = needed.get(one.esco.as_str())?;
                let essential = &needed.essential;
                let any = [&essential[..], &needed.optional].concat();
                let group = codes.partition_point(|code| *code < one.esco.as_str());
                (!essential.is_empty()).then(|| {
                    (
                        group,
                        r_precision(&scores, essential, 10),
                        r_precision(&scores, &any, 10),
                    )
                })
            })
            .collect();
        let essential: Vec<_> = measured
            .iter()
            .map(|&(group, essential, _)| (group, essential))
            .collect();
        let any: Vec<_> = measured.iter().map(|&(group, _, any)| (group, any)).collect();
        vec![
            ("RP@10, essential", Figure::of(&essential)),
            ("RP@10, essential or optional", Figure::of(&any)),
        ]
    };
    let lines = vec![
        Line::new("ours", figures(&ours)),
        Line::new("BM25", figures(&words)),
        Line::new("cosine, text and label", figures(&cosine)),
    ];
    let name = format!(
        "hahu: advertisement -> ESCO skills of its occupation ({} advertisements)",
        read.all.len()
    );
    Ok(reported(name, lines))
}
