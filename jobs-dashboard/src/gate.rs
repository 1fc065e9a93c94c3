//! What every request goes through on its way in and out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::board::Board;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visit::Visit;
use crate::{headers, origin, token};

/// The most bytes of a body that are read.
pub(crate) const BODY_LIMIT: usize = 64 * 1024;

/// How long a page waits for the store.
const PATIENCE: Duration = Duration::from_secs(15);

/// Lets in who may, keeps out what was not asked for by a page of the dashboard, and draws what failed.
pub(crate) async fn pass(State(board): State<Arc<Board>>, request: Request, next: Next) -> Response {
    board.begin_looking();
    let mut response = match Visit::of(&board, &request) {
        Ok(visit) => received(&board, visit, request, next).await,
        Err(failure) => failure.into_response(),
    };
    headers::protect(response.headers_mut());
    response
}

async fn received(board: &Board, mut visit: Visit, request: Request, next: Next) -> Response {
    let mut response = match enter(board, &mut visit, request).await {
        Ok(request) => answered(request, next).await,
        Err(failure) => failure.into_response(),
    };
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = failure.drawn(&visit);
    }
    visit.leave(&mut response);
    response
}

async fn answered(request: Request, next: Next) -> Response {
    let too_late =
        |_| Failure::unavailable("It did not answer within 15 seconds. What was asked for may still happen.");
    tokio::time::timeout(PATIENCE, next.run(request)).await.unwrap_or_else(|late| too_late(late).into_response())
}

/// The request with what was found out about it, if it may go on.
async fn enter(board: &Board, visit: &mut Visit, request: Request) -> Result<Request, Failure> {
    board.hosts.check(request.uri(), request.headers())?;
    visit.actor = board.access.admit(&request)?;
    let mut request = match *request.method() {
        Method::GET | Method::HEAD => request,
        _ => changing(board, visit, request).await?,
    };
    request.extensions_mut().insert(visit.clone());
    Ok(request)
}

/// A request that changes something: sent by a page that was drawn here, or by a program that says so.
async fn changing(board: &Board, visit: &Visit, request: Request) -> Result<Request, Failure> {
    if board.read_only {
        return Err(Failure::read_only());
    }
    origin::check(request.uri(), request.headers())?;
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| Failure::too_large(BODY_LIMIT))?;
    let fields = if visit.is_api() { by_program(&parts.headers, &body)? } else { by_page(visit, &body)? };
    parts.extensions.insert(fields);
    Ok(Request::from_parts(parts, Body::empty()))
}

/// What a form of the dashboard says.
fn by_page(visit: &Visit, body: &[u8]) -> Result<Fields, Failure> {
    let fields = Fields::parse(body);
    let is_ours = fields.value(token::FIELD).is_some_and(|given| visit.token.is(given));
    if is_ours { Ok(fields) } else { Err(Failure::untoken()) }
}

/// What a program says. A form of another site cannot have the header.
fn by_program(headers: &HeaderMap, body: &[u8]) -> Result<Fields, Failure> {
    if !headers.contains_key("jobs-request") {
        return Err(Failure::headless());
    }
    Fields::parse_json(body)
        .ok_or_else(|| Failure::invalid("The body is not a JSON object of texts, numbers and booleans."))
}
