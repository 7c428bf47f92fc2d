//! Types and resolvers of the job catalogue.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::connection::{cursor, page_info};
use super::date_time::Timestamp;
use super::matching::TextSource;
use super::payload::impl_payload;
use crate::app::{AddJobError, PostedJob};
use crate::catalogue::{Error, Hit, MAX_ADDED, Page, StoredJob};
use crate::graphql::context::{actor, app};
use crate::graphql::error::{Failure, UserError, UserErrorCode};
use crate::graphql::request::deadline;

/// The cost of adding a job: its sentences are encoded.
pub(crate) const ADD_COST: i32 = 20;
/// The cost of a search.
pub(crate) const SEARCH_COST: i32 = 10;

/// A job of the catalogue.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Job {
    /// The id of the job: the one given when it was added, or a generated one.
    pub id: ID,
    /// The title.
    pub title: String,
    /// The text of the posting, beginning with the title. Offsets of spans refer to this text.
    pub text: String,
    /// The time at which the job was first added.
    pub created_at: Timestamp,
    /// The time at which the job was last added.
    pub updated_at: Timestamp,
}

impl From<StoredJob> for Job {
    fn from(job: StoredJob) -> Self {
        Self {
            id: ID::from(&*job.id),
            title: job.title,
            text: job.text,
            created_at: job.created_at.into(),
            updated_at: job.updated_at.into(),
        }
    }
}

/// A job to add to the catalogue.
#[derive(InputObject)]
pub(crate) struct JobInput {
    /// The id: 1 to 128 letters, digits and the characters `._:-`. A job with the same id is replaced. Without an id,
    /// one is generated.
    pub id: Option<ID>,
    /// The title: 1 to 200 characters. Defaults to the first line of the text.
    pub title: Option<String>,
    /// The posting; at most 64 KiB of text.
    pub source: TextSource,
}

/// Input of `addJobs`.
#[derive(InputObject)]
pub(crate) struct AddJobsInput {
    /// The jobs: 1 to 200.
    pub jobs: Vec<JobInput>,
}

/// Result of `addJobs`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct AddJobsPayload {
    /// The added jobs in input order; null in place of a job with an error.
    pub jobs: Vec<Option<Job>>,
    /// Problems with individual jobs; `path` contains the index of the job after `jobs`. The other jobs were added.
    pub errors: Vec<UserError>,
}

/// Input of `removeJob`.
#[derive(Debug, InputObject)]
pub(crate) struct RemoveJobInput {
    /// The job.
    pub id: ID,
}

/// Result of `removeJob`.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RemoveJobPayload {
    /// The id of the removed job; null if `errors` is not empty.
    pub removed_job_id: Option<ID>,
    /// Problems the client can correct; empty on success.
    pub errors: Vec<UserError>,
}

impl_payload!(RemoveJobPayload);

/// A job and its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct JobEdge {
    /// The cursor of this job, for `after`. It stays valid when the job is removed.
    pub cursor: String,
    /// The job.
    pub node: Job,
}

/// A page of jobs, ordered by id (Relay cursor connections specification).
pub(crate) struct JobConnection {
    pub(crate) page: Page,
    pub(crate) has_previous: bool,
}

/// A page of jobs, ordered by id (Relay cursor connections specification).
#[Object]
impl JobConnection {
    /// The jobs with their cursors.
    async fn edges(&self) -> Vec<JobEdge> {
        let edges = self.page.jobs.iter().map(|job| JobEdge {
            cursor: cursor(&job.id),
            node: job.clone().into(),
        });
        edges.collect()
    }

    /// The jobs.
    async fn nodes(&self) -> Vec<Job> {
        self.page.jobs.iter().cloned().map(Job::from).collect()
    }

    /// Whether more pages exist, and the cursors to fetch them.
    async fn page_info(&self) -> PageInfo {
        let cursors = self.page.jobs.iter().map(|job| cursor(&job.id));
        page_info(cursors, self.has_previous, self.page.has_next)
    }

    /// The number of jobs in the catalogue.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let count = app(ctx).catalogue().count().await.map_err(Failure::from)?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

/// A search result, with its scores.
#[derive(Debug, SimpleObject)]
pub(crate) struct JobHit {
    /// The cursor of this result, for `after`.
    pub cursor: String,
    /// The job.
    pub node: Job,
    /// The relevance, 0 to 1: reciprocal rank fusion of the word and the embedding ranking. 1 if the job is first in
    /// both.
    pub score: f64,
    /// The BM25 score of the words that job and query share; 0 if they share none. Comparable only within one search.
    pub words: f64,
    /// The cosine similarity of the embeddings of query and job, -1 to 1.
    pub similarity: f64,
}

/// A page of search results, best first (Relay cursor connections specification).
pub(crate) struct JobHitConnection {
    hits: Vec<(Hit, StoredJob)>,
    found: usize,
    has_previous: bool,
    has_next: bool,
}

impl JobHitConnection {
    /// Searches, and keeps a page.
    pub(crate) async fn search(
        ctx: &Context<'_>,
        query: &str,
        first: usize,
        after: Option<Place>,
    ) -> Result<Self, Failure> {
        let catalogue = app(ctx).catalogue();
        let mut hits = catalogue.search(actor(ctx).id().unwrap_or_default(), query).await?;
        let found = hits.len();
        if let Some(place) = &after {
            hits.retain(|hit| place.is_before(hit));
        }
        let has_next = hits.len() > first;
        hits.truncate(first);
        let ids: Vec<_> = hits.iter().map(|hit| hit.id.clone()).collect();
        let jobs = catalogue.jobs(&ids).await?;
        Ok(Self {
            // One that was removed since it was found is left out.
            hits: hits
                .into_iter()
                .zip(jobs)
                .filter_map(|(hit, job)| Some((hit, job?)))
                .collect(),
            found,
            has_previous: after.is_some(),
            has_next,
        })
    }
}

/// A page of search results, best first (Relay cursor connections specification).
#[Object]
impl JobHitConnection {
    /// The search results with their cursors and scores.
    async fn edges(&self) -> Vec<JobHit> {
        let edges = self.hits.iter().map(|(hit, job)| JobHit {
            cursor: cursor(&Place::of(hit)),
            node: job.clone().into(),
            score: hit.score.into(),
            words: hit.words.into(),
            similarity: hit.similarity.into(),
        });
        edges.collect()
    }

