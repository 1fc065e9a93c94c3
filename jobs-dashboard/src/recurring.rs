//! What is done to recurring tasks by hand.

use jobs_core::{JobId, JobRecord, NewJob, RecurringRecord, RecurringTask, StoreExt};

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

/// Enqueues the job of a task now, beside its ticks.
pub(crate) async fn run(board: &Board, visit: &Visit, fields: &Fields) -> Result<JobId, Failure> {
    let record = named(board, fields).await?;
    let last = match record.last_job {
        Some(id) => board.inspect()?.find(id).await?,
        None => None,
    };
    let id = board.ids.next(&*board.clock, &board.entropy);
    let _stored = board.store.enqueue(&[new_job(board, &record.task, last.as_ref(), id)]).await?;
    board.tell(&Action::on_task(visit, "run", &record.task.key, &[id], true));
    Ok(id)
}

async fn named(board: &Board, fields: &Fields) -> Result<RecurringRecord, Failure> {
    let key = fields.value("key").ok_or_else(|| Failure::invalid("No task is named."))?;
    let agenda = board.store.repeating()?.tasks().await?;
    let record = agenda.find(key).cloned();
    record.ok_or_else(|| Failure::not_found(format!("There is no recurring task {key}, or it has been forgotten.")))
}

/// The job of a task. What the task does not say is as with its last job, which had the prefixes of its program's queues;
/// if it is forgotten, as the job's definition says.
fn new_job(board: &Board, task: &RecurringTask, last: Option<&JobRecord>, id: JobId) -> NewJob {
    let mut job = NewJob::new(id, task.job.as_str(), task.arguments.as_str());
    job.version = task.version;
    let known = board.registry.as_ref().and_then(|registry| registry.find(&task.job));
    if let Some(last) = last {
        (job.queue, job.priority) = (last.queue.clone(), last.priority);
    } else if let Some(settings) = known.map(|known| known.definition.settings()) {
        settings.queue.unwrap_or(jobs_core::DEFAULT_QUEUE).clone_into(&mut job.queue);
        job.priority = settings.priority.unwrap_or_default();
    }
    if let (Some(queue), None) = (&task.queue, last) {
        job.queue.clone_from(queue);
    }
    job.priority = task.priority.unwrap_or(job.priority);
    job
}
