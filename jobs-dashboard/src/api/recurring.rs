//! Queries of recurring tasks and actions on them.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use jobs_core::json::Task;
use jobs_core::{Enqueued, StoreExt};
use serde::Serialize;

use super::{ApiResult, SharedState, json};
use crate::actions::recurring::{run_task, set_task_paused};
use crate::request::context::RequestContext;
use crate::request::fields::Fields;

/// The result of pausing or resuming a task.
#[derive(Serialize)]
struct TaskChange<'a> {
    key: &'a str,
    paused: bool,
    /// Whether the task was in the other state before.
    changed: bool,
}

/// The result of running a task.
#[derive(Serialize)]
struct TaskRun {
    id: Option<String>,
    /// `new`, `duplicate` or `halted`.
    enqueued: &'static str,
}

pub(crate) async fn tasks(State(app): SharedState) -> ApiResult {
    let list = app.store.require_recurring()?.tasks().await?;
    json(StatusCode::OK, &list.tasks.iter().map(|record| Task::new(record, list.now)).collect::<Vec<_>>())
}

pub(crate) async fn run(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> ApiResult {
    let (run, status) = match run_task(&app, &ctx, &fields).await? {
        Enqueued::New(id) => (TaskRun { id: Some(id.to_string()), enqueued: "new" }, StatusCode::CREATED),
        Enqueued::Duplicate { of } => (TaskRun { id: Some(of.to_string()), enqueued: "duplicate" }, StatusCode::OK),
        Enqueued::Halted => (TaskRun { id: None, enqueued: "halted" }, StatusCode::OK),
    };
    json(status, &run)
}

pub(crate) async fn pause(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> ApiResult {
    let (key, changed) = set_task_paused(&app, &ctx, &fields, true).await?;
    json(StatusCode::OK, &TaskChange { key, paused: true, changed })
}

pub(crate) async fn resume(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> ApiResult {
    let (key, changed) = set_task_paused(&app, &ctx, &fields, false).await?;
    json(StatusCode::OK, &TaskChange { key, paused: false, changed })
}
