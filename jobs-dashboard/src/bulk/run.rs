//! Runs a bulk action in the background, page by page.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Cursor, Error, JobId};
use tokio::time::sleep;

use crate::actions::audit::Action;
use crate::actions::jobs::key_conflicts;
use crate::app_state::AppState;
use crate::bulk::action::{BulkAction, BulkOutcome, BulkRequest};
use crate::security::actor::Actor;

/// How many jobs are changed with one call.
const PAGE: usize = 500;

/// How often a page is tried if the store is unavailable, and the wait before each retry.
const TRIES: u32 = 4;
const WAIT: Duration = Duration::from_secs(1);

/// Starts a bulk action. It continues when the user closes the page.
///
/// # Errors
/// The store does not support changes.
pub(crate) fn start(app: &Arc<AppState>, request: BulkRequest, actor: Option<Actor>) -> Result<Arc<BulkAction>, Error> {
    app.manage()?;
    let bulk = app.bulk_actions.add(request, actor);
    tokio::spawn(run(Arc::clone(app), Arc::clone(&bulk)));
    Ok(bulk)
}

async fn run(app: Arc<AppState>, bulk: Arc<BulkAction>) {
    let outcome = change_all(&app, &bulk).await;
    let (jobs, changed) = (bulk.query.describe(), bulk.progress().changed);
    app.report(&Action::on_matching(bulk.actor.clone(), bulk.action.verb(), &jobs, changed));
    bulk.end(outcome);
}

/// Goes from the newest to the oldest job, so that it does not reach jobs that are enqueued in the meantime.
async fn change_all(app: &AppState, bulk: &BulkAction) -> BulkOutcome {
    let mut last = None;
    while !bulk.is_stop_requested() {
        match change_page_with_retries(app, bulk, last.as_ref()).await {
            Ok(Some(next)) => last = Some(next),
            Ok(None) => return BulkOutcome::Completed,
            Err(error) => return BulkOutcome::Failed(error.to_string()),
        }
    }
    BulkOutcome::Stopped
}

/// Retrying is safe: the action has no effect on jobs that it has already changed.
async fn change_page_with_retries(
    app: &AppState,
    bulk: &BulkAction,
    last: Option<&Cursor>,
) -> Result<Option<Cursor>, Error> {
    let mut tries = 1;
    loop {
        match change_page(app, bulk, last).await {
            Err(error) if error.is_transient() && tries < TRIES => tries += 1,
            result => return result,
        }
        sleep(WAIT).await;
    }
}

/// Changes one page and returns its last position, if there are more pages.
async fn change_page(app: &AppState, bulk: &BulkAction, last: Option<&Cursor>) -> Result<Option<Cursor>, Error> {
    let filter = bulk.query.filter(PAGE);
    let filter = match last {
        Some(last) => filter.going_on(last.clone()),
        None => filter,
    };
    let page = app.visible_page(&filter).await?;
    let ids: Vec<JobId> = page.jobs.iter().map(|job| job.id).collect();
    let changed = if ids.is_empty() { 0 } else { bulk.action.apply(app.manage()?, &ids).await? };
    bulk.count(ids.len() as u64, changed);
    if changed < ids.len() as u64 && !bulk.has_conflicts() {
        let keyed: Vec<JobId> = page.jobs.iter().filter(|job| job.unique_key.is_some()).map(|job| job.id).collect();
        bulk.add_conflicts(key_conflicts(app, bulk.action, &keyed).await.unwrap_or_default());
    }
    Ok(page.next)
}
