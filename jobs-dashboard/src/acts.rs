//! What is done by hand, for pages and programs alike, and told to whoever keeps records.

use jobs_core::JobRecord;

use crate::action::Action;
use crate::board::Board;
use crate::deed::Deed;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visit::Visit;

/// The queue that is paused, or resumed, and whether it was not before.
pub(crate) async fn turn<'a>(
    board: &Board,
    visit: &Visit,
    fields: &'a Fields,
    pauses: bool,
) -> Result<(&'a str, bool), Failure> {
    let queue = fields.value("queue").ok_or_else(|| Failure::invalid("No queue is named."))?;
    let manage = board.manage()?;
    let changed = if pauses { manage.pause(queue).await? } else { manage.resume(queue).await? };
    board.tell(&Action::on_queue(visit, if pauses { "pause" } else { "resume" }, queue, changed));
    Ok((queue, changed))
}

/// One job as it was before, and whether something was done to it.
pub(crate) async fn change(board: &Board, visit: &Visit, id: &str, deed: Deed) -> Result<(JobRecord, bool), Failure> {
    let job = found(board, id).await?;
    let touched = deed.run(board.manage()?, &[job.id]).await?;
    board.tell(&Action::on_job(visit, deed.verb(), &job, touched));
    Ok((job, touched > 0))
}

/// The job of this id.
pub(crate) async fn found(board: &Board, id: &str) -> Result<JobRecord, Failure> {
    let id = id.parse().map_err(|_| Failure::not_found(format!("`{id}` is not the id of a job.")))?;
    let job = board.inspect()?.find(id).await?;
    job.ok_or_else(|| Failure::not_found(format!("There is no job {id}: it never was, or has been forgotten.")))
}

/// Why nothing was done to a job.
pub(crate) fn untouched(job: &JobRecord, deed: Deed) -> String {
    if deed.suits(job.state) {
        return "Nothing happened: the job changed meanwhile, or another one holds its unique key.".to_owned();
    }
    format!("Nothing happened: a job that is {} cannot be {}.", job.state, deed.participle())
}
