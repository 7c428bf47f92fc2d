//! Metrics of the process, in the Prometheus text format (exposition format 0.0.4).
//!
//! Every module counts through [`metrics`], and `http` serves the result. All names are defined here, and labels take
//! values from fixed sets: no client input becomes a label.

use std::sync::LazyLock;

use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

/// The content type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = prometheus::TEXT_FORMAT;

/// Histogram buckets in seconds, from cache hits to the deadline.
const SECONDS: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];
const TEXTS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
const PIECES: [f64; 8] = [16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0];

/// The metrics of the process.
pub struct Metrics {
    registry: Registry,
    /// Requests by `route` and `status`.
    pub requests: IntCounterVec,
    /// Seconds from the head of a request to the head of its response, by `route`.
    pub request_seconds: HistogramVec,
    /// Open connections.
    pub connections: IntGauge,
    /// Open WebSockets.
    pub sockets: IntGauge,
    /// Operations by `kind` (`query`, `mutation`, `subscription`, `unknown`) and `outcome` (`ok`; `partial`, with field
    /// errors; `refused`).
    pub operations: IntCounterVec,
    /// Seconds of queries and mutations, by `kind`.
    pub operation_seconds: HistogramVec,
    /// Events of subscriptions.
    pub events: IntCounter,
    /// GraphQL errors by `code`.
    pub errors: IntCounterVec,
    /// Password logins, by `outcome`.
    pub logins: IntCounterVec,
    /// Texts and rows waiting for a model or being processed.
    pub queue: IntGauge,
    /// Texts of a batch.
    pub batch_texts: Histogram,
    /// Word pieces of a batch.
    pub batch_pieces: Histogram,
    /// Seconds of a batch.
    pub batch_seconds: Histogram,
    /// Embeddings found in the cache.
    pub cache_hits: IntCounter,
    /// Embeddings that had to be computed.
    pub cache_misses: IntCounter,
}

static METRICS: LazyLock<Metrics> =
    LazyLock::new(|| Metrics::new().expect("the names are well-formed and each is there once"));

/// The metrics of this process.
#[must_use]
pub fn metrics() -> &'static Metrics {
    &METRICS
}

impl Metrics {
    fn new() -> prometheus::Result<Self> {
        let registry = Registry::new_custom(Some("portcullis".to_owned()), None)?;
        let build = IntGauge::with_opts(
            Opts::new("build_info", "Always 1; the version of the binary.")
                .const_label("version", env!("CARGO_PKG_VERSION")),
        )?;
        registered(&registry, &build)?.set(1);
        let counters = |name: &str, help: &str, labels: &[&str]| {
            registered(&registry, &IntCounterVec::new(Opts::new(name, help), labels)?)
        };
        let counter = |name: &str, help: &str| registered(&registry, &IntCounter::new(name, help)?);
        let gauge = |name: &str, help: &str| registered(&registry, &IntGauge::new(name, help)?);
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
            registered(&registry, &Histogram::with_opts(options)?)
        };
        let timers = |name: &str, help: &str, label: &str| {
            let options = HistogramOpts::new(name, help).buckets(SECONDS.to_vec());
            registered(&registry, &HistogramVec::new(options, &[label])?)
        };
        Ok(Self {
            requests: counters(
                "http_requests_total",
                "HTTP requests that were answered.",
                &["route", "status"],
            )?,
            request_seconds: timers(
                "http_request_duration_seconds",
                "Time from the head of an HTTP request to the head of its answer.",
                "route",
            )?,
            connections: gauge("http_connections", "Connections that are open, WebSockets among them.")?,
            sockets: gauge("websockets", "WebSockets that are open.")?,
            operations: counters(
                "graphql_operations_total",
                "GraphQL operations: ok, partial (errors of fields) or refused as a whole.",
                &["kind", "outcome"],
            )?,
            operation_seconds: timers(
                "graphql_operation_duration_seconds",
                "Time of a GraphQL query or mutation.",
                "kind",
            )?,
            events: counter("graphql_events_total", "Events of GraphQL subscriptions.")?,
            errors: counters("graphql_errors_total", "GraphQL errors by extensions.code.", &["code"])?,
            logins: counters("logins_total", "Attempts to sign in with a password.", &["outcome"])?,
            queue: gauge(
                "inference_queue_items",
                "Texts and rows that wait for a model or are being worked on.",
            )?,
            batch_texts: histogram("inference_batch_texts", "Texts of a batch.", &TEXTS)?,
            batch_pieces: histogram("inference_batch_pieces", "Word pieces of a batch.", &PIECES)?,
            batch_seconds: histogram("inference_batch_duration_seconds", "Time of a batch.", &SECONDS)?,
            cache_hits: counter("embedding_cache_hits_total", "Embeddings that were in the cache.")?,
            cache_misses: counter("embedding_cache_misses_total", "Embeddings that had to be computed.")?,
            registry,
        })
    }

    /// All metrics as Prometheus text. Empty if encoding fails, which is logged.
    #[must_use]
    pub fn text(&self) -> String {
        TextEncoder::new()
            .encode_to_string(&self.registry.gather())
            .unwrap_or_else(|error| {
                tracing::error!(%error, "failed to write the metrics");
                String::new()
            })
    }
}

fn registered<T: Collector + Clone + 'static>(registry: &Registry, metric: &T) -> prometheus::Result<T> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric.clone())
}

/// A counter and a timer with fixed labels. Looking up labels for each request takes longer than counting it.
#[derive(Debug)]
pub struct Recorder {
    count: IntCounter,
    seconds: Histogram,
}

impl Recorder {
    /// The counter with `labels` and the timer with `label`.
    #[must_use]
    pub fn new(counters: &IntCounterVec, labels: &[&str], timers: &HistogramVec, label: &str) -> Self {
        Self {
            count: counters.with_label_values(labels),
            seconds: timers.with_label_values(&[label]),
        }
    }

    /// Counts one that has no duration.
    pub fn count(&self) {
        self.count.inc();
    }

    /// Counts one with its duration in seconds.
    pub fn record(&self, seconds: f64) {
        self.count.inc();
        self.seconds.observe(seconds);
    }
}

/// Increments a gauge for the lifetime of the value.
#[derive(Debug)]
pub struct Counted(IntGauge);

impl Counted {
    /// Increments the gauge until the value is dropped.
    #[must_use]
    pub fn one(gauge: &IntGauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
