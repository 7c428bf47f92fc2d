//! The years of experience, the timeline behind them, and credentials.

use async_graphql::SimpleObject;

use super::span::TextSpan;
use crate::matching;

/// The required years of experience and the years found.
#[derive(Debug, SimpleObject)]
pub(crate) struct Experience {
    /// The years that the job requires; null if it states none.
    pub required_years: Option<f64>,
    /// The years found in the resume; null if they cannot be determined.
    pub found_years: Option<f64>,
    /// The dated periods of work in the resume, in order of their start; at most 100.
    pub periods: Vec<WorkPeriod>,
    /// The times of more than six months between these periods. They do not affect the score: a resume need not date
    /// everything.
    pub breaks: Vec<WorkBreak>,
}

/// A dated period of work.
#[derive(Debug, SimpleObject)]
pub(crate) struct WorkPeriod {
    /// The first month, as `2018-01`.
    pub from: String,
    /// The last month; null if the work continues.
    pub until: Option<String>,
    /// The number of months, the first and the last included.
    pub months: u32,
    /// The number of these months that earlier periods cover too.
    pub overlap_months: u32,
    /// The dates in the resume.
    pub span: TextSpan,
}

/// A break between two periods of work.
#[derive(Debug, SimpleObject)]
pub(crate) struct WorkBreak {
    /// The first month, as `2018-01`.
    pub from: String,
    /// The last month.
    pub until: String,
    /// The number of months, the first and the last included.
    pub months: u32,
}

/// A licence or certificate that the job or the resume names. Credentials do not affect the score by themselves.
#[derive(Debug, SimpleObject)]
pub(crate) struct CredentialMatch {
    /// The name, the same for every way of writing it.
    pub name: String,
    /// The first mention in the job; null if the job does not name it.
    pub job_span: Option<TextSpan>,
    /// The first mention in the resume of it, or of one that shows it; null if there is none.
    pub resume_span: Option<TextSpan>,
}

impl From<matching::CredentialMatch> for CredentialMatch {
    fn from(credential: matching::CredentialMatch) -> Self {
        Self {
            name: credential.name,
            job_span: credential.job_span.map(Into::into),
            resume_span: credential.resume_span.map(Into::into),
        }
    }
}

impl From<matching::Experience> for Experience {
    fn from(found: matching::Experience) -> Self {
        Self {
            required_years: found.required_years,
            found_years: found.found_years,
            periods: found.periods.into_iter().map(Into::into).collect(),
            breaks: found.breaks.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<matching::WorkPeriod> for WorkPeriod {
    fn from(period: matching::WorkPeriod) -> Self {
        Self {
            from: period.from,
            until: period.until,
            months: period.months,
            overlap_months: period.overlap_months,
            span: period.span.into(),
        }
    }
}

impl From<matching::WorkBreak> for WorkBreak {
    fn from(time: matching::WorkBreak) -> Self {
        Self {
            from: time.from,
            until: time.until,
            months: time.months,
        }
    }
}
