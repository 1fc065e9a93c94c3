//! Queries: figures, queues, processes and jobs.

use std::borrow::Cow;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use jobs_core::Cursor;
use jobs_core::json::{Job, Process, Queue, Stats, WholeJob};
use serde::Serialize;

use super::{ApiResult, SharedState, json};
use crate::actions::jobs::find_job;
use crate::error::HttpError;
use crate::request::fields::Fields;
use crate::search::list::PageStart;
use crate::search::query::JobQuery;

/// How many jobs a page has by default, and at most.
const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1000;

/// A page of jobs.
#[derive(Serialize)]
struct JobList {
    jobs: Vec<Job>,
    /// The value of `before` for the page with older jobs; null if there is none.
    older: Option<Cursor>,
    /// The value of `after` for the page with newer jobs; null if there is none.
    newer: Option<Cursor>,
}

pub(crate) async fn stats(State(app): SharedState) -> ApiResult {
    json(StatusCode::OK, &Stats::from(&app.inspect()?.stats().await?))
}

pub(crate) async fn queues(State(app): SharedState) -> ApiResult {
    let queues = app.inspect()?.queues().await?;
    json(StatusCode::OK, &queues.iter().map(Queue::from).collect::<Vec<_>>())
}

pub(crate) async fn processes(State(app): SharedState) -> ApiResult {
    let processes = app.inspect()?.processes().await?;
    json(StatusCode::OK, &processes.iter().map(Process::from).collect::<Vec<_>>())
}

pub(crate) async fn jobs(State(app): SharedState, RawQuery(query): RawQuery) -> ApiResult {
    let fields = Fields::parse_query(query.as_deref());
    let limit = limit(&fields)?;
    let page = app.list(JobQuery::parse(&fields)?.filter(limit), PageStart::parse(&fields)?).await?;
    let jobs = page.jobs.iter().map(Job::from).collect();
    json(StatusCode::OK, &JobList { jobs, older: page.older, newer: page.newer })
}

fn limit(fields: &Fields) -> Result<usize, HttpError> {
    let Some(text) = fields.value("limit") else { return Ok(DEFAULT_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| HttpError::invalid(format!("`limit` must be a number from 1 to {MAX_LIMIT}, not `{text}`.")))
}

pub(crate) async fn job(State(app): SharedState, Path(id): Path<String>) -> ApiResult {
    let job = find_job(&app, &id).await?;
    let arguments = app.visible_arguments(&job).map(Cow::into_owned);
    json(StatusCode::OK, &WholeJob::new(&job, arguments))
}
