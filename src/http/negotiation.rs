//! Content negotiation: the media type of the response (RFC 9110, 12.5.1; GraphQL over HTTP, September 2026, "Accept").

use http::{HeaderMap, HeaderValue, header};

/// A media type of responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`, for clients older than the specification.
    Json,
    /// `application/graphql-response+json`.
    GraphqlResponse,
    /// `text/event-stream`, for clients that name it.
    EventStream,
}

impl Media {
    pub(super) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::EventStream => "text/event-stream",
        })
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::GraphqlResponse => ("application", "graphql-response+json"),
            Self::EventStream => ("text", "event-stream"),
        }
    }

    /// The best media type for these headers; `None` if none is acceptable. A client that names none of them, or sends
    /// no `Accept`, predates `application/graphql-response+json` and gets `application/json`.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let ranges = ranges(headers);
        if ranges.is_empty() {
            return Some(Self::Json);
        }
        let response = Self::GraphqlResponse.weight(&ranges);
        let json = Self::Json.weight(&ranges);
        let events = Self::EventStream.weight(&ranges).filter(|(_, named)| *named == EXACT);
        // A single response needs no stream if another type is equally acceptable.
        if events > response && events > json {
            return Some(Self::EventStream);
        }
        match (response, json) {
            (None, None) => None,
            (Some(_), None) => Some(Self::GraphqlResponse),
            (None, Some(_)) => Some(Self::Json),
            (Some(response), Some(json)) if response > json => Some(Self::GraphqlResponse),
            (Some(response), Some(json)) if response == json && response.1 == EXACT => Some(Self::GraphqlResponse),
            (Some(_), Some(_)) => Some(Self::Json),
        }
    }

    /// As [`Media::accepted`], for an operation with any number of responses: an event stream if the client accepts
    /// one.
    pub(super) fn for_many(self, headers: &HeaderMap) -> Self {
        match Self::EventStream.weight(&ranges(headers)) {
            Some((_, EXACT)) => Self::EventStream,
            _ => self,
        }
    }

    /// The quality and the specificity of the best matching range; `None` if none matches.
    fn weight(self, ranges: &[Range<'_>]) -> Option<(u16, u8)> {
        ranges
            .iter()
            .filter_map(|range| range.matches(self).map(|precision| (precision, range.quality)))
            .max_by_key(|(precision, _)| *precision)
            .filter(|(_, quality)| *quality > 0)
            .map(|(precision, quality)| (quality, precision))
    }
}

fn ranges(headers: &HeaderMap) -> Vec<Range<'_>> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(Range::parse)
        .collect()
}

/// The specificity of a range: `*/*`, `type/*`, or a full type.
const ANY: u8 = 0;
const HALF: u8 = 1;
const EXACT: u8 = 2;

/// A range of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// The quality in thousandths.
    quality: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.eq_ignore_ascii_case("q"))
            .map_or(1_000, |(_, value)| thousandths(value));
        Some(Self { kind, subtype, quality })
    }

    fn matches(&self, media: Media) -> Option<u8> {
        match (self.kind, self.subtype) {
            ("*", "*") => Some(ANY),
            (kind, "*") if kind.eq_ignore_ascii_case(media.names().0) => Some(HALF),
            (kind, subtype)
                if kind.eq_ignore_ascii_case(media.names().0) && subtype.eq_ignore_ascii_case(media.names().1) =>
            {
                Some(EXACT)
            }
            _ => None,
        }
    }
}

/// An invalid weight counts as 1: the client did name the type.
fn thousandths(text: &str) -> u16 {
    match text.parse::<f32>() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is between 0 and 1,000"
        )]
        Ok(weight) if (0.0..=1.0).contains(&weight) => (weight * 1_000.0).round() as u16,
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    //! Header parsing only. The router's tests cover the responses.

    use super::*;

    fn accepted(value: &'static str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(value));
        Media::accepted(&headers)
    }

    #[test]
    fn the_best_type_wins() {
        const JSON: Option<Media> = Some(Media::Json);
        const RESPONSE: Option<Media> = Some(Media::GraphqlResponse);
        for (value, expected) in [
            ("", JSON),
            ("*/*", JSON),
            ("application/*", JSON),
            ("application/json", JSON),
            ("application/graphql-response+json", RESPONSE),
            ("APPLICATION/GraphQL-Response+JSON; charset=utf-8", RESPONSE),
            ("application/graphql-response+json, application/json;q=0.9", RESPONSE),
            ("application/json;q=0.9, application/graphql-response+json", RESPONSE),
            ("application/graphql-response+json;q=0.5, application/json;q=0.9", JSON),
            ("application/json, application/graphql-response+json", RESPONSE),
            ("application/json, text/plain, */*", JSON),
            ("application/graphql-response+json, */*;q=0.1", RESPONSE),
            ("application/graphql-response+json;q=0, */*", JSON),
            ("application/json;q=0, */*", RESPONSE),
            ("application/json;q=0, application/*;q=0.3", RESPONSE),
            ("text/html, application/json;Q=0.3", JSON),
            ("text/html;q=0.9, */*;q=0.8", JSON),
            ("application/json;q=none", JSON),
            ("text/html", None),
            ("application/xml", None),
            ("text/event-stream", Some(Media::EventStream)),
            ("text/event-stream, */*", Some(Media::EventStream)),
            ("text/event-stream, application/json", JSON),
            ("application/json;q=0.9, text/event-stream", Some(Media::EventStream)),
            ("text/event-stream;q=0.5, application/json", JSON),
            ("text/event-stream;q=0, */*", JSON),
            ("text/*, application/json;q=0.5", JSON),
            ("*/*;q=0", None),
            ("application/json;q=0", None),
            ("application/json;q=0.000, text/html", None),
        ] {
            assert_eq!(accepted(value), expected, "{value}");
        }
    }

    #[test]
    fn several_header_lines_count_as_one() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT, HeaderValue::from_static("text/html"));
        headers.append(
            header::ACCEPT,
            HeaderValue::from_static("application/graphql-response+json"),
        );
        assert_eq!(Media::accepted(&headers), Some(Media::GraphqlResponse));
        assert_eq!(Media::accepted(&HeaderMap::new()), Some(Media::Json));
    }
}
