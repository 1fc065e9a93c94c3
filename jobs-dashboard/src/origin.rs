//! Whether a form was sent by a page of the dashboard.

use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Uri};

use crate::failure::Failure;
use crate::hosts::asked;

/// What browsers say of the page that makes a request, where they say it.
///
/// # Errors
/// It is another site's.
pub(crate) fn check(uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
    let said = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or_default());
    if let Some(site) = said("sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") { Ok(()) } else { Err(Failure::foreign()) };
    }
    let Some(origin) = said(ORIGIN.as_str()) else { return Ok(()) };
    let host = origin.split_once("://").map(|(_, host)| host);
    let is_own = host.is_some_and(|host| asked(uri, headers).is_some_and(|own| own.eq_ignore_ascii_case(host)));
    if is_own { Ok(()) } else { Err(Failure::foreign()) }
}
