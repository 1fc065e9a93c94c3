//! The figures of attempts in the last hour, day or week.

use axum::extract::State;
use axum::http::StatusCode;
use jobs_core::json::FigureSummary;

use super::{ApiResult, SharedState, json};
use crate::request::context::RequestContext;

pub(crate) async fn figures(State(app): SharedState, ctx: RequestContext) -> ApiResult {
    json(StatusCode::OK, &FigureSummary::from(&app.figures(&ctx.query).await?))
}
