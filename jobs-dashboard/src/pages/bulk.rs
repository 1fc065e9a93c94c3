//! The pages of a bulk action: confirmation and status.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use jobs_core::{Breakdown, short_class};
use maud::{Markup, html};
use tokio::time::Instant;

use super::format::{counted, number};
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

/// How many jobs are read if their number is known.
const MAX_BREAKDOWN: u64 = 2_000;

/// How many jobs are read with one call while counting. Each of them has its arguments, so the number bounds the memory.
const COUNT_PAGE: usize = 500;

/// How long the response waits for a short bulk action, before it redirects to the status page.
const WAIT: Duration = Duration::from_secs(1);

/// Asks the user to confirm, with the number of jobs.
pub(crate) async fn confirm(State(app): SharedState, ctx: RequestContext, Path(verb): Path<String>) -> PageResult {
    let BulkRequest { action, query } = BulkRequest::parse(&verb, &ctx.query)?;
    let Selection { count, is_exact, breakdown } = selection(&app, &query).await?;
    let label = query.state.map_or("", |state| action.label(state));
    // The time was up before a job was found.
    let is_unknown = count == 0 && !is_exact;
    let body = html! {
        h1 { (label) " " (how_many(count, is_exact)) "?" }
        p.prose { "This applies to all " strong { (query.describe()) } " that are stored now." }
        @if is_unknown { p.prose { "None is among the newest jobs, which were read to count them. There may be older ones." } }
        (kinds(&ctx, &breakdown, count))
        @if ctx.read_only || (count == 0 && is_exact) {
            p { a.button href=(query.address(&ctx.url("/jobs"))) { "Back" } }
        } @else {
            (form(&ctx, &format!("/bulk/{verb}"), &query.fields(), &html! {
                @if let JobAction::Reschedule(_) = action { (due_time_fields()) }
                @else if is_unknown { button.strong { (label) " all that match" } }
                @else { button.strong { (label) " " (number(count)) @if !is_exact { " or more" } } }
                " " a.button href=(query.address(&ctx.url("/jobs"))) { "Cancel" }
            }))
        }
    };
    Ok(layout::page(&ctx, "All matching jobs", true, &body))
}

fn how_many(count: u64, is_exact: bool) -> String {
    match (count, is_exact) {
        (0, false) => "all jobs that match".to_owned(),
        (count, false) => format!("at least {}", counted(count, "job")),
        (count, true) => counted(count, "job"),
    }
}

/// What a bulk action would be about.
struct Selection {
    count: u64,
    is_exact: bool,
    /// Of the newest jobs.
    breakdown: Breakdown,
}

/// Counts the jobs that match: the whole of a state at once, others up to a number and a time.
async fn selection(app: &AppState, query: &JobQuery) -> Result<Selection, HttpError> {
    let (mut filter, deadline) = (query.filter(COUNT_PAGE), Instant::now() + Breakdown::MAX_TIME);
    let whole = match query.state.filter(|_| query.is_whole_state()) {
        Some(state) => Some(app.inspect()?.counts().await?.of(state)),
        None => None,
    };
    let most = if whole.is_some() { MAX_BREAKDOWN } else { Breakdown::MAX_READ };
    let mut breakdown = Breakdown::default();
    while breakdown.read < most && Instant::now() < deadline {
        let page = app.visible_page(&filter).await?;
        breakdown.add(&page.jobs);
        let Some(next) = page.next else {
            return Ok(Selection { count: whole.unwrap_or(breakdown.read), is_exact: true, breakdown });
        };
        filter = filter.going_on(next);
    }
    Ok(Selection { count: whole.unwrap_or(breakdown.read), is_exact: whole.is_some(), breakdown })
}

/// How many jobs of which names and errors there are, and a few of them.
fn kinds(ctx: &RequestContext, breakdown: &Breakdown, count: u64) -> Markup {
    html! {
        @if !breakdown.kinds.is_empty() {
            section.kinds aria-labelledby="kinds" {
                h2 #kinds {
                    @if breakdown.read < count { "The newest " (number(breakdown.read)) " of them" } @else { "Which jobs" }
                }
                ul.rows {
                    @for kind in breakdown.kinds.iter().take(Breakdown::MAX_KINDS) {
                        li {
                            (kind.job)
                            @if let Some(class) = &kind.class { span.why title=(class) { (short_class(class)) } }
                            span.end { (number(kind.count)) }
                        }
                    }
                    @if let Some(rest) = breakdown.kinds.get(Breakdown::MAX_KINDS..).filter(|rest| !rest.is_empty()) {
                        li { span.why { "others" } span.end { (number(rest.iter().map(|kind| kind.count).sum())) } }
                    }
                }
                p {
                    "For example "
                    @for (index, job) in breakdown.sample.iter().enumerate() {
                        @if index > 0 { ", " }
                        a href=(ctx.url(&format!("/jobs/{}", job.id))) { code { (job.id) } }
                    }
                }
            }
        }
    }
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
    let done = format!("{} {}", counted(progress.changed, "job"), bulk.action.participle());
    let unchanged = match progress.matched - progress.changed {
        0 => String::new(),
        count => {
            let were = if count == 1 { "was" } else { "were" };
            format!("; {} {were} not changed: {}", number(count), why_unchanged(progress))
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
