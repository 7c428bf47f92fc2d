//! The catalogue of jobs as the schema shows it.

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

use super::matching::TextSource;
use crate::app::{AddJobError, PostedJob};
use crate::catalogue::{Error, Hit, MAX_ADDED, Page, StoredJob};
use crate::graphql::context::{actor, app};
use crate::graphql::error::{Failure, UserError, UserErrorCode};

/// What a job to add costs, since its sentences are encoded.
pub(crate) const ADD_COST: i32 = 20;
/// What a search costs.
pub(crate) const SEARCH_COST: i32 = 10;

/// A job of the catalogue.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Job {
    /// The job's id: the one it was added with, or the one that was made for it.
    pub id: ID,
    /// What it is called.
    pub title: String,
    /// The posting as it is matched; offsets of spans count in it. It begins with the title.
    pub text: String,
    /// When it was first added.
    pub created_at: DateTime<Utc>,
    /// When it was last added.
    pub updated_at: DateTime<Utc>,
}

impl From<StoredJob> for Job {
    fn from(job: StoredJob) -> Self {
        Self {
            id: ID::from(&*job.id),
            title: job.title,
            text: job.text,
            created_at: job.created_at,
            updated_at: job.updated_at,
        }
    }
}

/// A job to add.
#[derive(InputObject)]
pub(crate) struct JobInput {
    /// 1 to 128 letters, digits and signs of `._:-`. The job takes the place of the one that has this id; without an id
    /// it gets one of its own.
    pub id: Option<ID>,
    /// 1 to 200 characters; without a title the first line of the text is it.
    pub title: Option<String>,
    /// The posting; its text may have 64 KiB.
    pub source: TextSource,
}

/// Jobs to add.
#[derive(InputObject)]
pub(crate) struct AddJobsInput {
    /// 1 to 200 jobs.
    pub jobs: Vec<JobInput>,
}

/// What came of adding jobs.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct AddJobsPayload {
    /// The jobs in the order they were given; null in the place of one with an error.
    pub jobs: Vec<Option<Job>>,
    /// What is wrong with single jobs; `path` has the job's number after `jobs`. The others were added.
    pub errors: Vec<UserError>,
}

/// Which job goes.
#[derive(Debug, InputObject)]
pub(crate) struct RemoveJobInput {
    /// The job.
    pub id: ID,
}

/// What came of removing a job.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RemoveJobPayload {
    /// The id of the job that is gone; null when it was not there.
    pub removed_job_id: Option<ID>,
    /// Why it was not removed.
    pub errors: Vec<UserError>,
}

/// A job and its place in the list.
#[derive(Debug, SimpleObject)]
pub(crate) struct JobEdge {
    /// Continues the list after this job, even when it is removed.
    pub cursor: String,
    /// The job.
    pub node: Job,
}

/// A page of jobs by their ids, as the Relay cursor specification has it.
pub(crate) struct JobConnection {
    pub(crate) page: Page,
    pub(crate) has_previous: bool,
}

/// A page of jobs by their ids, as the Relay cursor specification has it.
#[Object]
impl JobConnection {
    /// The jobs with their cursors.
    async fn edges(&self) -> Vec<JobEdge> {
        let edges = self.page.jobs.iter().map(|job| JobEdge {
            cursor: URL_SAFE_NO_PAD.encode(&*job.id),
            node: job.clone().into(),
        });
        edges.collect()
    }

    /// The jobs.
    async fn nodes(&self) -> Vec<Job> {
        self.page.jobs.iter().cloned().map(Job::from).collect()
    }

    /// Whether there is more, and how to get it.
    async fn page_info(&self) -> PageInfo {
        let cursor = |job: &StoredJob| URL_SAFE_NO_PAD.encode(&*job.id);
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: self.page.jobs.first().map(cursor),
            end_cursor: self.page.jobs.last().map(cursor),
        }
    }

    /// How many jobs the catalogue has.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let count = app(ctx).catalogue().count().await.map_err(Failure::from)?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

/// A job that a search found.
#[derive(Debug, SimpleObject)]
pub(crate) struct JobHit {
    /// Continues the search after this job.
    pub cursor: String,
    /// The job.
    pub node: Job,
    /// 0 to 1, 1 for what is first by words and by meaning: reciprocal rank fusion of both.
    pub score: f64,
    /// BM25 of the words that job and query share; 0 without any. Comparable within one search only.
    pub words: f64,
    /// The cosine between query and job, -1 to 1.
    pub similarity: f64,
}

/// A page of what a search found, best first, as the Relay cursor specification has it.
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
        let after = after.map(place).transpose()?;
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

/// A page of what a search found, best first, as the Relay cursor specification has it.
#[Object]
impl JobHitConnection {
    /// What was found, with cursors and the reasons for the order.
    async fn edges(&self) -> Vec<JobHit> {
        let edges = self.hits.iter().map(|(hit, job)| JobHit {
            cursor: search_cursor(hit),
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

    /// Whether there is more, and how to get it.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.hits.first().map(|(hit, _)| search_cursor(hit)),
            end_cursor: self.hits.last().map(|(hit, _)| search_cursor(hit)),
        }
    }

    /// How many jobs were found, over all pages: at most 1,000 by words and 1,000 by meaning are looked for.
    async fn total_count(&self) -> i32 {
        i32::try_from(self.found).unwrap_or(i32::MAX)
    }
}

/// A place in the order of a search: better ones before it, equal ones by id.
struct Place {
    score: f32,
    id: String,
}

impl Place {
    /// Whether this was found after the place.
    fn is_before(&self, hit: &Hit) -> bool {
        hit.score < self.score || hit.score == self.score && *hit.id > *self.id
    }
}

fn search_cursor(hit: &Hit) -> String {
    URL_SAFE_NO_PAD.encode(format!("{:08x}{}", hit.score.to_bits(), hit.id))
}

/// The place of a search's cursor.
fn place(cursor: &str) -> Result<Place, Failure> {
    let read = || {
        let text = decoded(cursor)?;
        let (score, id) = text.split_at_checked(8)?;
        let score = f32::from_bits(u32::from_str_radix(score, 16).ok()?);
        score.is_finite().then(|| Place {
            score,
            id: id.to_owned(),
        })
    };
    read().ok_or_else(|| Failure::BadUserInput("after: must be a cursor that this search has given".to_owned()))
}

/// The id of a list's cursor.
pub(crate) fn listed(cursor: &str) -> Result<String, Failure> {
    decoded(cursor).ok_or_else(|| Failure::BadUserInput("after: must be a cursor that this list has given".to_owned()))
}

fn decoded(cursor: &str) -> Option<String> {
    // Longer than any id can make it.
    let bytes = (cursor.len() <= 512).then(|| URL_SAFE_NO_PAD.decode(cursor).ok())??;
    String::from_utf8(bytes).ok()
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

/// What is wrong with the job of this number (`Ok`), or with us (`Err`).
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
