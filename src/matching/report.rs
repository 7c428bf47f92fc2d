//! The report of a scored pair: evidence, skills and highlights. `gaps` adds the gaps with their gains.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::credentials;
use super::degrees::degree_name;
use super::evidence::{Measurement, Pair};
use super::gaps::GapTexts;
use super::job::{Need, Requirement};
use super::language;
use super::posting::LineKind;
use super::question::Support;
use super::result::{
    Education, Experience, Gap, Highlight, HighlightKind, JobSection, Occupation, RequirementKind, RequirementMatch,
    ResumeMatch, ScoreComponent, Section, Skill, SkillGap, SkillMatch, SkillReport, TextSpan,
};
use super::score::{Addition, ScoreInput, total};
use super::scoring::in_force;
use super::timeline;
use crate::inference::Text;

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
            degree: self.resume.degree,
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
        let (resume_highlights, job_highlights) = self.highlights(&requirements, &skills);
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
            summary: summary(score, &requirements, input.skills_shown(), &gaps),
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
            required: asked.map(|(rank, _)| degree_name(rank).to_owned()),
            found: (self.resume.degree > 0).then(|| degree_name(self.resume.degree).to_owned()),
            met: asked.map(|(rank, equivalent)| input.degree_worth(rank, equivalent, None) >= 1.0),
        }
    }

    fn occupation(&self, input: &ScoreInput<'_>) -> Occupation {
        let title = input
            .measured
            .title
            .map(|(text, _)| text)
            .or_else(|| self.resume.titles.first().map(|title| title.as_title));
        let named = |texts: &[Text], at: Option<usize>| at.map(|at| texts[at].trim().to_owned());
        Occupation {
            resume: named(self.resume.texts(), title),
            job: named(self.job.texts(), self.job.title.map(|title| title.as_title)),
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

    /// The highlights of the resume and of the posting, in text order.
    fn highlights(&self, requirements: &[RequirementMatch], skills: &SkillReport) -> (Vec<Highlight>, Vec<Highlight>) {
        let mark = |kind, span: &TextSpan| Highlight {
            kind,
            span: span.clone(),
        };
        let (mut resume, mut job) = (Vec::new(), Vec::new());
        for one in requirements {
            let kind = if one.met {
                HighlightKind::Met
            } else {
                HighlightKind::Unmet
            };
            job.push(mark(kind, &one.job_span));
            if let (true, Some(evidence)) = (one.met, &one.evidence) {
                resume.push(mark(HighlightKind::Evidence, evidence));
            }
        }
        for skill in &skills.matched {
            resume.extend(
                skill
                    .resume_spans
                    .iter()
                    .map(|span| mark(HighlightKind::MatchedSkill, span)),
            );
            job.extend(
                skill
                    .job_spans
                    .iter()
                    .map(|span| mark(HighlightKind::MatchedSkill, span)),
            );
        }
        for skill in &skills.missing {
            job.extend(
                skill
                    .job_spans
                    .iter()
                    .map(|span| mark(HighlightKind::MissingSkill, span)),
            );
        }
        for marks in [&mut resume, &mut job] {
            marks.sort_by_key(|mark| (mark.span.start, mark.span.end, mark.kind));
            marks.dedup();
        }
        (resume, job)
    }

    fn requirements(&self, input: &ScoreInput<'_>) -> Vec<RequirementMatch> {
        let requirements = self.job.requirements.iter().enumerate();
        requirements
            .map(|(at, one)| {
                let judged = input.judge(one, at, None);
                let job_span = self.job_span(&one.bytes);
                RequirementMatch {
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
                    evidence: (judged.met.then(|| self.place_of(one, input.measured, at)).flatten())
                        .map(|bytes| self.resume_span(&bytes)),
                }
            })
            .collect()
    }

    /// The sentence that supports a requirement: the one with the degree that it asks for, the most similar one, or else
    /// the one with the skill that it names.
    fn place_of(&self, one: &Requirement, measured: &Measurement, at: usize) -> Option<Range<usize>> {
        let degree = one.degree.filter(|asked| self.resume.degree >= *asked);
        if let Some(place) = degree.and(self.resume.degree_place.clone()) {
            return Some(place);
        }
        let Support { worth, sentence, .. } = measured.evidence[at];
        let enough = |worth: f64| worth > 0.0 && worth >= self.weights.requirements.met;
        let supporting = sentence
            .filter(|_| enough(worth) && !one.only_skills)
            .map(|at| self.resume.sentences[at].bytes.clone());
        supporting.or_else(|| {
            let skills = one.skills.iter().flatten().map(|&skill| &measured.skills[skill]);
            let shown = skills.filter(|shown| enough(shown.worth));
            let best = shown.max_by(|a, b| a.worth.total_cmp(&b.worth))?;
            self.resume.sentence_at(best.places.first()?.start)
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
            } else if !input.alternative_shown(at) {
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
            .map(|(label, uri)| Skill {
                label: label.clone(),
                uri: uri.clone(),
            })
            .collect();
        report
    }

    fn warnings(&self, components: &[ScoreComponent], pasted: &[bool]) -> Vec<String> {
        let limits = &self.weights.text;
        let languages = [
            language::warning("resume", &self.resume.text),
            language::warning("posting", &self.job.text),
        ];
        let mut warnings: Vec<String> = languages.into_iter().flatten().collect();
        let telling = self.resume.sentences.iter().filter(|sentence| sentence.text.is_some());
        let words: usize = telling.map(|sentence| sentence.words.len()).sum();
        if words < limits.resume_words {
            warnings.push(format!(
                "The resume has only {} to go by: the score is lowered and says little.",
                counted_words(words)
            ));
        }
        if self.job.words < limits.job_words {
            warnings.push(format!(
                "The posting has only {} to go by: the score is lowered and says little.",
                counted_words(self.job.words)
            ));
        }
        if self.job.requirements.is_empty() {
            warnings.push("No requirement was found in the posting.".to_owned());
        }
        if components.is_empty() {
            warnings.push("Nothing could be compared: the score of 0 means unknown.".to_owned());
        }
        let copied = pasted.iter().filter(|pasted| **pasted).count();
        if copied > 0 {
            warnings.push(format!(
                "Keyword stuffing: {copied} words of the resume repeat the posting's own words in a row and were not counted."
            ));
        }
        if self.resume.unread > 0 {
            warnings.push(format!(
                "The resume is too long: its last {} sentences were not read.",
                self.resume.unread
            ));
        }
        if self.job.unread > 0 {
            warnings.push(format!(
                "The posting is too long: its last {} requirements were not read.",
                self.job.unread
            ));
        }
        warnings
    }

    fn job_span(&self, bytes: &Range<usize>) -> TextSpan {
        self.job.utf16.span(&self.job.text, bytes)
    }

    fn resume_span(&self, bytes: &Range<usize>) -> TextSpan {
        let bytes = self.resume.places.original(bytes);
        self.resume.utf16.span(&self.resume.text, &bytes)
    }
}

fn counted_words(count: usize) -> String {
    format!("{count} word{}", if count == 1 { "" } else { "s" })
}

/// The summary in two sentences.
fn summary(score: f64, requirements: &[RequirementMatch], (shown, named): (usize, usize), gaps: &[Gap]) -> String {
    let shown = (named > 0).then(|| format!("shows {shown} of {named} skills"));
    let met = requirements.iter().filter(|one| one.met).count();
    let met = (!requirements.is_empty()).then(|| format!("meets {met} of {} requirements", requirements.len()));
    let found = shown.into_iter().chain(met).collect::<Vec<_>>().join(" and ");
    let first = if found.is_empty() {
        format!("The posting names no skills and no requirements; the score is {score:.2}.")
    } else {
        format!("The resume {found} of the posting; the score is {score:.2}.")
    };
    let second = match gaps.first() {
        Some(gap) => {
            let text = gap.text.trim_end_matches(['.', ';', ',']);
            format!("Showing \"{text}\" would raise it most, to {:.2}.", gap.score_if_added)
        }
        None => "Nothing else that the posting names would raise it.".to_owned(),
    };
    format!("{first} {second}")
}
