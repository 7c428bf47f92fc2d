//! Probes of what must not affect a score: identity, and words of the posting pasted at the end of a resume. Resumes
//! consist of tasks of occupations that were not used for fitting.

use super::EvalError;
use super::data::{Data, Halves, Part};
use super::figures::Figure;
use super::table::{Bar, Line, Task};
use super::vectors::Vectors;
use crate::inference::Inference;
use crate::matching::{Lexicon, Month, Plan, ResumeMatch};

const RESUMES: usize = 50;
const TODAY: Month = Month { year: 2026, month: 11 };

/// The identity in a resume.
struct Person {
    name: &'static str,
    /// As written in running text.
    family: &'static str,
    title: &'static str,
    he: &'static str,
    his: &'static str,
    address: &'static str,
    mail: &'static str,
    phone: &'static str,
    born: &'static str,
    age: u8,
    status: &'static str,
}

const PEOPLE: [Person; 6] = [
    Person {
        name: "Emily Walsh",
        family: "Walsh",
        title: "Ms.",
        he: "She",
        his: "her",
        address: "12 Mill Lane, Leeds LS1 4AB",
        mail: "emily.walsh@example.org",
        phone: "+44 113 496 0182",
        born: "3 May 1992",
        age: 34,
        status: "single",
    },
    Person {
        name: "Jamal Washington",
        family: "Washington",
        title: "Mr.",
        he: "He",
        his: "his",
        address: "84 Alder Court, Columbus, OH 43215",
        mail: "jwash84@example.com",
        phone: "(614) 555-0147",
        born: "14 July 1968",
        age: 58,
        status: "married",
    },
    Person {
        name: "Nguyễn Văn Anh",
        family: "Nguyễn",
        title: "Mr.",
        he: "He",
        his: "his",
        address: "5 Lý Thường Kiệt, Hà Nội",
        mail: "anh.nv@example.vn",
        phone: "+84 24 5555 0199",
        born: "1 January 1999",
        age: 27,
        status: "single",
    },
    Person {
        name: "Siobhán O'Neill",
        family: "O'Neill",
        title: "Mrs.",
        he: "She",
        his: "her",
        address: "22 Quay Street, Cork T12 X4Y8",
        mail: "siobhan@example.ie",
        phone: "021 555 0136",
        born: "30 November 1961",
        age: 64,
        status: "widowed",
    },
    Person {
        name: "Fatima Al-Farsi",
        family: "Al-Farsi",
        title: "Ms.",
        he: "She",
        his: "her",
        address: "7 Al Qurum Street, Muscat 112",
        mail: "f.alfarsi@example.om",
        phone: "+968 2412 3456",
        born: "9 September 1985",
        age: 41,
        status: "divorced",
    },
    Person {
        name: "Łukasz Brzęczyszczykiewicz",
        family: "Brzęczyszczykiewicz",
        title: "Mr.",
        he: "He",
        his: "his",
        address: "ul. Długa 14, 31-147 Kraków",
        mail: "lukasz.b@example.pl",
        phone: "+48 600 100 200",
        born: "22 February 1977",
        age: 49,
        status: "married",
    },
];

fn bullets(tasks: &[String]) -> String {
    tasks.iter().map(|task| format!("- {task}\n")).collect()
}

fn posting(halves: &Halves) -> String {
    format!("Responsibilities\n{}", bullets(&halves.job))
}

fn resume(person: &Person, halves: &Halves) -> String {
    let Person {
        name,
        family,
        title,
        he,
        his,
        address,
        mail,
        phone,
        born,
        age,
        status,
    } = person;
    let (first, rest) = halves.resume.split_at(halves.resume.len().min(1));
    format!(
        "{name}\n{address} | {phone} | {mail}\nDate of birth: {born}\nMarital status: {status}\n\n\
         Summary\n{title} {family} is {age} years old. {he} has done this work since 2015, and {his} teams rely on it.\n\n\
         Experience\nJan 2015 - present\n{}{family} also did what follows.\n{}\nEducation\nBachelor's degree, 2014\n",
        bullets(first),
        bullets(rest)
    )
}

async fn matched(
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
    resume: &str,
    job: &str,
) -> Result<ResumeMatch, EvalError> {
    let plan = Plan::new(lexicon, resume, job, TODAY);
    vectors.encode_texts(inference, plan.texts()).await?;
    let found: Vec<_> = plan
        .texts()
        .iter()
        .map(|text| vectors.of_as(text.role(), text))
        .collect();
    Ok(plan.score(&found)?)
}

/// Both probes.
pub(super) async fn tasks(
    data: &Data,
    lexicon: &Lexicon,
    inference: &Inference,
    vectors: &mut Vectors,
) -> Result<Vec<Task>, EvalError> {
    let all = data.halves()?;
    let mut tested: Vec<&Halves> = all
        .iter()
        .filter(|halves| halves.part == Part::Test && halves.resume.len() > 4)
        .collect();
    let step = (tested.len() / RESUMES).max(1);
    tested = tested.into_iter().step_by(step).take(RESUMES).collect();

    let (mut moved, mut gained, mut silent) = (Vec::new(), Vec::new(), Vec::new());
    for (at, halves) in tested.iter().enumerate() {
        let job = posting(halves);
        let mut scores = Vec::new();
        for person in &PEOPLE {
            scores.push(
                matched(lexicon, inference, vectors, &resume(person, halves), &job)
                    .await?
                    .score,
            );
        }
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let least = scores.iter().copied().fold(f64::MAX, f64::min);
        moved.push((at, most - least));

        // Pasted into a resume of the same occupation, and of another.
        let other = tested[(at + tested.len() / 2) % tested.len()];
        for job in [job, posting(other)] {
            let plain = resume(&PEOPLE[at % PEOPLE.len()], halves);
            let before = matched(lexicon, inference, vectors, &plain, &job).await?;
            let skills = before.skills.matched.iter().map(|skill| skill.skill.label.as_str());
            let missing = before.skills.missing.iter().map(|gap| gap.skill.label.as_str());
            let keywords = skills.chain(missing).collect::<Vec<_>>().join(", ");
            for paste in [
                job.clone(),
                format!("Keywords: {keywords}"),
                format!("{keywords}\n{job}"),
            ] {
                if paste.split_whitespace().count() < 12 {
                    continue;
                }
                let after = matched(lexicon, inference, vectors, &format!("{plain}\n{paste}\n"), &job).await?;
                gained.push((at, after.score - before.score));
                let named = after
                    .warnings
                    .iter()
                    .any(|warning| warning.starts_with("Keyword stuffing"));
                silent.push((at, if named { 0.0 } else { 1.0 }));
            }
        }
    }
    let worst = |values: &[(usize, f64)]| Figure::exact(values.iter().map(|(_, value)| *value).fold(0.0, f64::max));
    let task = |name: String, bar, figures| Task {
        name,
        bar: Bar::AtMost(bar),
        lines: vec![Line {
            ranker: "ours".to_owned(),
            figures,
        }],
    };
    Ok(vec![
        task(
            format!(
                "identity replaced in {} resumes, {} identities each",
                tested.len(),
                PEOPLE.len()
            ),
            0.0,
            vec![("largest change", worst(&moved))],
        ),
        task(
            format!("keyword stuffing, {} resumes", gained.len()),
            0.10,
            vec![
                ("largest gain", worst(&gained)),
                ("mean gain", Figure::of(&gained)),
                ("no warning", Figure::of(&silent)),
            ],
        ),
    ])
}
