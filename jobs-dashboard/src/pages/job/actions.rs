//! Handles the forms that change one job or the selected jobs.

use axum::Extension;
use axum::extract::{Path, State};
use jobs_core::{Due, Error, JobId};

use crate::actions::cancel::{cancel_job, describe};
use crate::actions::job_action::JobAction;
use crate::actions::jobs::{change_job, change_selected, unchanged_reason};
use crate::app_state::AppState;
use crate::error::HttpError;
use crate::pages::format::{counted, number};
use crate::pages::job_table::SELECTABLE;
use crate::pages::{FormResult, SharedState};
use crate::request::context::RequestContext;
use crate::request::due_time::due_time;
use crate::request::fields::Fields;
use crate::search::query::JobQuery;

pub(in crate::pages) async fn retry(
    State(app): SharedState,
    ctx: RequestContext,
    Path(id): Path<String>,
) -> FormResult {
    change(&app, &ctx, &id, JobAction::Retry).await
}

pub(in crate::pages) async fn discard(
    State(app): SharedState,
    ctx: RequestContext,
    Path(id): Path<String>,
) -> FormResult {
    change(&app, &ctx, &id, JobAction::Discard).await
}

pub(in crate::pages) async fn cancel(
    State(app): SharedState,
    ctx: RequestContext,
    Path(id): Path<String>,
) -> FormResult {
    let (job, outcome) = cancel_job(&app, &ctx, &id).await?;
    Ok(ctx.redirect(&ctx.url(&format!("/jobs/{}", job.id)), &describe(&app, outcome).await?))
}

pub(in crate::pages) async fn reschedule(
    State(app): SharedState,
    ctx: RequestContext,
    Path(id): Path<String>,
    fields: Extension<Fields>,
) -> FormResult {
    change(&app, &ctx, &id, JobAction::Reschedule(due_time(&fields)?)).await
}

async fn change(app: &AppState, ctx: &RequestContext, id: &str, action: JobAction) -> FormResult {
    let (job, changed) = change_job(app, ctx, id, action).await?;
    let flash = match action {
        _ if !changed => unchanged_reason(app, &job, action).await?,
        JobAction::Reschedule(Due::At(at)) => format!("The job is due at {at}."),
        JobAction::Retry => "The job is ready to run.".to_owned(),
        _ => format!("The job is {}.", action.participle()),
    };
    Ok(ctx.redirect(&ctx.url(&format!("/jobs/{}", job.id)), &flash))
}

/// Changes the jobs that the user selected in a list, and returns to the list.
pub(in crate::pages) async fn change_selection(
    State(app): SharedState,
    ctx: RequestContext,
    fields: Extension<Fields>,
) -> FormResult {
    let action = JobAction::parse(fields.value("verb").unwrap_or_default())?;
    let ids: Result<Vec<JobId>, Error> = fields.values("id").map(str::parse).collect();
    let (ids, query) = (ids?, JobQuery::parse(&fields)?);
    if !SELECTABLE.contains(&action) || ids.is_empty() {
        return Err(HttpError::invalid("Select the jobs to change."));
    }
    let selected = ids.len() as u64;
    let (changed, conflicts) = change_selected(&app, &ctx, ids, action).await?;
    let done = format!("{} {}", counted(changed, "job"), action.participle());
    let flash = match selected.saturating_sub(changed) {
        0 => format!("{done}."),
        unchanged => format!("{done}; {} could not be changed. {}", number(unchanged), conflicts.join(" ")),
    };
    Ok(ctx.redirect(&query.address(&ctx.url("/jobs")), &flash))
}
