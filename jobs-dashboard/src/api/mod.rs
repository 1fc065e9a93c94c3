//! The JSON API: the same queries and actions for programs.

mod actions;
mod figures;
mod queries;
mod recurring;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jobs_core::LogText;
use serde::Serialize;

use crate::app_state::{AppState, SharedState};
use crate::error::HttpError;

type ApiResult = Result<Response, HttpError>;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/stats", get(queries::stats))
        .route("/queues", get(queries::queues))
        .route("/queues/pause", post(actions::pause_queue))
        .route("/queues/resume", post(actions::resume_queue))
        .route("/processes", get(queries::processes))
        .route("/processes/quiet", post(actions::quiet_process))
        .route("/processes/stop", post(actions::stop_process))
        .route("/recurring", get(recurring::tasks))
        .route("/recurring/run", post(recurring::run))
        .route("/recurring/pause", post(recurring::pause))
        .route("/recurring/resume", post(recurring::resume))
        .route("/failures", get(queries::failures))
        .route("/figures", get(figures::figures))
        .route("/jobs", get(queries::jobs))
        .route("/jobs/{id}", get(queries::job))
        .route("/jobs/{id}/cancel", post(actions::cancel))
        .route("/jobs/{id}/{verb}", post(actions::change))
        .route("/bulk/{verb}", post(actions::start_bulk))
        .route("/bulk-actions/{number}", get(actions::bulk_status))
        .route("/bulk-actions/{number}/stop", post(actions::stop_bulk))
}

fn json(status: StatusCode, value: &impl Serialize) -> ApiResult {
    let body = serde_json::to_string(value).map_err(|error| {
        tracing::error!(
            target: "jobs", error = %LogText::field(&error),
            "A response of the dashboard cannot be serialised"
        );
        HttpError::internal("The response cannot be serialised as JSON.")
    })?;
    Ok((status, [(CONTENT_TYPE, "application/json")], body).into_response())
}
