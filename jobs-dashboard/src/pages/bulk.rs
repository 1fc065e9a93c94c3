//! The pages of a bulk action: confirmation and status.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use maud::html;
use tokio::time::Instant;

use super::format::number;
use super::forms::{due_time_fields, form};
use super::{FormResult, PageResult, SharedState, layout};
use crate::actions::job_action::JobAction;
use crate::app_state::AppState;
use crate::bulk::action::{BulkAction, BulkOutcome, BulkProgress, BulkRequest};
use crate::bulk::run::start;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::Fields;
use crate::search::query::JobQuery;

/// How many jobs are counted, and for how long, before the page says "at least".
const MAX_COUNT: u64 = 10_000;
const COUNT_TIMEOUT: Duration = Duration::from_secs(2);

/// How many jobs are read with one call while counting. Each of them has its arguments, so the number bounds the memory.
const COUNT_PAGE: usize = 500;

/// How long the response waits for a short bulk action, before it redirects to the status page.
const WAIT: Duration = Duration::from_secs(1);

/// Asks the user to confirm, with the number of jobs.
pub(crate) async fn confirm(State(app): SharedState, ctx: RequestContext, Path(verb): Path<String>) -> PageResult {
    let BulkRequest { action, query } = BulkRequest::parse(&verb, &ctx.query)?;
    let (count, is_exact) = count(&app, &query).await?;
    let label = query.state.map_or("", |state| action.label(state));
    let body = html! {
        h1 { (label) " " @if !is_exact { "at least " } (number(count)) " jobs?" }
        p.prose { "This applies to all " strong { (query.describe()) } " that are stored now." }
        @if ctx.read_only || count == 0 {
            p { a.button href=(query.address(&ctx.url("/jobs"))) { "Back" } }
        } @else {
            (form(&ctx, &format!("/bulk/{verb}"), &query.fields(), &html! {
                @if let JobAction::Reschedule(_) = action { (due_time_fields()) }
                @else { button.strong { (label) " " (number(count)) @if !is_exact { " or more" } } }
                " " a.button href=(query.address(&ctx.url("/jobs"))) { "Cancel" }
            }))
        }
    };
    Ok(layout::page(&ctx, "All matching jobs", true, &body))
}

/// How many jobs match, and whether the number is exact.
async fn count(app: &AppState, query: &JobQuery) -> Result<(u64, bool), HttpError> {
    if let Some(state) = query.state.filter(|_| query.is_whole_state()) {
        return Ok((app.inspect()?.counts().await?.of(state), true));
    }
    let (mut filter, deadline) = (query.filter(COUNT_PAGE), Instant::now() + COUNT_TIMEOUT);
    let mut count = 0;
    while count < MAX_COUNT && Instant::now() < deadline {
        let page = app.visible_page(&filter).await?;
        count += page.jobs.len() as u64;
        let Some(next) = page.next else { return Ok((count, true)) };
        filter = filter.going_on(next);
    }
    Ok((count, false))
}

/// Starts it, and shows its result if it ends soon.
pub(crate) async fn create(
    State(app): SharedState,
    ctx: RequestContext,
    Path(verb): Path<String>,
    fields: Extension<Fields>,
) -> FormResult {
    let request = BulkRequest::parse(&verb, &fields)?.with_due_time(&fields)?;
    let list = request.query.address(&ctx.url("/jobs"));
    let bulk = start(&app, request, ctx.actor.clone())?;
    let progress = bulk.wait(WAIT).await;
    if progress.outcome == Some(BulkOutcome::Completed) {
        return Ok(ctx.redirect(&list, &summary(&bulk, &progress)));
    }
    Ok(ctx.redirect(&ctx.url(&format!("/bulk-actions/{}", bulk.number)), "The bulk action has started."))
}

/// Shows its progress.
pub(crate) async fn status(State(app): SharedState, ctx: RequestContext, Path(number): Path<String>) -> PageResult {
    let bulk = app.bulk_actions.find(&number)?;
    let progress = bulk.progress();
    let is_running = progress.outcome.is_none();
    let body = html! {
        h1 { "All " (bulk.query.describe()) }
        div #bulk-action data-live {
            p.prose role="status" { (summary(&bulk, &progress)) }
            @if is_running && !ctx.read_only {
                (form(&ctx, &format!("/bulk-actions/{number}/stop"), &[], &html! { button { "Stop" } }))
            }
        }
        p { a href=(bulk.query.address(&ctx.url("/jobs"))) { "Back to the jobs" } }
    };
    Ok(if is_running {
        layout::refreshing(&ctx, "Bulk action running", &body)
    } else {
        layout::page(&ctx, "Bulk action ended", true, &body)
    })
}

pub(crate) async fn stop(State(app): SharedState, ctx: RequestContext, Path(number): Path<String>) -> FormResult {
    app.bulk_actions.find(&number)?.stop();
    let address = ctx.url(&format!("/bulk-actions/{number}"));
    Ok(ctx.redirect(&address, "The bulk action stops after the jobs that it is changing now."))
}

fn summary(bulk: &BulkAction, progress: &BulkProgress) -> String {
    let done = format!("{} jobs {}", number(progress.changed), bulk.action.participle());
    let unchanged = match progress.matched - progress.changed {
        0 => String::new(),
        count => {
            format!("; {} were not changed: {}", number(count), why_unchanged(progress))
        }
    };
    match &progress.outcome {
        None => format!("{done} so far{unchanged}."),
        Some(BulkOutcome::Completed) => format!("{done}{unchanged}."),
        Some(BulkOutcome::Stopped) => format!("Stopped: {done}{unchanged}."),
        Some(BulkOutcome::Failed(error)) => format!("The store reported an error after {done}{unchanged}: {error}"),
    }
}

fn why_unchanged(progress: &BulkProgress) -> String {
    if progress.conflicts.is_empty() {
        return "they changed in the meantime, or their unique key is taken".to_owned();
    }
    progress.conflicts.join(" ").trim_end_matches('.').to_owned()
}
