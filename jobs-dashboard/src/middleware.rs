//! The middleware of every request: access control, protection against forged requests, error pages and headers.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app_state::{AppState, SharedState};
use crate::error::HttpError;
use crate::pages::error_page;
use crate::request::context::RequestContext;
use crate::request::fields::Fields;
use crate::request::parameters::Parameters;
use crate::request::percent::percent_decode;
use crate::security::{csrf, headers, same_origin};

/// The largest body that is read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// How long the body of a request may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a request may wait for the store.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Checks a request, passes it to its handler, and renders an error as a page or as JSON.
pub(crate) async fn handle(State(app): SharedState, request: Request, next: Next) -> Response {
    // The router may have been built outside of a runtime, where the sampler could not start.
    app.sampler.start();
    let ctx = RequestContext::new(&app, &request);
    let mut response = respond(&app, ctx, request, next).await;
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
    ctx.sign_in(app.access.authenticate(&request)?, request.headers())?;
    // Only addresses that declare their parameters are served.
    let takes = Parameters::of(&ctx.path).ok_or_else(HttpError::no_such_page);
    percent_decode(ctx.path.as_bytes())?;
    let query = Fields::parse(request.uri().query().unwrap_or_default().as_bytes())?;
    let mut request = match *request.method() {
        Method::GET | Method::HEAD => {
            ctx.query = query.checked(takes?.read)?;
            without_body(request)?
        }
        _ => {
            let mut request = check_change(app, ctx, request).await?;
            let (takes, fields) = (takes?, request.extensions_mut().remove::<Fields>().unwrap_or_default());
            ctx.query = query.checked(takes.change)?;
            request.extensions_mut().insert(fields.checked(takes.body)?);
            request
        }
    };
    request.extensions_mut().insert(ctx.clone());
    Ok(request)
}

/// A request that only reads has all its parameters in its address: conditions in a body would be missed.
fn without_body(request: Request) -> Result<Request, HttpError> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    Err(HttpError::invalid("A request that only reads takes no body: put its parameters into the address."))
}

/// A request that changes something has to come from a form of the dashboard or from an API client.
/// Its fields are then in its extensions.
async fn check_change(app: &AppState, ctx: &mut RequestContext, request: Request) -> Result<Request, HttpError> {
    // The colours are the user's own.
    if app.read_only && ctx.path != "/theme" {
        return Err(HttpError::read_only());
    }
    let is_own_page = same_origin::check(request.uri(), request.headers())?;
    let (mut parts, body) = request.into_parts();
    let body = read_body(body).await?;
    let fields = if ctx.is_api() {
        api_fields(&parts.headers, &body)?
    } else {
        form_fields(ctx, &parts.headers, &body, is_own_page)?
    };
    parts.extensions.insert(fields);
    Ok(Request::from_parts(parts, Body::empty()))
}

async fn read_body(body: Body) -> Result<Bytes, HttpError> {
    let body =
        tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, BODY_LIMIT)).await.map_err(|_| HttpError::too_slow())?;
    body.map_err(|_| HttpError::too_large(BODY_LIMIT))
}

/// The fields of a form, if its CSRF token matches the cookie. Unless the browser says that the form is on a page of the
/// dashboard, this process has to have made the token.
fn form_fields(
    ctx: &mut RequestContext,
    headers: &HeaderMap,
    body: &[u8],
    is_own_page: bool,
) -> Result<Fields, HttpError> {
    check_content_type(headers, body, "application/x-www-form-urlencoded")?;
    let fields = Fields::parse(body)?;
    let matches = fields.value(csrf::FIELD).is_some_and(|given| ctx.csrf.matches(given));
    if matches && (is_own_page || ctx.csrf.is_signed()) {
        return Ok(fields.without(csrf::FIELD));
    }
    Err(ctx.csrf_mismatch())
}

/// The fields of an API request. A form of another site cannot send a custom header, so the header replaces the CSRF token.
fn api_fields(headers: &HeaderMap, body: &[u8]) -> Result<Fields, HttpError> {
    if !headers.contains_key("jobs-request") {
        return Err(HttpError::missing_header());
    }
    check_content_type(headers, body, "application/json")?;
    Fields::parse_json(body).ok_or_else(|| {
        HttpError::invalid("The body is not a JSON object whose values are strings, numbers and booleans.")
    })
}

/// # Errors
/// The request names another type, more than one, another character set than UTF-8, or a compression. A body without a type is
/// read as the expected one.
fn check_content_type(headers: &HeaderMap, body: &[u8], expected: &'static str) -> Result<(), HttpError> {
    let is_plain = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if body.is_empty() {
        return Ok(());
    }
    if !headers.get_all(CONTENT_ENCODING).iter().all(is_plain) {
        return Err(HttpError::compressed());
    }
    let mut given = headers.get_all(CONTENT_TYPE).iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(()),
        (Some(given), None) if is_text_of(given.to_str().unwrap_or_default(), expected) => Ok(()),
        _ => Err(HttpError::wrong_content_type(expected)),
    }
}

/// Whether the content type is this one, in UTF-8.
fn is_text_of(content_type: &str, expected: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let is_expected = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(expected));
    let mut charsets =
        parts.filter_map(|part| part.split_once('=')).filter(|(key, _)| key.trim().eq_ignore_ascii_case("charset"));
    is_expected && charsets.all(|(_, charset)| is_utf8(charset.trim().trim_matches('"')))
}

/// ASCII is a part of UTF-8.
fn is_utf8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
}
