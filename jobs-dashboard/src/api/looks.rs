//! What is stored.

use std::borrow::Cow;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::shapes::{Job, Page, Process, Queue, Stats, WholeJob};
use super::{Answer, Shared, json};
use crate::acts::found;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::which::{Which, more, place};

/// How many jobs a page has if nothing is said, and at most.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;

pub(crate) async fn stats(State(board): Shared) -> Answer {
    let inspect = board.inspect()?;
    let (counts, queues) = (inspect.counts().await?, inspect.queues().await?);
    let processes = inspect.processes().await?.len();
    json(StatusCode::OK, &Stats::new(&counts, &queues, processes))
}

pub(crate) async fn queues(State(board): Shared) -> Answer {
    let queues = board.inspect()?.queues().await?;
    json(StatusCode::OK, &queues.iter().map(Queue::new).collect::<Vec<_>>())
}

pub(crate) async fn processes(State(board): Shared) -> Answer {
    let processes = board.inspect()?.processes().await?;
    json(StatusCode::OK, &processes.iter().map(Process::new).collect::<Vec<_>>())
}

pub(crate) async fn jobs(State(board): Shared, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let limit = limit(&fields)?;
    let filter = Which::read(&fields)?.filter(place(&fields, "after")?, limit);
    let page = board.inspect()?.list(&filter).await?;
    let next = more(&page, limit).map(|id| id.to_string());
    json(StatusCode::OK, &Page { jobs: page.iter().map(Job::new).collect(), next })
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
