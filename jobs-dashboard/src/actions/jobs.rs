//! Changes one job or the selected jobs, and reports the action.

use jobs_core::{Error, JobId, JobRecord};

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

/// Takes an action on the jobs that the user selected. Returns how many were changed, and why others were not.
pub(crate) async fn change_selected(
    app: &AppState,
    ctx: &RequestContext,
    ids: Vec<JobId>,
    action: JobAction,
) -> Result<(u64, Vec<String>), HttpError> {
    let changed = action.apply(app.manage()?, &ids).await?;
    let all_changed = changed == ids.len() as u64;
    let conflicts = if all_changed { Vec::new() } else { key_conflicts(app, action, &ids).await? };
    app.report(&Action::on_selected(ctx.actor.clone(), action.verb(), ids, changed));
    Ok((changed, conflicts))
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

/// Tells why an action did not change a job that was in this state.
pub(crate) async fn unchanged_reason(app: &AppState, job: &JobRecord, action: JobAction) -> Result<String, HttpError> {
    if !action.applies_to(job.state) {
        return Ok(format!("Nothing was changed: a job that is {} cannot be {}.", job.state, action.participle()));
    }
    let holder = if action == JobAction::Retry { app.manage()?.key_holder(job.id).await? } else { None };
    Ok(match holder {
        Some(holder) => format!("Nothing was changed: another job, {holder}, holds its unique key."),
        None => "Nothing was changed: the job changed in the meantime.".to_owned(),
    })
}

/// How many conflicts are named.
const TOLD: usize = 5;

/// The first of these jobs that other jobs keep from being retried by holding their unique keys, as sentences.
pub(crate) async fn key_conflicts(app: &AppState, action: JobAction, jobs: &[JobId]) -> Result<Vec<String>, Error> {
    let mut conflicts = Vec::new();
    if action != JobAction::Retry {
        return Ok(conflicts);
    }
    for job in jobs {
        if conflicts.len() == TOLD {
            break;
        }
        let holder = app.manage()?.key_holder(*job).await?;
        conflicts.extend(holder.map(|holder| format!("The unique key of {job} is held by another job, {holder}.")));
    }
    Ok(conflicts)
}
