//! The origin of the page that made a browser send a request (RFC 6454).

use http::header;
use http::request::Parts;

use super::peer::{self, Scheme};
use super::settings::Settings;

/// The origin of a request, by its `Origin` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestOrigin {
    /// No `Origin`: not sent by a page of another origin, or not by a browser.
    Unnamed,
    /// A page of this server or of a listed origin.
    Allowed,
    /// Any other page.
    Foreign,
}

impl RequestOrigin {
    /// A page is of this server if its host and port equal those of the request, as a trusted proxy states them, and so
    /// does its scheme, if known.
    pub(super) fn of(parts: &Parts, settings: &Settings) -> Self {
        let mut origins = parts.headers.get_all(header::ORIGIN).iter();
        let origin = match (origins.next(), origins.next()) {
            (None, _) => return Self::Unnamed,
            (Some(origin), None) => origin,
            (Some(_), Some(_)) => return Self::Foreign,
        };
        if settings.cors_origins.contains(origin) {
            return Self::Allowed;
        }
        let host = peer::stated_host(parts)
            .or_else(|| parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()))
            .or_else(|| parts.uri.authority().map(http::uri::Authority::as_str));
        let page = origin.to_str().ok().and_then(|origin| {
            let (scheme, page) = origin.split_once("://")?;
            Some((Scheme::from_name(scheme)?, page))
        });
        let fits = |scheme| peer::scheme(parts).is_none_or(|stated| stated == scheme);
        match (host, page) {
            (Some(host), Some((scheme, page))) if fits(scheme) && host.eq_ignore_ascii_case(page) => Self::Allowed,
            _ => Self::Foreign,
        }
    }
}
