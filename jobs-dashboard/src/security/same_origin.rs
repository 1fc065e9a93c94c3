//! Rejects requests that a page of another site makes.

use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, HeaderValue, Uri};

use crate::error::HttpError;
use crate::security::allowed_hosts::requested_host;

/// Checks `Sec-Fetch-Site`, or `Origin` if the browser does not send it. Returns whether they say that the request comes from
/// a page of the dashboard. A request with neither header passes: old browsers and programs send none, and the CSRF token or
/// the header `Jobs-Request` still protects it.
///
/// # Errors
/// The headers name another site.
pub(crate) fn check(uri: &Uri, headers: &HeaderMap) -> Result<bool, HttpError> {
    let header = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    if let Some(site) = header("sec-fetch-site") {
        // `none` is a request by the user, as from a bookmark. `same-site` includes other hosts of the domain: not trusted.
        return if matches!(site, "same-origin" | "none") {
            Ok(site == "same-origin")
        } else {
            Err(HttpError::cross_site())
        };
    }
    let Some(origin) = header(ORIGIN.as_str()) else { return Ok(false) };
    let host = origin.split_once("://").map(|(_, host)| host);
    let is_own =
        host.is_some_and(|host| requested_host(uri, headers).is_some_and(|own| own.eq_ignore_ascii_case(host)));
    if is_own { Ok(true) } else { Err(HttpError::cross_site()) }
}
