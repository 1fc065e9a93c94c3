//! Renders an error as a page, or as JSON for the API.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use maud::html;

use super::layout;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::address;
use crate::request::parameters::Parameters;

pub(crate) fn render(error: &HttpError, ctx: &RequestContext) -> Response {
    let mut response = if ctx.is_api() { json(error) } else { page(error, ctx) };
    *response.status_mut() = error.status;
    if let Some((name, value)) = error.header.clone() {
        response.headers_mut().insert(name, value);
    }
    response
}

fn json(error: &HttpError) -> Response {
    let body = serde_json::json!({ "error": error.message }).to_string();
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

fn page(error: &HttpError, ctx: &RequestContext) -> Response {
    // The navigation would only lead a user without access to more error pages.
    let has_access = ctx.actor.is_some() || !matches!(error.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let body = html! {
        h1 { (error.title) }
        p.prose { (error.message) }
        @if error.status == StatusCode::SERVICE_UNAVAILABLE {
            @if ctx.changes { p { a.button href=(ctx.url(page_of_form(&ctx.path))) { "Back" } } }
            @else { p { a.button href=(address(&ctx.url(&ctx.path), ctx.query.iter())) { "Try again" } } }
        }
    };
    layout::page(ctx, error.title, has_access, &body).into_response()
}

/// The page with the form that was submitted to this address, which takes only forms: the job, the process list, and so on. Forms
/// about many jobs are on the list of jobs.
fn page_of_form(path: &str) -> &str {
    let parent = path.rsplit_once('/').map(|(parent, _)| parent).unwrap_or_default();
    if !parent.is_empty() && Parameters::of(parent).is_some() { parent } else { "/jobs" }
}
