//! The middleware of every request: access control, protection against forged requests, error pages and headers.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app_state::{AppState, SharedState};
use crate::error::HttpError;
use crate::pages::error_page;
use crate::request::context::RequestContext;
use crate::request::fields::Fields;
use crate::security::{csrf, headers, same_origin};

/// The largest body that is read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// How long a request may wait for the store.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Checks a request, passes it to its handler, and renders an error as a page or as JSON.
pub(crate) async fn handle(State(app): SharedState, request: Request, next: Next) -> Response {
    // The router may have been built outside of a runtime, where the sampler could not start.
    app.sampler.start();
    let mut response = match RequestContext::new(&app, &request) {
        Ok(ctx) => respond(&app, ctx, request, next).await,
        Err(error) => error.into_response(),
    };
    headers::protect(response.headers_mut());
    response
}

async fn respond(app: &AppState, mut ctx: RequestContext, request: Request, next: Next) -> Response {
    let mut response = match check(app, &mut ctx, request).await {
        Ok(request) => run(request, next).await,
        Err(error) => error.into_response(),
    };
    if let Some(error) = response.extensions_mut().remove::<HttpError>() {
        response = error_page::render(&error, &ctx);
    }
    ctx.set_cookies(&mut response);
    response
}

async fn run(request: Request, next: Next) -> Response {
    match tokio::time::timeout(TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => HttpError::unavailable(
            "The store did not answer within 15 seconds. If you requested a change, it may still happen.",
        )
        .into_response(),
    }
}

/// The request with its context, if it may be handled.
async fn check(app: &AppState, ctx: &mut RequestContext, request: Request) -> Result<Request, HttpError> {
    // The host comes first: without this check, a DNS name of an attacker could reach a local dashboard.
    app.hosts.check(request.uri(), request.headers())?;
    ctx.actor = app.access.authenticate(&request)?;
    let mut request = match *request.method() {
        Method::GET | Method::HEAD => request,
        _ => check_change(app, ctx, request).await?,
    };
    request.extensions_mut().insert(ctx.clone());
    Ok(request)
}

/// A request that changes something has to come from a form of the dashboard or from an API client.
async fn check_change(app: &AppState, ctx: &RequestContext, request: Request) -> Result<Request, HttpError> {
    if app.read_only {
        return Err(HttpError::read_only());
    }
    same_origin::check(request.uri(), request.headers())?;
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| HttpError::too_large(BODY_LIMIT))?;
    let fields = if ctx.is_api() { api_fields(&parts.headers, &body)? } else { form_fields(ctx, &body)? };
    parts.extensions.insert(fields);
    Ok(Request::from_parts(parts, Body::empty()))
}

/// The fields of a form, if its CSRF token matches the cookie.
fn form_fields(ctx: &RequestContext, body: &[u8]) -> Result<Fields, HttpError> {
    let fields = Fields::parse(body);
    let matches = fields.value(csrf::FIELD).is_some_and(|given| ctx.csrf.matches(given));
    if matches { Ok(fields) } else { Err(HttpError::csrf_mismatch()) }
}

/// The fields of an API request. A form of another site cannot send a custom header, so the header replaces the CSRF token.
fn api_fields(headers: &HeaderMap, body: &[u8]) -> Result<Fields, HttpError> {
    if !headers.contains_key("jobs-request") {
        return Err(HttpError::missing_header());
    }
    Fields::parse_json(body).ok_or_else(|| {
        HttpError::invalid("The body is not a JSON object whose values are strings, numbers and booleans.")
    })
}
