//! Which address leads where.

use std::sync::Arc;

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::board::Board;
use crate::failure::Failure;
use crate::live::live;
use crate::{api, assets, gate, pages};

pub(crate) fn router(board: Arc<Board>) -> Router {
    let gate = from_fn_with_state(Arc::clone(&board), gate::pass);
    Router::new()
        .route("/", get(pages::overview))
        .route("/queues", get(pages::queues))
        .route("/queues/pause", post(pages::pause))
        .route("/queues/resume", post(pages::resume))
        .route("/jobs", get(pages::jobs))
        .route("/chosen", post(pages::chosen))
        .route("/bulk/{verb}", get(pages::ask).post(pages::begin))
        .route("/sweeps/{number}", get(pages::sweep))
        .route("/sweeps/{number}/stop", post(pages::stop))
        .route("/jobs/{id}", get(pages::job))
        .route("/jobs/{id}/retry", post(pages::retry))
        .route("/jobs/{id}/discard", post(pages::discard))
        .route("/jobs/{id}/reschedule", post(pages::reschedule))
        .route("/processes", get(pages::processes))
        .route("/recurring", get(pages::recurring))
        .route("/recurring/run", post(pages::run_task))
        .route("/recurring/pause", post(pages::pause_task))
        .route("/recurring/resume", post(pages::resume_task))
        .nest("/api", api::routes())
        .route("/live", get(live))
        .route("/assets/{file}", get(assets::asset))
        .fallback(elsewhere)
        .method_not_allowed_fallback(async || Failure::method())
        .layer(gate)
        .with_state(board)
}

/// A slash too many at the end leads to the page without it.
async fn elsewhere(OriginalUri(uri): OriginalUri) -> Response {
    let path = uri.path();
    let without = path.trim_end_matches('/');
    if without != path && without.starts_with('/') && !without.starts_with("//") {
        return (StatusCode::PERMANENT_REDIRECT, [("location", without.to_owned())]).into_response();
    }
    Failure::not_found("There is no such page.").into_response()
}
