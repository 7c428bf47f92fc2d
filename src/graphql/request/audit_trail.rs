//! What the schema's fields leave in the audit trail: refusals and inference. The rest is written by `identity` together
//! with what it tells of. Nothing here waits for the store.

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

/// So many refusals of one principal are written in a minute; past it they are only counted, lest somebody fill the disk
/// by asking for what is forbidden.
const REFUSALS_A_MINUTE: u32 = 100;
const REMEMBERED: u64 = 100_000;

/// How many refusals each principal has had lately.
pub(crate) struct Refusals(Cache<String, Arc<AtomicU32>>);

impl Default for Refusals {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(Duration::from_secs(60))
                .build(),
        )
    }
}

impl Refusals {
    fn may_write(&self, caller: &RequestContext) -> bool {
        let who = match &caller.session {
            Some(session) => session.user.id.to_string(),
            None => QuotaSubject::guest_at(caller.address),
        };
        let count = self.0.get_with(who, Arc::default);
        match count.fetch_add(1, Ordering::Relaxed) {
            REFUSALS_A_MINUTE => {
                tracing::warn!("refusals of one caller are no longer written to the audit trail for a minute");
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

/// The data of a request, as the guard and as a resolver has them.
pub(crate) trait Scope {
    /// What is of this type.
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

/// A field was refused.
pub(crate) fn refused(ctx: &impl Scope, (parent, name): (&str, &str), refusal: Decision) {
    let code = Failure::from(refusal).code();
    note(ctx, |event| event.field(&format!("{parent}.{name}")).refused(code));
}

/// The whole request was refused for what it costs.
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

/// A call of a model that has begun.
pub(crate) struct InferenceRun {
    field: &'static str,
    cost: u32,
    started: Instant,
}

impl InferenceRun {
    /// The call of a field that costs so many units.
    pub(crate) fn begin(field: &'static str, cost: i32) -> Self {
        Self {
            field,
            cost: cost.unsigned_abs(),
            started: Instant::now(),
        }
    }

    /// It ended so; `model` finds the model in what it gave.
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
        event.field(self.field).cost(self.cost).millis(millis)
    }
}

/// A call of a model that goes on in a stream. It is written when it is dropped: at its end, or when its caller is gone.
pub(crate) struct InferenceStream {
    app: App,
    run: InferenceRun,
    event: Option<Event>,
}

impl InferenceStream {
    /// The call has begun.
    pub(crate) fn begin(ctx: &Context<'_>, field: &'static str, cost: i32) -> Self {
        Self {
            app: app(ctx).clone(),
            run: InferenceRun::begin(field, cost),
            event: request(ctx).map(|caller| event(Action::Inference, caller)),
        }
    }

    /// By this model.
    pub(crate) fn model(&mut self, card: &ModelCard) {
        self.tell(|event| event.model(&format!("{}@{}", card.name, card.version)));
    }

    /// It cannot go on.
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
