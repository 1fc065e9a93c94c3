//! What is answered where a page cannot be.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use jobs_core::Error;
use maud::html;

use crate::layout;
use crate::visit::Visit;

/// Why there is no page, in words for whoever asked for it. It is drawn on the way out.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    title: &'static str,
    words: String,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Failure {
    fn new(status: StatusCode, title: &'static str, words: impl Into<String>) -> Self {
        Self { status, title, words: words.into(), header: None }
    }

    fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        self.header = Some((name, HeaderValue::from_static(value)));
        self
    }

    pub(crate) fn unauthenticated() -> Self {
        let words = "Say your name and your password.";
        Self::new(StatusCode::UNAUTHORIZED, "Who are you?", words)
            .with(WWW_AUTHENTICATE, "Basic realm=\"jobs\", charset=\"UTF-8\"")
    }

    pub(crate) fn nobody() -> Self {
        let words = "No layer of this program said who you are, and the dashboard answers nobody it does not know.";
        Self::new(StatusCode::FORBIDDEN, "Not allowed", words)
    }

    pub(crate) fn read_only() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Only to look at", "This dashboard changes nothing: it was started read-only.")
    }

    pub(crate) fn foreign() -> Self {
        let words = "This form was not sent by a page of the dashboard. If a proxy stands in front, let it pass the \
                     header `Host` on.";
        Self::new(StatusCode::FORBIDDEN, "Not from here", words)
    }

    pub(crate) fn untoken() -> Self {
        let words =
            "This form is too old, or the browser keeps no cookies. Go back, load the page again and repeat it.";
        Self::new(StatusCode::FORBIDDEN, "Please repeat that", words)
    }

    pub(crate) fn headless() -> Self {
        let words = "Requests that change something need the header `Jobs-Request` with any value, so that no form of \
                     another site can make them.";
        Self::new(StatusCode::FORBIDDEN, "A header is missing", words)
    }

    pub(crate) fn misdirected(host: &str) -> Self {
        let words = format!("`{}` is no name under which this dashboard answers.", host.escape_debug());
        Self::new(StatusCode::MISDIRECTED_REQUEST, "Another host", words)
    }

    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not here", what)
    }

    pub(crate) fn method() -> Self {
        let words = "Nothing is done at this address in this way.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Not this way", words)
    }

    pub(crate) fn invalid(words: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "That cannot be", words)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let words = format!("More than {limit} bytes are not read.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Too much", words)
    }

    pub(crate) fn unavailable(words: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The store does not answer", words).with(RETRY_AFTER, "5")
    }

    /// The failure as the page that `visit` is to see, or as JSON for programs.
    pub(crate) fn drawn(self, visit: &Visit) -> Response {
        let mut response = if visit.is_api() { self.as_json() } else { self.as_page(visit) };
        *response.status_mut() = self.status;
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }

    fn as_json(&self) -> Response {
        let body = serde_json::json!({ "error": self.words }).to_string();
        ([(CONTENT_TYPE, "application/json")], body).into_response()
    }

    fn as_page(&self, visit: &Visit) -> Response {
        let is_known =
            visit.actor.is_some() || !matches!(self.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        let body = html! {
            h1 { (self.title) }
            p.words { (self.words) }
            @if self.status == StatusCode::SERVICE_UNAVAILABLE {
                p { a.button href=(visit.to(&visit.path)) { "Try again" } }
            }
        };
        layout::page(visit, self.title, is_known, &body).into_response()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        if error.is_transient() {
            tracing::warn!(target: "jobs", ?error, "The dashboard does not reach the store");
            return Self::unavailable(error.to_string());
        }
        if error.is_invalid() || error.is_unsupported() {
            return Self::invalid(error.to_string());
        }
        tracing::error!(target: "jobs", ?error, "The dashboard met an error of the store");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The store reports an error", error.to_string())
    }
}

/// Carries the failure to where the visit is known.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
