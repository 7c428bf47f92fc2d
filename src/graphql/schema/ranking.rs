//! Types of rankings: one text against many, as pages or as a stream of results.

mod candidates;
mod page;
mod ranking_request;
mod results;

use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Enum, InputObject, Object, SimpleObject};

use self::page::Rank;
pub(crate) use self::ranking_request::RankingRequest;
use self::results::Outcomes;
use super::catalogue::Job;
use super::connection::{Cursors, page_info};
use super::matching::{MatchWeightsInput, MustHaveInput, ResumeMatch, TextSource};
use crate::access::Permission;
use crate::graphql::schema::directive::auth;

/// The maximum number of texts in one ranking.
pub(crate) const MAX_RANKED: usize = 200;
/// The cost of each text of a ranking. Two texts cost as much as `matchResume`.
pub(crate) const RANK_COST: i32 = 20;

/// The default number of candidates from the catalogue.
const CANDIDATES: i32 = 200;

/// Input of `rankJobs`. Either `jobs` or `catalogue` must be given.
#[derive(InputObject)]
pub(crate) struct RankJobsInput {
    /// The resume.
    pub resume: TextSource,
    /// The job postings: 1 to 200.
    pub jobs: Option<Vec<TextSource>>,
    /// Selects the job postings from the catalogue.
    pub catalogue: Option<CatalogueInput>,
    /// The weights of the components; by default, the shipped ones.
    pub weights: Option<MatchWeightsInput>,
}

/// The jobs of the catalogue to rank. A search with the whole resume selects the candidates; each candidate is then
/// scored as by `matchResume`, and ranked by this score.
#[derive(InputObject)]
pub(crate) struct CatalogueInput {
    /// The number of candidates, 1 to 1000.
    #[graphql(default_with = "CANDIDATES")]
    pub candidates: i32,
}

/// Input of `rankResumes`.
#[derive(InputObject)]
pub(crate) struct RankResumesInput {
    /// The job posting.
    pub job: TextSource,
    /// The resumes: 1 to 200.
    pub resumes: Vec<TextSource>,
    /// The weights of the components; by default, the shipped ones.
    pub weights: Option<MatchWeightsInput>,
    /// Which requirements and skills are must-haves, where it differs from what the posting says; at most 100.
    pub must_have: Option<Vec<MustHaveInput>>,
}

/// The result for one text: a match or an error.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RankedMatch {
    /// The index of the text in the input, or of the job among the candidates of the catalogue, from 0.
    pub index: i32,
    /// The job of the catalogue; null for a text of the input.
    #[graphql(directive = auth::apply(Permission::ReadJobs, false))]
    pub job: Option<Job>,
    /// The match. Null if the text was not compared; `error` has the reason.
    #[graphql(name = "match")]
    pub matched: Option<ResumeMatch>,
    /// The error; null if there is a match.
    pub error: Option<RankingError>,
}

/// An error in one text of a ranking. The other texts are ranked regardless.
#[derive(Debug, SimpleObject)]
pub(crate) struct RankingError {
    /// The machine-readable code.
    pub code: RankingErrorCode,
    /// The problem and what is allowed, in words.
    pub message: String,
    /// The reason why a document is not supported, such as `SCANNED` or `ENCRYPTED`; null for other errors.
    pub reason: Option<String>,
}

/// The reason why a text of a ranking has no match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RankingErrorCode {
    /// The text is empty or invalid; the message describes what is allowed.
    BadUserInput,
    /// No text can be extracted from the document.
    UnsupportedDocument,
    /// The server was too busy to read the document; try again later. Not charged.
    Overloaded,
    /// The ranking ended at a time limit before this text was compared. The message states the limit and the number of
    /// texts compared until then; rank the other texts in another request. Not charged.
    NotReached,
    /// The comparison failed on the server. Not charged.
    Internal,
}

impl RankingErrorCode {
    /// Whether the server, not the client, is at fault.
    fn is_ours(self) -> bool {
        match self {
            Self::BadUserInput | Self::UnsupportedDocument => false,
            Self::Overloaded | Self::NotReached | Self::Internal => true,
        }
    }
}

/// A ranked match and its cursor.
#[derive(SimpleObject)]
pub(crate) struct RankedMatchEdge {
    /// The cursor of this match, for `after` in a request with the same input.
    pub cursor: String,
    /// The match.
    pub node: Arc<RankedMatch>,
}

/// A page of a ranking (Relay cursor connections specification): best match first, ties in input order or by job id, texts
/// without a match last.
pub(crate) struct RankedMatchConnection {
    cursors: Cursors,
    page: Vec<(Rank, Arc<RankedMatch>)>,
    total: usize,
    outcomes: Outcomes,
    has_previous: bool,
    has_next: bool,
}

/// A page of a ranking (Relay cursor connections specification): best match first, ties in input order or by job id, texts
/// without a match last.
#[Object]
impl RankedMatchConnection {
    /// The matches with their cursors.
    async fn edges(&self) -> Vec<RankedMatchEdge> {
        let page = self.page.iter().map(|(rank, node)| RankedMatchEdge {
            cursor: self.cursors.write(rank),
            node: Arc::clone(node),
        });
        page.collect()
    }

    /// The matches.
    async fn nodes(&self) -> Vec<Arc<RankedMatch>> {
        self.page.iter().map(|(_, node)| Arc::clone(node)).collect()
    }

    /// Whether more pages exist, and the cursors to fetch them.
    async fn page_info(&self) -> PageInfo {
        let cursors = self.page.iter().map(|(rank, _)| self.cursors.write(rank));
        page_info(cursors, self.has_previous, self.has_next)
    }

    /// The number of ranked texts on all pages, including those without a match.
    async fn total_count(&self) -> i32 {
        int(self.total)
    }

    /// The number of texts on all pages with a match.
    async fn matched_count(&self) -> i32 {
        int(self.outcomes.matched)
    }

    /// The number of texts on all pages that could not be compared.
    async fn failed_count(&self) -> i32 {
        int(self.outcomes.failed)
    }

    /// The number of texts on all pages that the ranking did not reach before it ended at a time limit.
    async fn not_reached_count(&self) -> i32 {
        int(self.outcomes.not_reached)
    }
}

/// A result of a ranking in progress.
#[derive(SimpleObject)]
pub(crate) struct RankingProgress {
    /// The number of results so far, including this one.
    pub done: i32,
    /// The number of results in total.
    pub total: i32,
    /// The result. Results arrive in order of completion, not by score. Texts that were not reached before the ranking
    /// ended at a time limit have a result too, at the end.
    pub result: RankedMatch,
}

fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
