//! Types and resolvers of the job catalogue.

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::connection::{Cursors, page_info, selects_previous};
use super::date_time::Timestamp;
use super::matching::TextSource;
use super::payload::impl_payload;
use crate::app::{AddJobError, PostedJob};
use crate::catalogue::{Error, Hit, MAX_ADDED, MAX_FOUND, Page, Place, StoredJob};
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

/// The cursors of `Query.jobs`: the ids of jobs.
const JOBS: Cursors = Cursors::of("Query.jobs");
/// The cursors of `Query.searchJobs`: places.
const HITS: Cursors = Cursors::of("Query.searchJobs");

/// A page of jobs, ordered by id (Relay cursor connections specification).
pub(crate) struct JobConnection {
    page: Page,
    after: Option<String>,
}

impl JobConnection {
    /// Reads a page.
    pub(crate) async fn read(ctx: &Context<'_>, first: usize, after: Option<&str>) -> Result<Self, Failure> {
        let after: Option<String> = JOBS.after(after)?;
        let page = app(ctx).catalogue().list(first, after.as_deref()).await?;
        Ok(Self { page, after })
    }

    /// Whether jobs precede the page.
    async fn has_previous(&self, ctx: &Context<'_>) -> Result<bool, Failure> {
        let Some(after) = &self.after else { return Ok(false) };
        let start = app(ctx).catalogue().list(1, None).await?;
        Ok(start.jobs.first().is_some_and(|job| *job.id <= **after))
    }
}

/// A page of jobs, ordered by id (Relay cursor connections specification).
#[Object]
impl JobConnection {
    /// The jobs with their cursors.
    async fn edges(&self) -> Vec<JobEdge> {
        let edges = self.page.jobs.iter().map(|job| JobEdge {
            cursor: JOBS.write(&job.id),
            node: job.clone().into(),
        });
        edges.collect()
    }

    /// The jobs.
    async fn nodes(&self) -> Vec<Job> {
        self.page.jobs.iter().cloned().map(Job::from).collect()
    }

    /// Whether more pages exist, and the cursors to fetch them.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo> {
        let has_previous = selects_previous(ctx) && self.has_previous(ctx).await?;
        let cursors = self.page.jobs.iter().map(|job| JOBS.write(&job.id));
        Ok(page_info(cursors, has_previous, self.page.has_next))
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
        after: Option<&str>,
    ) -> Result<Self, Failure> {
        let after: Option<Place> = HITS.after(after)?;
        let catalogue = app(ctx).catalogue();
        let mut hits = catalogue.search(actor(ctx).id().unwrap_or_default(), query).await?;
        let found = hits.len();
        if let Some(place) = after {
            place.skip(&mut hits, MAX_FOUND);
        }
        let has_previous = hits.len() < found;
        // A job that was removed after it was found is replaced by the next, so that only the last page can be short.
        let (mut page, mut rest) = (Vec::new(), hits.as_slice());
        while page.len() <= first && !rest.is_empty() {
            let (some, others) = rest.split_at(rest.len().min(first + 1 - page.len()));
            let ids: Vec<_> = some.iter().map(|hit| hit.id.clone()).collect();
            let jobs = some.iter().cloned().zip(catalogue.jobs(&ids).await?);
            page.extend(jobs.filter_map(|(hit, job)| Some((hit, job?))));
            rest = others;
        }
        let has_next = page.len() > first;
        page.truncate(first);
        Ok(Self {
            hits: page,
            found,
            has_previous,
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
            cursor: HITS.write(&Place::of(hit)),
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
        let cursors = self.hits.iter().map(|(hit, _)| HITS.write(&Place::of(hit)));
        page_info(cursors, self.has_previous, self.has_next)
    }

    /// The number of results on all pages. A search considers at most 1,000 jobs by words and 1,000 by embedding.
    async fn total_count(&self) -> i32 {
        i32::try_from(self.found).unwrap_or(i32::MAX)
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
