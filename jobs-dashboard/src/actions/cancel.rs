//! Cancels one job, also one that runs in another process, and reports the action.

use jobs_core::{CancelOutcome, JobRecord, ProcessId, cancel};

use crate::actions::audit::Action;
use crate::actions::jobs::find_job;
use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::context::RequestContext;

/// Cancels a job. Returns the job as it was before, and what became of it.
pub(crate) async fn cancel_job(
    app: &AppState,
    ctx: &RequestContext,
    id: &str,
) -> Result<(JobRecord, CancelOutcome), HttpError> {
    let job = find_job(app, id).await?;
    let outcome = cancel(&*app.store, app.manage()?, job.id).await?;
    let changed = matches!(outcome, CancelOutcome::Discarded | CancelOutcome::Requested(_));
    app.report(&Action::on_job(ctx.actor.clone(), "cancel", &job, changed.into()));
    Ok((job, outcome))
}

/// What became of a job that was to be cancelled, as a sentence.
pub(crate) async fn describe(app: &AppState, outcome: CancelOutcome) -> Result<String, HttpError> {
    Ok(match outcome {
        CancelOutcome::Discarded => "The job is discarded.".to_owned(),
        CancelOutcome::Requested(process) => {
            let name = process_name(app, process).await?;
            format!("The process {name} is asked to cancel the job: it learns of it within its heartbeat interval.")
        }
        CancelOutcome::Dead(process) => format!(
            "Nothing was changed: the process {process}, which held the job, has ended. The job becomes ready again."
        ),
        CancelOutcome::Done(state) => format!("Nothing was changed: the job is {state}."),
        CancelOutcome::NotFound => "Nothing was changed: the job was deleted in the meantime.".to_owned(),
        _ => "Nothing was changed: the process that runs the job cannot be asked through this store.".to_owned(),
    })
}

/// The name of a process, or its id if it is not registered.
pub(crate) async fn process_name(app: &AppState, process: ProcessId) -> Result<String, HttpError> {
    let processes = app.inspect()?.processes().await?;
    let found = processes.into_iter().find(|record| record.process.id == process);
    Ok(found.map_or_else(|| process.to_string(), |record| record.process.name))
}
