//! Recurring tasks.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use jobs_core::json::Task;
use jobs_core::{Enqueued, StoreExt};
use serde::Serialize;

use super::{Answer, Shared, json};
use crate::fields::Fields;
use crate::recurring::{run, turn};
use crate::visit::Visit;

/// What became of one.
#[derive(Serialize)]
struct Turned<'a> {
    key: &'a str,
    paused: bool,
    /// Whether it was otherwise before.
    changed: bool,
}

/// What became of a job that was to be enqueued.
#[derive(Serialize)]
struct Run {
    id: Option<String>,
    /// `new`, `duplicate` or `halted`.
    enqueued: &'static str,
}

pub(crate) async fn tasks(State(board): Shared) -> Answer {
    let agenda = board.store.repeating()?.tasks().await?;
    json(StatusCode::OK, &agenda.tasks.iter().map(|record| Task::new(record, agenda.now)).collect::<Vec<_>>())
}

pub(crate) async fn run_task(State(board): Shared, visit: Visit, fields: Extension<Fields>) -> Answer {
    let (enqueued, status) = match run(&board, &visit, &fields).await? {
        Enqueued::New(id) => (Run { id: Some(id.to_string()), enqueued: "new" }, StatusCode::CREATED),
        Enqueued::Duplicate { of } => (Run { id: Some(of.to_string()), enqueued: "duplicate" }, StatusCode::OK),
        Enqueued::Halted => (Run { id: None, enqueued: "halted" }, StatusCode::OK),
    };
    json(status, &enqueued)
}

pub(crate) async fn pause(State(board): Shared, visit: Visit, fields: Extension<Fields>) -> Answer {
    let (key, changed) = turn(&board, &visit, &fields, true).await?;
    json(StatusCode::OK, &Turned { key, paused: true, changed })
}

pub(crate) async fn resume(State(board): Shared, visit: Visit, fields: Extension<Fields>) -> Answer {
    let (key, changed) = turn(&board, &visit, &fields, false).await?;
    json(StatusCode::OK, &Turned { key, paused: false, changed })
}
