//! Changes one job or the selected jobs, and reports the action.

use jobs_core::{JobId, JobRecord};

use crate::actions::audit::Action;
use crate::actions::job_action::JobAction;
use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::context::RequestContext;

/// Takes an action on one job. Returns the job as it was before, and whether it was changed.
pub(crate) async fn change_job(
    app: &AppState,
    ctx: &RequestContext,
    id: &str,
    action: JobAction,
) -> Result<(JobRecord, bool), HttpError> {
    let job = find_job(app, id).await?;
    let changed = action.apply(app.manage()?, &[job.id]).await?;
    app.report(&Action::on_job(ctx.actor.clone(), action.verb(), &job, changed));
    Ok((job, changed > 0))
}

/// Takes an action on the jobs that the user selected. Returns how many were changed.
pub(crate) async fn change_selected(
    app: &AppState,
    ctx: &RequestContext,
    ids: Vec<JobId>,
    action: JobAction,
) -> Result<u64, HttpError> {
    let changed = action.apply(app.manage()?, &ids).await?;
    app.report(&Action::on_selected(ctx.actor.clone(), action.verb(), ids, changed));
    Ok(changed)
}

/// # Errors
/// The id is not valid, or the store has no such job.
pub(crate) async fn find_job(app: &AppState, id: &str) -> Result<JobRecord, HttpError> {
    let id = id.parse().map_err(|_| HttpError::not_found(format!("`{id}` is not a valid job id.")))?;
    let job = app.inspect()?.find(id).await?;
    job.ok_or_else(|| {
        HttpError::not_found(format!("There is no job {id}. It may have been deleted after it was done."))
    })
}

/// Tells why an action did not change a job.
pub(crate) fn unchanged_reason(job: &JobRecord, action: JobAction) -> String {
    if action.applies_to(job.state) {
        return "Nothing was changed: the job changed in the meantime, or another job holds its unique key.".to_owned();
    }
    format!("Nothing was changed: a job that is {} cannot be {}.", job.state, action.participle())
}
