//! Actions on queues and jobs.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jobs_core::{CancelOutcome, ProcessOrder};
use serde::Serialize;

use super::{ApiResult, SharedState, json};
use crate::actions::cancel::{cancel_job, describe, process_name};
use crate::actions::job_action::JobAction;
use crate::actions::jobs::{change_job, unchanged_reason};
use crate::actions::processes::order_process;
use crate::actions::queues::set_queue_paused;
use crate::app_state::AppState;
use crate::bulk::action::{BulkAction, BulkOutcome, BulkRequest};
use crate::bulk::run::start;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::Fields;
use crate::request::parameters::FILTER;

/// The result of pausing or resuming a queue.
#[derive(Serialize)]
struct QueueChange<'a> {
    queue: &'a str,
    paused: bool,
    /// Whether the queue was in the other state before.
    changed: bool,
}

/// The result of asking a process to be quiet or to stop.
#[derive(Serialize)]
struct ProcessChange {
    process: String,
    asked: &'static str,
    /// Whether that is new.
    changed: bool,
}

/// The result of an action on a job.
#[derive(Serialize)]
struct JobChange {
    changed: bool,
    /// The reason if it was not changed.
    why: Option<String>,
}

/// The result of cancelling a job.
#[derive(Default, Serialize)]
struct JobCancel {
    /// Whether the job is discarded.
    changed: bool,
    /// The name of the process that runs it and is asked to cancel it.
    asked: Option<String>,
    /// The reason if it was neither discarded nor its process asked.
    why: Option<String>,
}

/// The progress of a bulk action.
#[derive(Serialize)]
struct BulkStatus {
    bulk_action: u64,
    verb: &'static str,
    matched: u64,
    changed: u64,
    ended: bool,
    /// Why it did not go through all jobs.
    error: Option<String>,
    /// Why jobs were not changed, for a few of them.
    why: Vec<String>,
}

pub(crate) async fn pause_queue(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> ApiResult {
    let (queue, changed) = set_queue_paused(&app, &ctx, &fields, true).await?;
    json(StatusCode::OK, &QueueChange { queue, paused: true, changed })
}

pub(crate) async fn resume_queue(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> ApiResult {
    let (queue, changed) = set_queue_paused(&app, &ctx, &fields, false).await?;
    json(StatusCode::OK, &QueueChange { queue, paused: false, changed })
}

pub(crate) async fn quiet_process(
    State(app): SharedState,
    ctx: RequestContext,
    fields: Extension<Fields>,
) -> ApiResult {
    order_one(&app, &ctx, &fields, ProcessOrder::Quiet).await
}

pub(crate) async fn stop_process(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> ApiResult {
    order_one(&app, &ctx, &fields, ProcessOrder::Stop).await
}

async fn order_one(app: &AppState, ctx: &RequestContext, fields: &Fields, order: ProcessOrder) -> ApiResult {
    let (process, changed) = order_process(app, ctx, fields, order).await?;
    json(StatusCode::OK, &ProcessChange { process, asked: order.as_str(), changed })
}

pub(crate) async fn change(
    State(app): SharedState,
    ctx: RequestContext,
    Path((id, verb)): Path<(String, String)>,
    fields: Extension<Fields>,
) -> ApiResult {
    let action = JobAction::parse(&verb)?.with_due_time(&fields)?;
    let (job, changed) = change_job(&app, &ctx, &id, action).await?;
    let why = if changed { None } else { Some(unchanged_reason(&app, &job, action).await?) };
    json(if changed { StatusCode::OK } else { StatusCode::CONFLICT }, &JobChange { changed, why })
}

/// Cancels a job: 200 if it is discarded, 202 if its process is asked.
pub(crate) async fn cancel(State(app): SharedState, ctx: RequestContext, Path(id): Path<String>) -> ApiResult {
    let (_, outcome) = cancel_job(&app, &ctx, &id).await?;
    let nothing = JobCancel::default();
    match outcome {
        CancelOutcome::Discarded => json(StatusCode::OK, &JobCancel { changed: true, ..nothing }),
        CancelOutcome::Requested(process) => {
            let asked = Some(process_name(&app, process).await?);
            json(StatusCode::ACCEPTED, &JobCancel { asked, ..nothing })
        }
        _ => {
            let why = Some(describe(&app, outcome).await?);
            json(StatusCode::CONFLICT, &JobCancel { why, ..nothing })
        }
    }
}

/// Starts an action on all jobs that match the conditions, which are all in the address or all in the body.
pub(crate) async fn start_bulk(
    State(app): SharedState,
    ctx: RequestContext,
    Path(verb): Path<String>,
    fields: Extension<Fields>,
) -> ApiResult {
    let conditions = match (ctx.query.has_any(FILTER), fields.has_any(FILTER)) {
        (true, true) => return Err(HttpError::invalid(TWO_PLACES)),
        (false, true) => &*fields,
        _ => &ctx.query,
    };
    let request = BulkRequest::parse(&verb, conditions)?.with_due_time(&fields)?;
    let bulk = start(&app, request, ctx.actor)?;
    json(StatusCode::ACCEPTED, &status(&bulk))
}

const TWO_PLACES: &str =
    "Some conditions are in the address and some in the body. Put all of them into one of the two.";

pub(crate) async fn bulk_status(State(app): SharedState, Path(number): Path<String>) -> ApiResult {
    json(StatusCode::OK, &status(&*app.bulk_actions.find(&number)?))
}

pub(crate) async fn stop_bulk(State(app): SharedState, Path(number): Path<String>) -> ApiResult {
    let bulk = app.bulk_actions.find(&number)?;
    bulk.stop();
    json(StatusCode::ACCEPTED, &status(&bulk))
}

fn status(bulk: &BulkAction) -> BulkStatus {
    let progress = bulk.progress();
    BulkStatus {
        bulk_action: bulk.number,
        verb: bulk.action.verb(),
        matched: progress.matched,
        changed: progress.changed,
        ended: progress.outcome.is_some(),
        error: match progress.outcome {
            Some(BulkOutcome::Failed(error)) => Some(error),
            Some(BulkOutcome::Stopped) => Some("it was stopped".to_owned()),
            Some(BulkOutcome::Completed) | None => None,
        },
        why: progress.conflicts,
    }
}
