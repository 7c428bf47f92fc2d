//! A requirement of a posting, and what all of them ask for together.

use std::ops::Range;

use super::super::degrees::subject::Subjects;
use super::super::licence::Licence;

/// The importance of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::matching) enum Need {
    Must,
    Duty,
    Nice,
}

/// Which requirements, skills and groups of skills of a posting are must-haves, each in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::matching) struct Needs {
    pub(in crate::matching) requirements: Vec<Need>,
    pub(in crate::matching) skills: Vec<bool>,
    pub(in crate::matching) groups: Vec<bool>,
}

/// A degree that a requirement asks for.
#[derive(Debug, Clone)]
pub(in crate::matching) struct AskedDegree {
    /// The lowest sufficient level: 1 school, 2 vocational or associate, 3 bachelor, 4 master, 5 doctorate.
    pub(in crate::matching) level: u8,
    /// The lowest sufficient grade of a vocational one: 3 for `NVQ Level 3`.
    pub(in crate::matching) grade: Option<u8>,
    /// The subjects that are accepted.
    pub(in crate::matching) subjects: Subjects,
    /// Whether experience is accepted in place of the degree.
    pub(in crate::matching) equivalent: bool,
}

/// A line of a posting, or a part of one, that asks for something.
#[derive(Debug, Clone)]
pub(in crate::matching) struct Requirement {
    pub(in crate::matching) bytes: Range<usize>,
    /// The indices of the texts to compare: its own, or those of the tasks that it lists.
    pub(in crate::matching) texts: Vec<usize>,
    /// The bytes of these texts.
    pub(in crate::matching) tasks: Vec<Range<usize>>,
    pub(in crate::matching) need: Need,
    /// Whether it is a duty of the posting, whatever the caller set.
    pub(in crate::matching) duty: bool,
    /// Whether the posting states it as a nice-to-have, whatever the caller set.
    pub(in crate::matching) extra: bool,
    /// Whether it is one such as an age, a right to work or availability.
    pub(in crate::matching) condition: bool,
    /// The licence or certificate that it asks for.
    pub(in crate::matching) licence: Option<Licence>,
    pub(in crate::matching) years: Option<f64>,
    /// What the years are asked in beside the occupation: alternatives, each as stems. Empty if in nothing else.
    pub(in crate::matching) specialty: Vec<Vec<u64>>,
    pub(in crate::matching) degree: Option<AskedDegree>,
    /// The indices of the skills it names, grouped: one of each group suffices.
    pub(in crate::matching) skills: Vec<Vec<usize>>,
    /// Whether it asks for nothing but these skills.
    pub(in crate::matching) only_skills: bool,
    /// Those of them that only their names show, if it asks for little else.
    pub(in crate::matching) names: Vec<Vec<usize>>,
    /// Whether these are licences and languages, beside which nothing else counts.
    pub(in crate::matching) exact: bool,
}

impl Requirement {
    /// Whether it counts only if the resume shows it, which resumes seldom do.
    pub(in crate::matching) fn counts_if_shown(&self) -> bool {
        self.condition && !self.duty
    }
}

/// Skills of which one suffices, over the whole posting.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::matching) struct SkillGroup {
    /// Indices of skills.
    pub(in crate::matching) skills: Vec<usize>,
    pub(in crate::matching) must: bool,
}

/// The most years that these requirements ask for, except optional ones.
pub(in crate::matching) fn required_years(requirements: &[Requirement]) -> Option<f64> {
    let asked = requirements.iter().filter(|one| one.need != Need::Nice);
    asked.filter_map(|one| one.years).reduce(f64::max)
}

/// The highest degree that these requirements ask for, except optional ones; of several, one for which experience is
/// accepted.
pub(in crate::matching) fn required_degree(requirements: &[Requirement]) -> Option<&AskedDegree> {
    let asked = requirements.iter().filter(|one| one.need != Need::Nice);
    asked
        .filter_map(|one| one.degree.as_ref())
        .max_by_key(|degree| (degree.level, degree.equivalent))
}
