//! The origin of the page that made a browser send a request (RFC 6454).

use http::request::Parts;
use http::{HeaderValue, header};

use super::peer::{self, Scheme};
use super::settings::Settings;
use super::{host, web_origin};

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
        if web_origin::is_listed(origin, &settings.cors_origins) || is_own(origin, parts) == Some(true) {
            Self::Allowed
        } else {
            Self::Foreign
        }
    }
}

/// Whether the host of the request serves pages of this origin.
fn is_own(origin: &HeaderValue, parts: &Parts) -> Option<bool> {
    let page = web_origin::parse(origin.to_str().ok()?)?;
    let (name, _) = origin.to_str().ok()?.split_once("://")?;
    let scheme = Scheme::from_name(name)?;
    if peer::scheme(parts).is_some_and(|stated| stated != scheme) {
        return Some(false);
    }
    let host = peer::stated_host(parts).or_else(|| host::named(parts))?;
    Some(web_origin::of_host(name, host)? == page)
}
