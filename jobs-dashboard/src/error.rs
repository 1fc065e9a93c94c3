//! The errors that the dashboard answers with.

use axum::http::StatusCode;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use jobs_core::{Error, LogText};

/// An error response: its status and what it tells the user. The middleware renders it as a page or as JSON, since only the
/// middleware knows the request.
#[derive(Clone, Debug)]
pub(crate) struct HttpError {
    pub(crate) status: StatusCode,
    pub(crate) title: &'static str,
    pub(crate) message: String,
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
}

impl HttpError {
    fn new(status: StatusCode, title: &'static str, message: impl Into<String>) -> Self {
        Self { status, title, message: message.into(), header: None }
    }

    fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        self.header = Some((name, HeaderValue::from_static(value)));
        self
    }

    pub(crate) fn unauthenticated() -> Self {
        let message = "Enter your user name and your password.";
        Self::new(StatusCode::UNAUTHORIZED, "Sign in", message)
            .with(WWW_AUTHENTICATE, "Basic realm=\"jobs\", charset=\"UTF-8\"")
    }

    pub(crate) fn too_many_passwords() -> Self {
        let message = "Too many wrong passwords came from your address. Wait ten seconds, then try again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many attempts", message).with(RETRY_AFTER, "10")
    }

    pub(crate) fn forbidden() -> Self {
        let message =
            "No layer of this program has authenticated you, and the dashboard answers only authenticated users.";
        Self::new(StatusCode::FORBIDDEN, "Access denied", message)
    }

    pub(crate) fn read_only() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Read-only", "This dashboard is read-only and cannot change anything.")
    }

    pub(crate) fn cross_site() -> Self {
        let message = "This form was not submitted from a page of the dashboard. If the dashboard is behind a proxy, \
                       configure the proxy to forward the header `Host`.";
        Self::new(StatusCode::FORBIDDEN, "Cross-site request blocked", message)
    }

    pub(crate) fn csrf_mismatch() -> Self {
        let message = "This form has expired, or your browser does not keep cookies. Go back, reload the page and submit \
                       the form again.";
        Self::new(StatusCode::FORBIDDEN, "Form expired", message)
    }

    pub(crate) fn missing_header() -> Self {
        let message = "Requests that change something need the header `Jobs-Request` with any value, so that a form of \
                       another site cannot make them.";
        Self::new(StatusCode::FORBIDDEN, "Missing header", message)
    }

    pub(crate) fn unknown_host(host: &str) -> Self {
        let message = format!("This dashboard does not answer requests for the host `{}`.", host.escape_debug());
        Self::new(StatusCode::MISDIRECTED_REQUEST, "Unknown host", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", message)
    }

    pub(crate) fn no_such_page() -> Self {
        Self::not_found("There is no such page.")
    }

    pub(crate) fn method_not_allowed() -> Self {
        let message = "This address does not support the method of the request.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", message)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Invalid request", message)
    }

    pub(crate) fn wrong_content_type(expected: &str) -> Self {
        let message = format!(
            "The body of this request has to be `{expected}` in UTF-8; its header `Content-Type` says otherwise."
        );
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Wrong content type", message)
    }

    pub(crate) fn compressed() -> Self {
        let message =
            "The body of this request is compressed. Send it as it is, without the header `Content-Encoding`.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Compressed body", message)
    }

    pub(crate) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "Request too slow", "The body of the request did not arrive in time.")
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("The body of the request is larger than {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Request too large", message)
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "The store does not answer", message).with(RETRY_AFTER, "5")
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal error", message)
    }
}

impl From<Error> for HttpError {
    fn from(error: Error) -> Self {
        if error.is_transient() {
            tracing::warn!(target: "jobs", error = %with_causes(&error), "The dashboard cannot reach the store");
            return Self::unavailable(error.to_string());
        }
        if error.is_invalid() || error.is_unsupported() {
            return Self::invalid(error.to_string());
        }
        if error.is_not_found() {
            return Self::not_found(error.to_string());
        }
        tracing::error!(target: "jobs", error = %with_causes(&error), "The store returned an error to the dashboard");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The store reports an error", error.to_string())
    }
}

/// The error with its causes, for a field of the log.
fn with_causes(error: &Error) -> LogText<String> {
    let chain = std::iter::successors(Some(error as &dyn std::error::Error), |error| (*error).source());
    LogText::field(chain.map(ToString::to_string).collect::<Vec<_>>().join(", caused by: "))
}

/// Attaches the error to the response, for the middleware to render.
impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
