//! What is done to recurring tasks by hand.

use std::future::Future;
use std::pin::Pin;

use jobs_core::{Enqueued, Error, JobId, RecurringRecord, RecurringTask, StoreExt};

use crate::action::Action;
use crate::board::Board;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visit::Visit;

/// The task that is paused, or resumed, and whether it was not before.
pub(crate) async fn turn<'a>(
    board: &Board,
    visit: &Visit,
    fields: &'a Fields,
    pauses: bool,
) -> Result<(&'a str, bool), Failure> {
    let record = named(board, fields).await?;
    let recurring = board.store.repeating()?;
    let key = &record.task.key;
    let changed = if pauses { recurring.pause_task(key).await? } else { recurring.resume_task(key).await? };
    board.tell(&Action::on_task(visit, if pauses { "pause" } else { "resume" }, key, &[], changed));
    Ok((fields.value("key").unwrap_or_default(), changed))
}

/// Enqueues the job of a task on behalf of the program that has it.
pub(crate) type Runner = Box<dyn Fn(RecurringTask) -> Running + Send + Sync>;
type Running = Pin<Box<dyn Future<Output = Result<Enqueued, Error>> + Send>>;

/// Enqueues the job of a task now, beside its ticks: as the program said that mounts the dashboard, else where the last
/// job of the task went.
pub(crate) async fn run(board: &Board, visit: &Visit, fields: &Fields) -> Result<Enqueued, Failure> {
    let record = named(board, fields).await?;
    let enqueued = match &board.runner {
        Some(runner) => runner(record.task.clone()).await?,
        None => as_before(board, &record).await?,
    };
    let ids: Vec<JobId> = enqueued.id().into_iter().collect();
    let is_new = matches!(enqueued, Enqueued::New(_));
    board.tell(&Action::on_task(visit, "run", &record.task.key, &ids, is_new));
    Ok(enqueued)
}

/// Enqueues for a program that is not there: where the last job of the task went.
async fn as_before(board: &Board, record: &RecurringRecord) -> Result<Enqueued, Failure> {
    let last = match record.last_job {
        Some(id) => board.inspect()?.find(id).await?,
        None => None,
    };
    let job = record.job_as_before(board.ids.next(&*board.clock, &board.entropy), last)?;
    let answer = board.store.enqueue(&[job]).await?;
    answer.into_iter().next().ok_or_else(|| Failure::unavailable("The store gave no answer."))
}

async fn named(board: &Board, fields: &Fields) -> Result<RecurringRecord, Failure> {
    let key = fields.value("key").ok_or_else(|| Failure::invalid("No task is named."))?;
    let agenda = board.store.repeating()?.tasks().await?;
    let record = agenda.find(key).cloned();
    record.ok_or_else(|| Failure::not_found(format!("There is no recurring task {key}, or it has been forgotten.")))
}