    /// The jobs.
    async fn nodes(&self) -> Vec<Job> {
        self.hits.iter().map(|(_, job)| job.clone().into()).collect()
    }

    /// Whether more pages exist, and the cursors to fetch them.
    async fn page_info(&self) -> PageInfo {
        let cursors = self.hits.iter().map(|(hit, _)| cursor(&Place::of(hit)));
        page_info(cursors, self.has_previous, self.has_next)
    }

    /// The number of results on all pages. A search considers at most 1,000 jobs by words and 1,000 by embedding.
    async fn total_count(&self) -> i32 {
        i32::try_from(self.found).unwrap_or(i32::MAX)
    }
}

/// A place in the order of a search: better ones before it, equal ones by id.
pub(crate) struct Place {
    score: f32,
    id: Arc<str>,
}

impl Place {
    fn of(hit: &Hit) -> Self {
        Self {
            score: hit.score,
            id: Arc::clone(&hit.id),
        }
    }

    /// Whether this was found after the place.
    fn is_before(&self, hit: &Hit) -> bool {
        hit.score < self.score || hit.score == self.score && *hit.id > *self.id
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}{}", self.score.to_bits(), self.id)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (score, id) = text.split_at_checked(8).ok_or(())?;
        let score = f32::from_bits(u32::from_str_radix(score, 16).map_err(drop)?);
        if !score.is_finite() {
            return Err(());
        }
        Ok(Self { score, id: id.into() })
    }
}

impl AddJobsInput {
    /// Adds them.
    pub(crate) async fn add(self, ctx: &Context<'_>) -> Result<AddJobsPayload, Failure> {
        if self.jobs.is_empty() || self.jobs.len() > MAX_ADDED {
            let found = self.jobs.len();
            return Err(Failure::BadUserInput(format!(
                "input.jobs: 1 to {MAX_ADDED} are allowed, not {found}"
            )));
        }
        let mut payload = AddJobsPayload::default();
        let (mut posted, mut places) = (Vec::new(), Vec::new());
        for (index, job) in self.jobs.into_iter().enumerate() {
            payload.jobs.push(None);
            match job.source.into_document(&format!("input.jobs[{index}].source")) {
                Ok(posting) => {
                    places.push(index);
                    posted.push(PostedJob {
                        id: job.id.map(|id| id.0),
                        title: job.title,
                        posting,
                    });
                }
                Err(failure) => {
                    let error = broken_job(index, UserErrorCode::InvalidInput, failure.to_string(), "source");
                    payload.errors.push(error);
                }
            }
        }
        let _suspension = deadline::suspend(ctx, app(ctx).ranking_limits().1);
        let outcomes = app(ctx).add_jobs(actor(ctx).id(), posted).await;
        let outcomes = outcomes.map_err(|error| match error {
            AddJobError::Posting(error) => Failure::from(error),
            AddJobError::Catalogue(error) => error.into(),
        })?;
        for (index, outcome) in places.into_iter().zip(outcomes) {
            match outcome {
                Ok(job) => payload.jobs[index] = Some(job.into()),
                Err(error) => payload.errors.push(job_error(index, error)?),
            }
        }
        payload
            .errors
            .sort_by_key(|error| error.path.get(2).and_then(|index| index.parse::<usize>().ok()));
        Ok(payload)
    }
}

/// Returns the problem of the job at `index` that the client can correct, or the failure of the request.
fn job_error(index: usize, error: AddJobError) -> Result<UserError, Failure> {
    let (code, message, step) = match error {
        AddJobError::Catalogue(Error::InvalidInput { path, message }) => {
            let step = if path == "text" { "source" } else { path };
            (UserErrorCode::InvalidInput, message, step)
        }
        AddJobError::Posting(error) => match Failure::from(error) {
            Failure::UnsupportedDocument { message, .. } => (UserErrorCode::UnsupportedDocument, message, "source"),
            Failure::BadUserInput(message) => (UserErrorCode::InvalidInput, message, "source"),
            failure => return Err(failure),
        },
        AddJobError::Catalogue(error) => match Failure::from(error) {
            Failure::BadUserInput(message) => (UserErrorCode::InvalidInput, message, "source"),
            failure => return Err(failure),
        },
    };
    Ok(broken_job(index, code, message, step))
}

/// An error of the job of this number.
fn broken_job(index: usize, code: UserErrorCode, message: String, step: &str) -> UserError {
    UserError {
        code,
        message,
        path: ["input", "jobs", &index.to_string(), step].map(str::to_owned).to_vec(),
    }
}
