//! What is stored.

use std::borrow::Cow;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use jobs_core::JobId;
use jobs_core::json::{Job, Process, Queue, Stats, WholeJob};
use serde::Serialize;

use super::{Answer, Shared, json};
use crate::acts::found;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::seeking::Place;
use crate::which::Which;

/// How many jobs a page has if nothing is said, and at most.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;

/// A page of jobs.
#[derive(Serialize)]
struct Page {
    jobs: Vec<Job>,
    /// What `before` is for the page with older jobs; null if there is none.
    older: Option<String>,
    /// What `after` is for the page with newer ones, likewise.
    newer: Option<String>,
}

pub(crate) async fn stats(State(board): Shared) -> Answer {
    json(StatusCode::OK, &Stats::from(&board.inspect()?.stats().await?))
}

pub(crate) async fn queues(State(board): Shared) -> Answer {
    let queues = board.inspect()?.queues().await?;
    json(StatusCode::OK, &queues.iter().map(Queue::from).collect::<Vec<_>>())
}

pub(crate) async fn processes(State(board): Shared) -> Answer {
    let processes = board.inspect()?.processes().await?;
    json(StatusCode::OK, &processes.iter().map(Process::from).collect::<Vec<_>>())
}

pub(crate) async fn jobs(State(board): Shared, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let limit = limit(&fields)?;
    let sheet = board.sheet(Which::read(&fields)?.filter(limit), Place::read(&fields)?).await?;
    let id = |id: Option<JobId>| id.map(|id| id.to_string());
    let jobs = sheet.jobs.iter().map(Job::from).collect();
    json(StatusCode::OK, &Page { jobs, older: id(sheet.older), newer: id(sheet.newer) })
}

fn limit(fields: &Fields) -> Result<usize, Failure> {
    let Some(text) = fields.value("limit") else { return Ok(PAGE) };
    let limit = text.parse().ok().filter(|limit| (1..=LARGEST_PAGE).contains(limit));
    limit.ok_or_else(|| Failure::invalid(format!("`limit` is a number from 1 to {LARGEST_PAGE}, and not `{text}`.")))
}

pub(crate) async fn job(State(board): Shared, Path(id): Path<String>) -> Answer {
    let job = found(&board, &id).await?;
    let shown = board.visible_arguments(&job).map(Cow::into_owned);
    json(StatusCode::OK, &WholeJob::new(&job, shown))
}
