//! The same looks and acts for programs, as JSON.

mod acts;
mod looks;
mod recurring;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;

use crate::board::Board;
use crate::failure::Failure;

type Shared = State<Arc<Board>>;
type Answer = Result<Response, Failure>;

pub(crate) fn routes() -> Router<Arc<Board>> {
    Router::new()
        .route("/stats", get(looks::stats))
        .route("/queues", get(looks::queues))
        .route("/queues/pause", post(acts::pause))
        .route("/queues/resume", post(acts::resume))
        .route("/processes", get(looks::processes))
        .route("/recurring", get(recurring::tasks))
        .route("/recurring/run", post(recurring::run_task))
        .route("/recurring/pause", post(recurring::pause))
        .route("/recurring/resume", post(recurring::resume))
        .route("/jobs", get(looks::jobs))
        .route("/jobs/{id}", get(looks::job))
        .route("/jobs/{id}/{verb}", post(acts::change))
        .route("/bulk/{verb}", post(acts::begin))
        .route("/sweeps/{number}", get(acts::sweep))
        .route("/sweeps/{number}/stop", post(acts::stop))
}

fn json(status: StatusCode, shape: &impl Serialize) -> Answer {
    let body = serde_json::to_string(shape).map_err(|error| {
        tracing::error!(target: "jobs", %error, "An answer of the dashboard cannot be written");
        Failure::invalid("The answer cannot be written as JSON.")
    })?;
    Ok((status, [(CONTENT_TYPE, "application/json")], body).into_response())
}
