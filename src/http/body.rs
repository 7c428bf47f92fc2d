//! Reading of request bodies, with limits on length, time and the total memory of all bodies.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Error: the body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BodyError {
    /// The body is too long.
    #[error("The request body is too long; the limit is {0} bytes.")]
    TooLarge(usize),
    /// The client closed the connection before the announced length, or sent a malformed body.
    #[error("The request body is incomplete.")]
    Cut,
    /// The client was too slow.
    #[error("The request body was not received in time.")]
    Late,
    /// Too many large bodies are being read.
    #[error("The server is busy with other large requests; try again in a moment.")]
    Busy,
}

impl BodyError {
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Cut => StatusCode::BAD_REQUEST,
            Self::Late => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The granularity of the budget in bytes; the first unit of each body is free.
const UNIT: usize = 16 * 1024;

/// The memory budget for bodies, shared by all requests.
pub(super) struct Budget(Arc<Semaphore>);

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / UNIT).min(Semaphore::MAX_PERMITS))))
    }

    /// Reserves room for a message that has been received.
    ///
    /// # Errors
    /// [`BodyError::Busy`].
    pub(super) fn reserve(&self, length: usize) -> Result<Room, BodyError> {
        match u32::try_from(length / UNIT) {
            Ok(0) => Ok(None),
            Ok(units) => match Arc::clone(&self.0).try_acquire_many_owned(units) {
                Ok(room) => Ok(Some(room)),
                Err(_) => Err(BodyError::Busy),
            },
            Err(_) => Err(BodyError::Busy),
        }
    }
}

/// A permit of the budget; `None` for a body that needs none.
pub(super) type Room = Option<OwnedSemaphorePermit>;

/// A body with its permit of the budget. The permit must be kept as long as data derived from the bytes.
#[derive(Debug)]
pub(super) struct BufferedBody {
    pub(super) bytes: Bytes,
    pub(super) room: Room,
}

pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    patience: Duration,
    budget: &Budget,
) -> Result<BufferedBody, BodyError> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(BodyError::TooLarge(limit));
    }
    tokio::time::timeout(patience, collect(body, limit, budget))
        .await
        .unwrap_or(Err(BodyError::Late))
}

async fn collect(mut body: Body, limit: usize, budget: &Budget) -> Result<BufferedBody, BodyError> {
    let mut bytes = Bytes::new();
    let mut more: Vec<u8> = Vec::new();
    let mut room: Room = None;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Cut)?.into_data() else {
            continue;
        };
        // Most bodies arrive in one chunk and are not copied.
        if bytes.is_empty() && more.is_empty() {
            bytes = data;
        } else {
            if more.is_empty() {
                more.extend_from_slice(&bytes);
            }
            more.extend_from_slice(&data);
        }
        let length = more.len().max(bytes.len());
        if length > limit {
            return Err(BodyError::TooLarge(limit));
        }
        let held = room.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = (length / UNIT).saturating_sub(held);
        if let Some(wanted) = u32::try_from(wanted).ok().filter(|wanted| *wanted > 0) {
            let taken = Arc::clone(&budget.0)
                .try_acquire_many_owned(wanted)
                .map_err(|_| BodyError::Busy)?;
            match &mut room {
                Some(room) => room.merge(taken),
                None => room = Some(taken),
            }
        }
    }
    if !more.is_empty() {
        bytes = more.into();
    }
    Ok(BufferedBody { bytes, room })
}
