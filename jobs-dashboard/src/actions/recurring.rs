//! Pauses, resumes and runs recurring tasks, and reports the action.

use jobs_core::{Enqueued, JobId, RecurringRecord, StoreExt};

use crate::actions::audit::Action;
use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::Fields;

/// Pauses or resumes the task that the fields name. Returns its key, and whether its state changed.
pub(crate) async fn set_task_paused<'a>(
    app: &AppState,
    ctx: &RequestContext,
    fields: &'a Fields,
    paused: bool,
) -> Result<(&'a str, bool), HttpError> {
    let record = find_task(app, fields).await?;
    record.check_declared()?;
    let recurring = app.store.require_recurring()?;
    let key = &record.task.key;
    let changed = if paused { recurring.pause_task(key).await? } else { recurring.resume_task(key).await? };
    let verb = if paused { "pause" } else { "resume" };
    app.report(&Action::on_task(ctx.actor.clone(), verb, key, &[], changed));
    Ok((fields.value("key").unwrap_or_default(), changed))
}

/// Enqueues the job of a task now, in addition to its ticks.
pub(crate) async fn run_task(app: &AppState, ctx: &RequestContext, fields: &Fields) -> Result<Enqueued, HttpError> {
    let record = find_task(app, fields).await?;
    record.check_declared()?;
    let enqueued = match &app.task_runner {
        Some(run) => run(record.task.clone()).await?,
        None => enqueue_like_last(app, &record).await?,
    };
    let ids: Vec<JobId> = enqueued.id().into_iter().collect();
    let is_new = matches!(enqueued, Enqueued::New(_));
    app.report(&Action::on_task(ctx.actor.clone(), "run", &record.task.key, &ids, is_new));
    Ok(enqueued)
}

/// Enqueues the job without its program: into the queue and with the priority of the last job of the task, since only the
/// program knows which queue the job has now.
async fn enqueue_like_last(app: &AppState, record: &RecurringRecord) -> Result<Enqueued, HttpError> {
    let last = match record.last_job {
        Some(id) => app.inspect()?.find(id).await?,
        None => None,
    };
    let job = record.job_as_before(app.ids.next(&*app.clock, &app.entropy), last)?;
    let enqueued = app.store.enqueue(&[job]).await?;
    enqueued.into_iter().next().ok_or_else(|| HttpError::internal("The store returned no result for the new job."))
}

/// The task of the field `key`.
pub(crate) async fn find_task(app: &AppState, fields: &Fields) -> Result<RecurringRecord, HttpError> {
    let key = fields.value("key").ok_or_else(|| HttpError::invalid("The field `key` is missing."))?;
    let tasks = app.store.require_recurring()?.tasks().await?;
    let record = tasks.find(key).cloned();
    record.ok_or_else(|| HttpError::not_found(format!("There is no recurring task {key}. It may have been removed.")))
}
