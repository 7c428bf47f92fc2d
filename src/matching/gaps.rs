//! Gaps: what the posting asks for and the resume does not show, each with the score that closing it would give.

use sha2::{Digest as _, Sha256};

use super::degrees::degree_name;
use super::job::{Job, Need};
use super::phrase;
use super::result::{Gap, GapKind};
use super::resume::Resume;
use super::score::{Addition, ScoreInput};

/// Maximum number of reported gaps.
const MOST_GAPS: usize = 20;

/// The number of words of a requirement up to which its skills are not reported beside it.
const SHORT_LINE: usize = 12;

/// The names of gaps, from the posting.
#[derive(Debug)]
pub(super) struct GapTexts {
    /// The beginning of the ids, by which they differ from those of other matches.
    pub(super) prefix: String,
    pub(super) requirements: Vec<String>,
    /// The labels of each group of skills.
    pub(super) groups: Vec<String>,
}

/// A gap, without its text: its kind, and the index of the group of skills or of the requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GapPlace {
    kind: GapKind,
    at: usize,
}

impl GapTexts {
    /// The names of the gaps of a pair that is scored with settings of this digest.
    pub(super) fn new(resume: &Resume, job: &Job, digest: &str) -> Self {
        let requirements = job.requirements.iter();
        let requirements: Vec<String> = requirements
            .map(|one| job.utf16.span(&job.text, &one.bytes).text)
            .collect();
        let labels = |skills: &[usize]| {
            let labels: Vec<&str> = skills.iter().map(|&skill| &*job.skills[skill].label).collect();
            labels.join(" or ")
        };
        let mut hash = Sha256::new();
        for part in [&*resume.text, &*job.text, digest] {
            hash.update(Sha256::digest(part));
        }
        Self {
            prefix: hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect(),
            requirements,
            groups: job.groups.iter().map(|group| labels(&group.skills)).collect(),
        }
    }

    /// The size in bytes.
    pub(super) fn bytes(&self) -> usize {
        let texts = [&self.requirements, &self.groups].into_iter().flatten();
        texts.map(|text| size_of::<String>() + text.len()).sum::<usize>() + self.prefix.len()
    }

    /// The id of a gap. Clients that cache objects by id need one that no gap of another match has.
    pub(super) fn id(&self, gap: GapPlace) -> String {
        let kind = match gap.kind {
            GapKind::Skill => "skill",
            GapKind::Requirement => "requirement",
            GapKind::Years => "years",
            GapKind::Degree => "degree",
        };
        format!("{}.{kind}.{}", self.prefix, gap.at)
    }
}

