//! One text against many, as the schema shows it: ranked in pages, or result by result as they come.

mod page;
mod ranking_request;

use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Enum, InputObject, Object, SimpleObject};

pub(crate) use self::ranking_request::Asked;
use super::catalogue::Job;
use super::matching::{ResumeMatch, TextSource};
use super::permission::Permission;
use crate::graphql::schema::directive::auth;

/// The most texts one call ranks.
pub(crate) const MAX_RANKED: usize = 200;
/// What each text of a ranking costs: a pair is as dear as `matchResume`.
pub(crate) const RANK_COST: i32 = 20;

/// How many candidates of the catalogue are compared when nobody says.
const CANDIDATES: i32 = 200;

/// A resume and the job postings to rank for it: either `jobs` or `catalogue` is given.
#[derive(InputObject)]
pub(crate) struct RankJobsInput {
    /// The resume.
    pub resume: TextSource,
    /// The job postings, 1 to 200.
    pub jobs: Option<Vec<TextSource>>,
    /// Takes the job postings from the catalogue.
    pub catalogue: Option<CatalogueInput>,
}

/// Which jobs of the catalogue to rank. The search finds candidates by the words and the meaning of the resume as a
/// whole; these are compared with it sentence by sentence, as `matchResume` does it, and ranked by that alone.
#[derive(InputObject)]
pub(crate) struct CatalogueInput {
    /// How many candidates, 1 to 1000.
    #[graphql(default_with = "CANDIDATES")]
    pub candidates: i32,
}

/// A job posting and the resumes to rank for it.
#[derive(InputObject)]
pub(crate) struct RankResumesInput {
    /// The job posting.
    pub job: TextSource,
    /// The resumes, 1 to 200.
    pub resumes: Vec<TextSource>,
}

/// What came of one of the texts: a match, or what is wrong with the text.
#[derive(Debug, SimpleObject)]
pub(crate) struct RankedMatch {
    /// The text's place among those that were given, or the job's among the candidates of the catalogue, from 0.
    pub index: i32,
    /// The job of the catalogue; null for a text that was given.
    #[graphql(directive = auth::apply(Permission::ReadJobs, false))]
    pub job: Option<Job>,
    /// The match; null when the text is no good.
    #[graphql(name = "match")]
    pub matched: Option<ResumeMatch>,
    /// What is wrong with the text; null when there is a match.
    pub error: Option<RankingError>,
}

/// What is wrong with one text of a ranking. The others are ranked all the same.
#[derive(Debug, SimpleObject)]
pub(crate) struct RankingError {
    /// What is wrong, for programs.
    pub code: RankingErrorCode,
    /// What is wrong and what is allowed, for people.
    pub message: String,
    /// Why a document is not supported, such as `SCANNED` or `ENCRYPTED`; null for other errors.
    pub reason: Option<String>,
}

/// Why a text of a ranking has no match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RankingErrorCode {
    /// There is no text, or it is not as the message describes.
    BadUserInput,
    /// No text can be had from the document.
    UnsupportedDocument,
}

/// A match and its place in the ranking.
#[derive(SimpleObject)]
pub(crate) struct RankedMatchEdge {
    /// Continues the ranking after this match, if the same texts are given again.
    pub cursor: String,
    /// The match.
    pub node: Arc<RankedMatch>,
}

/// A page of a ranking as the Relay cursor specification has it: the best match first, equal ones in the order of their
/// texts, texts without a match last.
pub(crate) struct RankedMatchConnection {
    page: Vec<(String, Arc<RankedMatch>)>,
    total: usize,
    has_previous: bool,
    has_next: bool,
}

/// A page of a ranking as the Relay cursor specification has it: the best match first, equal ones in the order of their
/// texts, texts without a match last.
#[Object]
impl RankedMatchConnection {
    /// The matches with their cursors.
    async fn edges(&self) -> Vec<RankedMatchEdge> {
        let page = self.page.iter().map(|(cursor, node)| RankedMatchEdge {
            cursor: cursor.clone(),
            node: Arc::clone(node),
        });
        page.collect()
    }

    /// The matches.
    async fn nodes(&self) -> Vec<Arc<RankedMatch>> {
        self.page.iter().map(|(_, node)| Arc::clone(node)).collect()
    }

    /// Whether there is more, and how to get it.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.page.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.page.last().map(|(cursor, _)| cursor.clone()),
        }
    }

    /// How many texts were ranked, those without a match and those of other pages too.
    async fn total_count(&self) -> i32 {
        int(self.total)
    }
}

/// One more result of a ranking.
#[derive(SimpleObject)]
pub(crate) struct RankingProgress {
    /// How many results there are by now, this one too.
    pub done: i32,
    /// How many there will be.
    pub total: i32,
    /// This result. Results come as they are ready; whoever follows sorts them by score.
    pub result: RankedMatch,
}

fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
