//! Audit events of fields: refusals and inference. Other events are written by `identity` with the change itself.
//! Nothing here waits for the store.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use async_graphql::Context;
use async_graphql::extensions::ExtensionContext;
use moka::sync::Cache;

use crate::access::Decision;
use crate::app::App;
use crate::audit::{Action, Event};
use crate::graphql::context::{RequestContext, app, request};
use crate::graphql::error::Failure;
use crate::inference::ModelCard;
use crate::quota::QuotaSubject;

/// Maximum number of refusals per subject and minute that are written. Further refusals are only counted, so that
/// forbidden requests cannot fill the disk.
const REFUSALS_A_MINUTE: u32 = 100;
/// Maximum number of subjects whose refusals are counted where memory is ample.
pub(crate) const MAX_SUBJECTS: u64 = 100_000;

/// The recent refusals of each subject.
pub(crate) struct Refusals(Cache<String, Arc<AtomicU32>>);

impl Refusals {
    /// Counts the refusals of at most so many subjects.
    pub(crate) fn new(subjects: u64) -> Self {
        Self(
            Cache::builder()
                .max_capacity(subjects)
                .time_to_live(Duration::from_secs(60))
                .build(),
        )
    }

    fn may_write(&self, caller: &RequestContext) -> bool {
        let who = match &caller.session {
            Some(session) => session.user.id.to_string(),
            None => QuotaSubject::guest_at(caller.address),
        };
        let count = self.0.get_with(who, Arc::default);
        match count.fetch_add(1, Ordering::Relaxed) {
            REFUSALS_A_MINUTE => {
                tracing::warn!(
                    "too many refusals of one caller; omitting further refusals from the audit trail for a minute"
                );
                false
            }
            seen => seen < REFUSALS_A_MINUTE,
        }
    }
}

fn event(action: Action, caller: &RequestContext) -> Event {
    let event = Event::new(action).from(Some(caller.address));
    match &caller.session {
        Some(session) => event.by(Some(&session.user.id)).within(&session.id),
        None => event,
    }
}

/// Access to the data of a request, for the guard and for resolvers.
pub(crate) trait Scope {
    /// The data of this type.
    fn get<T: Any + Send + Sync>(&self) -> Option<&T>;
}

impl Scope for ExtensionContext<'_> {
    fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.data_opt()
    }
}

impl Scope for Context<'_> {
    fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.data_opt()
    }
}

/// Records that access to a field was denied.
pub(crate) fn refused(ctx: &impl Scope, (parent, name): (&str, &str), refusal: Decision) {
    let code = Failure::from(refusal).code();
    note(ctx, |event| event.field(&format!("{parent}.{name}")).refused(code));
}

/// Records that a request was refused because of its cost.
pub(crate) fn not_paid(ctx: &ExtensionContext<'_>, units: u32, failure: &Failure) {
    note(ctx, |event| event.cost(units).refused(failure.code()));
}

fn note(ctx: &impl Scope, tell: impl FnOnce(Event) -> Event) {
    if let (Some(app), Some(caller), Some(refusals)) =
        (ctx.get::<App>(), ctx.get::<RequestContext>(), ctx.get::<Refusals>())
        && refusals.may_write(caller)
    {
        app.audit().note(tell(event(Action::Access, caller)));
    }
}

/// A model call.
pub(crate) struct InferenceRun {
    field: &'static str,
    cost: u32,
    weights_digest: Option<String>,
    started: Instant,
}

impl InferenceRun {
    /// Begins a call of a field with this cost.
    pub(crate) fn begin(field: &'static str, cost: i32) -> Self {
        Self {
            field,
            cost: cost.unsigned_abs(),
            weights_digest: None,
            started: Instant::now(),
        }
    }

    /// Sets the digest of the weights of a match.
    pub(crate) fn weights(self, digest: String) -> Self {
        Self {
            weights_digest: Some(digest),
            ..self
        }
    }

    /// Records the end of the call; `model` returns the card from the result.
    pub(crate) fn end<T>(
        self,
        ctx: &Context<'_>,
        result: Result<T, Failure>,
        model: impl FnOnce(&T) -> &ModelCard,
    ) -> Result<T, Failure> {
        if let Some(caller) = request(ctx) {
            let event = self.written(event(Action::Inference, caller));
            app(ctx).audit().note(match &result {
                Ok(given) => {
                    let card = model(given);
                    event.model(&format!("{}@{}", card.name, card.version))
                }
                Err(failure) => event.refused(failure.code()),
            });
        }
        result
    }

    fn written(&self, event: Event) -> Event {
        let millis = u32::try_from(self.started.elapsed().as_millis()).unwrap_or(u32::MAX);
        let event = event.field(self.field).cost(self.cost).millis(millis);
        match &self.weights_digest {
            Some(digest) => event.weights(digest),
            None => event,
        }
    }
}

/// A model call that streams its results. The event is written when it is dropped: at the end, or when the caller
/// disconnects.
pub(crate) struct InferenceStream {
    app: App,
    run: InferenceRun,
    event: Option<Event>,
}

impl InferenceStream {
    /// Begins the call.
    pub(crate) fn begin(ctx: &Context<'_>, run: InferenceRun) -> Self {
        Self {
            app: app(ctx).clone(),
            run,
            event: request(ctx).map(|caller| event(Action::Inference, caller)),
        }
    }

    /// Sets the model.
    pub(crate) fn model(&mut self, card: &ModelCard) {
        self.tell(|event| event.model(&format!("{}@{}", card.name, card.version)));
    }

    /// Records a failure.
    pub(crate) fn failed(&mut self, failure: &Failure) {
        self.tell(|event| event.refused(failure.code()));
    }

    fn tell(&mut self, tell: impl FnOnce(Event) -> Event) {
        self.event = self.event.take().map(tell);
    }
}

impl Drop for InferenceStream {
    fn drop(&mut self) {
        if let Some(event) = self.event.take() {
            self.app.audit().note(self.run.written(event));
        }
    }
}
