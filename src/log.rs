//! Lines of the log, which state the id of the request that they belong to.
//!
//! The id is a task-local value and not a span: the fields of a span are formatted for every request, although few
//! requests are logged.

use std::fmt;
use std::sync::Arc;

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{self, Format, Json, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

tokio::task_local! {
    static REQUEST: Arc<str>;
}

/// Does work of the request with this id, which must need no escaping in JSON.
pub(crate) fn of_request<F: Future>(id: Arc<str>, work: F) -> impl Future<Output = F::Output> {
    REQUEST.scope(id, work)
}

/// Does work of the current request, if there is one, in another task.
pub(crate) fn of_current_request<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let id = REQUEST.try_with(Arc::clone).ok();
    async move {
        match id {
            Some(id) => REQUEST.scope(id, work).await,
            None => work.await,
        }
    }
}

/// Formats a line, with `request` as its last field.
#[derive(Debug)]
pub(crate) enum LineFormat {
    /// Text for people.
    Text(Format),
    /// A JSON object.
    Json(Format<Json>),
}

impl LineFormat {
    /// Lines of text, with colours for a terminal.
    pub(crate) fn text(colours: bool) -> Self {
        Self::Text(format::format().with_ansi(colours))
    }

    /// One JSON object per line.
    pub(crate) fn json() -> Self {
        let flat = format::json().flatten_event(true);
        Self::Json(flat.with_current_span(false).with_span_list(false))
    }
}

impl<S, N> FormatEvent<S, N> for LineFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = String::new();
        let own = Writer::new(&mut line);
        match self {
            Self::Text(format) => format.format_event(context, own, event)?,
            Self::Json(format) => format.format_event(context, own, event)?,
        }
        let line = line.trim_end_matches('\n');
        match (self, REQUEST.try_with(Arc::clone)) {
            (_, Err(_)) => writeln!(writer, "{line}"),
            (Self::Text(_), Ok(id)) => writeln!(writer, "{line} request={id}"),
            (Self::Json(_), Ok(id)) => {
                let object = line.strip_suffix('}').unwrap_or(line);
                writeln!(writer, r#"{object},"request":"{id}"}}"#)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    //! The id in lines of both formats, in the task of the request and in others. Filters are those of the library.

    use std::io;

    use parking_lot::Mutex;
    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Output(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The lines of a request `r-1` that logs in its own task and in another, after a line of no request.
    async fn lines(format: LineFormat) -> Vec<String> {
        let output = Output::default();
        let writer = output.clone();
        let layer = tracing_subscriber::fmt::layer()
            .event_format(format)
            .with_writer(move || writer.clone());
        let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
        tracing::info!(rows = 2, "of no \"request\"");
        of_request("r-1".into(), async {
            tracing::warn!(rows = 3, "its own");
            let other = of_current_request(async { tracing::warn!("in another task") });
            tokio::spawn(other).await.unwrap();
        })
        .await;
        let text = String::from_utf8(output.0.lock().clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn text_ends_with_the_id() {
        let lines = lines(LineFormat::text(false)).await;
        let ends: Vec<_> = lines.iter().map(|line| line.split_once("tests: ").unwrap().1).collect();
        let wanted = [
            "of no \"request\" rows=2",
            "its own rows=3 request=r-1",
            "in another task request=r-1",
        ];
        assert_eq!(ends, wanted);
    }

    #[tokio::test]
    async fn json_has_the_id_as_a_field() {
        let lines = lines(LineFormat::json()).await;
        let objects: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<_> = objects.iter().map(|object| object["request"].as_str()).collect();
        assert_eq!(ids, [None, Some("r-1"), Some("r-1")]);
        assert_eq!(objects[1]["rows"], 3);
        assert_eq!(objects[1]["message"], "its own");
    }
}
