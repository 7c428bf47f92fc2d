//! The report of a scored pair: evidence, skills and highlights. `gaps` adds the gaps with their gains.

mod highlights;
mod summary;
mod warnings;

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use self::highlights::highlights;
use self::summary::summary;
use super::credentials;
use super::date::Period;
use super::degrees::degree_name;
use super::education;
use super::english::SectionKind;
use super::evidence::{Measurement, Pair};
use super::gaps::GapTexts;
use super::job::{Need, Requirement};
use super::jobs_held::HeldJob;
use super::posting::LineKind;
use super::question::Support;
use super::result::{
    Education, Experience, JobSection, Occupation, RequirementKind, RequirementMatch, ResumeMatch, Section, Skill,
    SkillGap, SkillMatch, SkillReport, TextSpan,
};
use super::score::{Addition, OTHER_SUBJECT, ScoreInput, total};
use super::scoring::in_force;
use super::timeline;
use crate::inference::Text;

/// The bytes of the lines that name a job and its dates, up to which all of them are quoted.
const LONGEST_HEADER: usize = 160;

impl<'v, R, J> Pair<'_, R, J>
where
    R: Fn(usize) -> &'v [f32],
    J: Fn(usize) -> Option<&'v [f32]>,
{
    /// The score alone, for rankings.
    pub(super) fn value(&self) -> f64 {
        self.input(&self.measure(&self.pasted())).score(None)
    }

    pub(super) fn score(&self) -> ResumeMatch {
        let pasted = self.pasted();
        self.report(&self.measure(&pasted), &pasted)
    }

    /// The input of the score, with nothing added.
    pub(super) fn input<'s>(&'s self, measured: &'s Measurement) -> ScoreInput<'s> {
        ScoreInput {
            weights: self.weights,
            groups: &self.job.groups,
            requirements: &self.job.requirements,
            required_years: self.job.years(),
            required_degree: self.job.degree(),
            measured,
            years: self.resume.years,
            degrees: &self.resume.degrees,
            closed: BTreeSet::new(),
        }
    }

    /// The match for this evidence. `pasted` words did not count.
    pub(super) fn report(&self, measured: &Measurement, pasted: &[bool]) -> ResumeMatch {
        let input = self.input(measured);
        let components = input.components(None);
        let score = total(&components);
        let requirements = self.requirements(&input);
        let skills = self.skills(&input);
        let weights = in_force(self.weights, &self.job.overrides);
        let gaps = input.gaps(score, &GapTexts::new(self.resume, self.job, &weights.digest));
        let (resume_highlights, job_highlights) = highlights(&requirements, &skills);
        ResumeMatch {
            score,
            weights,
            warnings: self.warnings(&components, pasted),
            experience: self.experience(),
            education: self.education(&input),
            occupation: self.occupation(&input),
            credentials: credentials::both(
                &self.job.credentials,
                &self.resume.credentials,
                |bytes| self.job_span(bytes),
                |bytes| self.resume_span(bytes),
            ),
            summary: summary(score, measured.confidence, &requirements, input.skills_shown(), &gaps),
            open_questions: self.open_questions(&input),
            sections: self.sections(),
            job_sections: self.job_sections(),
            redactions: self
                .resume
                .redactions
                .iter()
                .map(|bytes| self.resume.utf16.span(&self.resume.text, bytes))
                .collect(),
            resume_text: Arc::clone(&self.resume.text),
            job_text: Arc::clone(&self.job.text),
            gaps,
            resume_highlights,
            job_highlights,
            components,
            requirements,
            skills,
        }
    }

    fn experience(&self) -> Experience {
        Experience {
            required_years: self.job.years(),
            found_years: self.resume.years,
            periods: timeline::periods(&self.resume.periods, |bytes| self.resume_span(bytes)),
            breaks: timeline::breaks(&self.resume.periods),
        }
    }

    fn education(&self, input: &ScoreInput<'_>) -> Education {
        let asked = self.job.degree();
        Education {
            required: asked.map(|asked| degree_name(asked.level).to_owned()),
            found: education::highest(input.degrees).map(|held| {
                let other = asked.is_some_and(|asked| input.degree_standing(asked, None).is_other());
                format!("{}{}", degree_name(held.level), if other { OTHER_SUBJECT } else { "" })
            }),
            met: asked.map(|asked| input.has_degree(asked)),
        }
    }

    fn occupation(&self, input: &ScoreInput<'_>) -> Occupation {
        let titles = &self.resume.titles;
        let nearest = input
            .measured
            .title
            .and_then(|(text, _)| titles.iter().find(|title| title.as_title == text));
        let title = nearest.or(titles.first()).map(|title| title.as_sentence);
        let named = |texts: &[Text], at: Option<usize>| at.map(|at| texts[at].trim().to_owned());
        Occupation {
            resume: named(self.resume.texts(), title),
            job: named(self.job.texts(), self.job.title.map(|title| title.as_sentence)),
            agreement: input.agreement(),
        }
    }

    /// The sections of the resume; adjacent sections of one kind are joined.
    fn sections(&self) -> Vec<Section> {
        let mut found: Vec<(_, Range<usize>)> = Vec::new();
        for sentence in &self.resume.sentences {
            match found.last_mut() {
                Some((kind, bytes)) if *kind == sentence.section => bytes.end = sentence.bytes.end,
                _ => found.push((sentence.section, sentence.bytes.clone())),
            }
        }
        found
            .into_iter()
            .map(|(kind, bytes)| Section {
                kind,
                span: self.resume_span(&bytes),
            })
            .collect()
    }

    /// The parts of the posting; adjacent lines of one kind are joined, headings are not.
    fn job_sections(&self) -> Vec<JobSection> {
        let mut found: Vec<(LineKind, Range<usize>)> = Vec::new();
        for (kind, bytes) in &self.job.lines {
            match found.last_mut() {
                Some((last, joined)) if last == kind && *kind != LineKind::Heading => joined.end = bytes.end,
                _ => found.push((*kind, bytes.clone())),
            }
        }
        found
            .into_iter()
            .map(|(kind, bytes)| JobSection {
                kind,
                span: self.job_span(&bytes),
            })
            .collect()
    }

    fn requirements(&self, input: &ScoreInput<'_>) -> Vec<RequirementMatch> {
        let requirements = self.job.requirements.iter().enumerate();
        requirements
            .filter_map(|(at, one)| {
                let judged = input.judge(one, at, None)?;
                let job_span = self.job_span(&one.bytes);
                Some(RequirementMatch {
                    text: job_span.text.clone(),
                    job_span,
                    kind: match one.need {
                        Need::Must => RequirementKind::MustHave,
                        Need::Duty => RequirementKind::Duty,
                        Need::Nice => RequirementKind::NiceToHave,
                    },
                    must_have: one.need == Need::Must,
                    met: judged.met,
                    similarity: judged.worth,
                    evidence: (judged.met.then(|| self.place_of(one, input, at)).flatten())
                        .map(|bytes| self.resume_span(&bytes)),
                })
            })
            .collect()
    }

    /// The traits that the posting asks for and the conditions that the resume does not show, in text order.
    fn open_questions(&self, input: &ScoreInput<'_>) -> Vec<TextSpan> {
        let requirements = self.job.requirements.iter().enumerate();
        let conditions = requirements.filter(|(at, one)| input.judge(one, *at, None).is_none());
        let mut places: Vec<&Range<usize>> = conditions.map(|(_, one)| &one.bytes).chain(&self.job.traits).collect();
        places.sort_by_key(|place| place.start);
        places.into_iter().map(|bytes| self.job_span(bytes)).collect()
    }

    /// The sentence that supports a requirement: the one with the degree that it asks for, the most similar one, the one
    /// with the skill or licence that it names, or the one with the dates of work if it asks for years.
    fn place_of(&self, one: &Requirement, input: &ScoreInput<'_>, at: usize) -> Option<Range<usize>> {
        let degree = one
            .degree
            .as_ref()
            .and_then(|asked| input.degree_standing(asked, None).shown_by);
        if let Some(held) = degree {
            return Some(self.resume.degrees[held].bytes.clone());
        }
        let measured = input.measured;
        let Support { worth, sentence, .. } = measured.evidence[at];
        let enough = |worth: f64| worth > 0.0 && worth >= self.weights.requirements.met;
        let supporting = sentence
            .filter(|_| enough(worth) && !one.only_skills && one.names.is_empty())
            .map(|at| self.resume.sentences[at].bytes.clone());
        let by_skill = || {
            let skills = one.skills.iter().flatten().map(|&skill| &measured.skills[skill]);
            let shown = skills.filter(|shown| enough(shown.worth));
            let best = shown.max_by(|a, b| a.worth.total_cmp(&b.worth))?;
            self.resume.sentence_at(best.places.first()?.start)
        };
        let by_licence = || {
            sentence
                .filter(|_| enough(worth))
                .map(|at| self.resume.sentences[at].bytes.clone())
        };
        let by_dates = || {
            one.years
                .and_then(|_| self.dates_of_work(measured.title.map(|(text, _)| text)))
        };
        let dated = by_dates().filter(|_| enough(measured.worked[at]));
        dated
            .or(supporting)
            .or_else(by_skill)
            .or_else(by_licence)
            .or_else(by_dates)
    }

    /// The dates of work that stand for all years: those of the longest job with this title, from its first line on, or else
    /// the latest.
    fn dates_of_work(&self, title: Option<usize>) -> Option<Range<usize>> {
        let resume = self.resume;
        let titled = |job: &&HeldJob| job.title.is_some_and(|held| Some(held.as_title) == title);
        let longest = resume.jobs.iter().filter(titled).max_by_key(|job| job.months.len());
        let of_job = longest.and_then(|job| {
            let mut periods = resume.periods.iter();
            periods.find(|period| job.bytes.contains(&period.bytes.start))
        });
        let of_work = |period: &&Period| {
            let at = resume.sentence_of(period.bytes.start);
            at.is_some_and(|at| resume.sentences[at].section == SectionKind::Experience)
        };
        let latest = || {
            resume
                .periods
                .iter()
                .rev()
                .find(of_work)
                .or_else(|| resume.periods.last())
        };
        let dates = resume.sentence_at(of_job.or_else(latest)?.bytes.start)?;
        // The title may stand above its dates.
        let start = longest
            .filter(|_| of_job.is_some())
            .map_or(dates.start, |job| job.bytes.start.min(dates.start));
        Some(if dates.end - start <= LONGEST_HEADER {
            start..dates.end
        } else {
            dates
        })
    }

    fn skills(&self, input: &ScoreInput<'_>) -> SkillReport {
        let mut report = SkillReport::default();
        for (at, (wanted, shown)) in self.job.skills.iter().zip(&input.measured.skills).enumerate() {
            let skill = Skill {
                label: wanted.label.clone(),
                uri: wanted.uri.clone(),
            };
            let job_spans = wanted.places.iter().map(|bytes| self.job_span(bytes)).collect();
            if shown.worth > 0.0 {
                report.matched.push(SkillMatch {
                    skill,
                    similarity: shown.similarity,
                    required: wanted.must,
                    resume_spans: shown.places.iter().map(|bytes| self.resume_span(bytes)).collect(),
                    job_spans,
                });
            } else if input.is_counted(at) && !input.alternative_shown(at) {
                report.missing.push(SkillGap {
                    skill,
                    required: wanted.must,
                    job_spans,
                    score_if_added: input.score(Some(Addition::Skill(at))),
                });
            }
        }
        report
            .missing
            .sort_by(|a, b| b.score_if_added.total_cmp(&a.score_if_added));
        let wanted: HashSet<u32> = self.job.skills.iter().filter_map(|wanted| wanted.skill).collect();
        let mut seen = HashSet::new();
        report.additional = self
            .resume
            .mentions
            .iter()
            .filter(|mention| !wanted.contains(&mention.skill) && seen.insert(mention.skill))
            .filter_map(|mention| self.resume.labels.get(&mention.skill))
            .filter(|(label, _)| {
                self.job
                    .skills
                    .iter()
                    .all(|wanted| !wanted.label.eq_ignore_ascii_case(label))
            })
            .map(|(label, uri)| Skill {
                label: label.clone(),
                uri: uri.clone(),
            })
            .collect();
        report
    }

    fn job_span(&self, bytes: &Range<usize>) -> TextSpan {
        self.job.utf16.span(&self.job.text, bytes)
    }

    fn resume_span(&self, bytes: &Range<usize>) -> TextSpan {
        let bytes = self.resume.places.original(bytes);
        self.resume.utf16.span(&self.resume.text, &bytes)
    }
}
