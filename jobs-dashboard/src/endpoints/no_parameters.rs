//! Refuses parameters at addresses that take none: who gives one expects it to have an effect.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The middleware.
pub(crate) async fn refuse(request: Request, next: Next) -> Response {
    match request.uri().query().filter(|query| !query.is_empty()) {
        None => next.run(request).await,
        Some(query) => {
            let name = form_urlencoded::parse(query.as_bytes()).next().map(|(name, _)| name.escape_debug().to_string());
            let name = name.unwrap_or_default();
            (StatusCode::BAD_REQUEST, format!("`{name}` is not a parameter: this address takes none")).into_response()
        }
    }
}
