//! Queries: figures, queues, processes and jobs.

use std::borrow::Cow;

use axum::extract::{Path, State};
use axum::http::header::LINK;
use axum::http::{HeaderValue, StatusCode};
use jobs_core::Cursor;
use jobs_core::json::{FailureGroup, Job, Process, Queue, Stats, WholeJob};
use serde::Serialize;

use super::{ApiResult, SharedState, json};
use crate::actions::jobs::find_job;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::{Fields, address};
use crate::search::list::PageStart;
use crate::search::query::JobQuery;

/// How many jobs a page has by default, and how many jobs or queues at most.
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

/// Failed jobs in groups.
#[derive(Serialize)]
struct FailureList {
    /// The largest groups, at most `limit` of them.
    failures: Vec<FailureGroup>,
    /// How many groups there are among the jobs that were read.
    groups: usize,
    /// How many failed jobs were read; there are more if `older` is not null.
    read: u64,
    /// The value of `before` for the groups of older jobs; null if there are none.
    older: Option<Cursor>,
}

pub(crate) async fn failures(State(app): SharedState, ctx: RequestContext) -> ApiResult {
    let limit = limit(&ctx.query, MAX_LIMIT)?;
    let found = app.failures(&ctx.query).await?;
    let failures = found.groups.iter().take(limit).map(FailureGroup::from).collect();
    let groups = found.groups.len();
    json(StatusCode::OK, &FailureList { failures, groups, read: found.read, older: found.next })
}

pub(crate) async fn stats(State(app): SharedState) -> ApiResult {
    json(StatusCode::OK, &Stats::from(&app.inspect()?.stats().await?))
}

/// A page of queues. The header `Link` has the address of the next page, as RFC 8288 defines it.
pub(crate) async fn queues(State(app): SharedState, ctx: RequestContext) -> ApiResult {
    let limit = limit(&ctx.query, MAX_LIMIT)?;
    let page = app.queue_page(&ctx.query, limit).await?;
    let mut response = json(StatusCode::OK, &page.queues.iter().map(Queue::from).collect::<Vec<_>>())?;
    if let Some(next) = &page.next {
        let limit = limit.to_string();
        let prefix = ctx.query.value("prefix").map(|prefix| ("prefix", prefix));
        let fields = [("limit", limit.as_str()), ("after", next)].into_iter().chain(prefix);
        let link = format!("<{}>; rel=\"next\"", address(&ctx.url("/api/queues"), fields));
        response.headers_mut().extend(HeaderValue::from_str(&link).ok().map(|link| (LINK, link)));
    }
    Ok(response)
}

pub(crate) async fn processes(State(app): SharedState) -> ApiResult {
    let processes = app.inspect()?.processes().await?;
    json(StatusCode::OK, &processes.iter().map(Process::from).collect::<Vec<_>>())
}

pub(crate) async fn jobs(State(app): SharedState, ctx: RequestContext) -> ApiResult {
    let limit = limit(&ctx.query, DEFAULT_LIMIT)?;
    let page = app.list(JobQuery::parse(&ctx.query)?.filter(limit), PageStart::parse(&ctx.query)?).await?;
    let jobs = page.jobs.iter().map(Job::from).collect();
    json(StatusCode::OK, &JobList { jobs, older: page.older, newer: page.newer })
}

fn limit(fields: &Fields, default: usize) -> Result<usize, HttpError> {
    let Some(text) = fields.value("limit") else { return Ok(default) };
    let limit = text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(|| HttpError::invalid(format!("`limit` must be a number from 1 to {MAX_LIMIT}, not `{text}`.")))
}

pub(crate) async fn job(State(app): SharedState, Path(id): Path<String>) -> ApiResult {
    let job = find_job(&app, &id).await?;
    let arguments = app.visible_arguments(&job).map(Cow::into_owned);
    json(StatusCode::OK, &WholeJob::new(&job, arguments))
}