impl ScoreInput<'_> {
    /// The gaps, each with the total score if it were closed, computed by scoring again: must-haves first, then the
    /// highest score.
    pub(super) fn gaps(&self, score: f64, texts: &GapTexts) -> Vec<Gap> {
        let open = self.open_gaps();
        let gaps = open.iter().filter(|gap| self.covering(**gap, &open).is_none());
        let mut gaps: Vec<Gap> = gaps.map(|gap| self.report_gap(*gap, &open, texts)).collect();
        gaps.retain(|gap| gap.score_if_added > score);
        let lines = gaps.iter().filter(|gap| gap.kind == GapKind::Requirement);
        let short = lines.filter(|gap| gap.text.split_whitespace().count() <= SHORT_LINE);
        let short: Vec<String> = short.map(|gap| phrase::words(&gap.text)).collect();
        gaps.retain(|gap| {
            let own = phrase::words(&gap.text);
            gap.kind != GapKind::Skill || !short.iter().any(|line| phrase::contains(line, own.trim()))
        });
        let by_gain = |a: &Gap, b: &Gap| b.score_if_added.total_cmp(&a.score_if_added);
        gaps.sort_by(|a, b| b.required.cmp(&a.required).then_with(|| by_gain(a, b)));
        gaps.truncate(MOST_GAPS);
        gaps
    }

    /// Whether no requirement but conditions names this skill: `lbs`.
    fn only_in_conditions(&self, skill: usize) -> bool {
        let mut named = self
            .requirements
            .iter()
            .filter(|one| one.skills.iter().flatten().any(|named| *named == skill))
            .peekable();
        named.peek().is_some() && named.all(|one| one.condition)
    }

    /// Everything that the posting asks for and that is not shown, except conditions, such as a right to work.
    pub(super) fn open_gaps(&self) -> Vec<GapPlace> {
        let mut open = Vec::new();
        for (at, group) in self.groups.iter().enumerate() {
            let shown = self.group_worth(&group.skills, None) > 0.0;
            let condition = |&skill: &usize| self.only_in_conditions(skill);
            if !shown && !group.skills.iter().all(condition) {
                let kind = GapKind::Skill;
                open.push(GapPlace { kind, at });
            }
        }
        for (at, one) in self.requirements.iter().enumerate() {
            // The skills of a line that asks for nothing else are gaps already.
            let met = self.judge(one, at, None).is_none_or(|judged| judged.met);
            if !one.condition && !one.only_skills && !met {
                let kind = GapKind::Requirement;
                open.push(GapPlace { kind, at });
            }
        }
        let fewer = |asked: f64| self.counted_years() < asked && !self.is_added(Addition::Years, None);
        if self.required_years.is_some_and(fewer) {
            let kind = GapKind::Years;
            open.push(GapPlace { kind, at: 0 });
        }
        if self.required_degree.is_some_and(|asked| !self.has_degree(asked)) {
            let kind = GapKind::Degree;
            open.push(GapPlace { kind, at: 0 });
        }
        open
    }

    /// The gap of years or of a degree that a line which asks for nothing else is part of: both are closed by one thing.
    fn covering(&self, gap: GapPlace, open: &[GapPlace]) -> Option<GapPlace> {
        let one = (gap.kind == GapKind::Requirement).then(|| &self.requirements[gap.at])?;
        let mut whole = open.iter().filter(|whole| match whole.kind {
            GapKind::Years => one.years.is_some(),
            GapKind::Degree => one.degree.is_some(),
            GapKind::Skill | GapKind::Requirement => false,
        });
        let closes = |whole: &&GapPlace| {
            let closed = Some(self.closing(**whole));
            let met = self.judge(one, gap.at, closed).is_some_and(|judged| judged.met);
            // `Five years in kitchens` is the gap of five years, whatever they were spent on.
            let same = whole.kind == GapKind::Years && one.years == self.required_years;
            met || same && one.licence.is_none() && one.degree.is_none() && one.names.is_empty()
        };
        whole.find(closes).copied()
    }

    /// The line that asks for these years or this degree and is part of the gap, so that its words name the gap.
    fn line_of(&self, gap: GapPlace, open: &[GapPlace]) -> Option<usize> {
        let asks = |at: usize| {
            let one = &self.requirements[at];
            let degree = one.degree.as_ref().map(|degree| degree.level);
            one.need != Need::Nice
                && match gap.kind {
                    GapKind::Years => one.years == self.required_years,
                    GapKind::Degree => degree == self.required_degree.map(|asked| asked.level),
                    GapKind::Skill | GapKind::Requirement => false,
                }
        };
        let lines = open.iter().filter(|line| self.covering(**line, open) == Some(gap));
        lines.map(|line| line.at).find(|&at| asks(at))
    }

    /// What has to be shown to close a gap.
    pub(super) fn closing(&self, gap: GapPlace) -> Addition {
        match gap.kind {
            GapKind::Skill => Addition::Skill(self.groups[gap.at].skills[0]),
            GapKind::Requirement => Addition::Requirement(gap.at),
            GapKind::Years => Addition::Years,
            GapKind::Degree => Addition::Degree,
        }
    }

    fn report_gap(&self, gap: GapPlace, open: &[GapPlace], texts: &GapTexts) -> Gap {
        let line = self.line_of(gap, open).map(|at| texts.requirements[at].clone());
        let (text, required) = match gap.kind {
            GapKind::Skill => (texts.groups[gap.at].clone(), self.groups[gap.at].must),
            GapKind::Requirement => (
                texts.requirements[gap.at].clone(),
                self.requirements[gap.at].need == Need::Must,
            ),
            GapKind::Years => (
                line.unwrap_or_else(|| years_of_experience(self.required_years.unwrap_or_default())),
                true,
            ),
            GapKind::Degree => {
                let asked = self.required_degree;
                let other = asked.is_some_and(|asked| self.degree_standing(asked, None).is_other());
                let name = degree_name(asked.map_or(0, |asked| asked.level));
                let subject = if other {
                    " in a subject that the posting names"
                } else {
                    ""
                };
                (line.unwrap_or_else(|| format!("{name}{subject}")), true)
            }
        };
        Gap {
            id: texts.id(gap),
            kind: gap.kind,
            text,
            required,
            score_if_added: self.score(Some(self.closing(gap))),
        }
    }
}

fn years_of_experience(years: f64) -> String {
    let many = if (years - 1.0).abs() < f64::EPSILON { "" } else { "s" };
    format!("{years} year{many} of experience")
}

#[cfg(test)]
mod tests {
    use super::super::tests::matched;
    use super::*;

    /// The gaps of years and degrees, and those of lines with one of these words.
    fn gaps(resume: &str, job: &str, words: &[&str]) -> Vec<String> {
        let found = matched(resume, job).gaps.into_iter();
        let own = found.filter(|gap| gap.kind != GapKind::Skill && words.iter().any(|word| gap.text.contains(word)));
        own.map(|gap| gap.text).collect()
    }

    #[test]
    fn one_thing_is_one_gap() {
        let resume = "Ann Walker\n\nExperience\nWelder, Harbour Ltd, 2023 - 2024\nWelded pipes for the harbour.\n";
        let job = "Welder\n\nRequirements\n- At least nine years of experience as a welder\n- Bachelor's degree\n";
        let mut found = gaps(resume, job, &["year", "egree"]);
        found.sort();
        assert_eq!(
            found,
            ["At least nine years of experience as a welder", "Bachelor's degree"]
        );
    }

    #[test]
    fn years_of_other_work_are_one_gap() {
        let resume = "Ann Walker\n\nExperience\nWelder, Harbour Ltd, 2023 - 2024\nWelded pipes for the harbour.\n";
        let line = "5 years in the sale of insurance to farms";
        let job = format!("Broker\n\nRequirements\n- {line}\n- Driving licence\n");
        assert_eq!(gaps(resume, &job, &["year"]), [line]);
    }

    #[test]
    fn one_year_is_no_years() {
        assert_eq!(years_of_experience(1.0), "1 year of experience");
        assert_eq!(years_of_experience(0.5), "0.5 years of experience");
        assert_eq!(years_of_experience(5.0), "5 years of experience");
    }
}
