//! The HTML pages and the forms on them.

mod bulk;
pub(crate) mod error_page;
mod failures;
pub(crate) mod figures;
mod format;
mod forms;
mod help;
mod job;
mod job_table;
mod jobs;
mod layout;
mod overview;
mod process_names;
mod processes;
mod queues;
mod recurring;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use maud::Markup;

use crate::app_state::{AppState, SharedState};
use crate::error::HttpError;

type PageResult = Result<Markup, HttpError>;

/// A form redirects to the page that shows its result.
type FormResult = Result<Response, HttpError>;

pub(crate) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/", get(overview::overview))
        .route("/queues", get(queues::queues))
        .route("/queues/pause", post(queues::pause))
        .route("/queues/resume", post(queues::resume))
        .route("/jobs", get(jobs::jobs))
        .route("/failures", get(failures::failures))
        .route("/figures", get(figures::figures))
        .route("/selected", post(job::change_selection))
        .route("/bulk/{verb}", get(bulk::confirm).post(bulk::create))
        .route("/bulk-actions/{number}", get(bulk::status))
        .route("/bulk-actions/{number}/stop", post(bulk::stop))
        .route("/jobs/{id}", get(job::job))
        .route("/jobs/{id}/retry", post(job::retry))
        .route("/jobs/{id}/discard", post(job::discard))
        .route("/jobs/{id}/cancel", post(job::cancel))
        .route("/jobs/{id}/reschedule", post(job::reschedule))
        .route("/help", get(help::help))
        .route("/theme", post(help::choose_theme))
        .route("/processes", get(processes::processes))
        .route("/processes/quiet", post(processes::quiet))
        .route("/processes/stop", post(processes::stop))
        .route("/recurring", get(recurring::recurring))
        .route("/recurring/task", get(recurring::task))
        .route("/recurring/run", post(recurring::run))
        .route("/recurring/pause", post(recurring::pause))
        .route("/recurring/resume", post(recurring::resume))
}
