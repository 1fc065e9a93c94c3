//! The failed jobs in groups, with actions on all jobs of a group.

use axum::extract::State;
use jobs_core::{FailureGroup, Failures, State as JobState, Timestamp, short_class};
use maud::{Markup, html};

use super::figures::job_figures;
use super::format::{counted, number, time};
use super::layout;
use super::{PageResult, SharedState};
use crate::actions::job_action::JobAction;
use crate::request::context::RequestContext;
use crate::request::fields::address;

/// How many groups a page shows.
const MAX_GROUPS: usize = 200;

pub(crate) async fn failures(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let failures = app.failures(&ctx.query).await?;
    let failed = app.inspect()?.counts().await?.of(JobState::Failed);
    let now = app.clock.now();
    let body = html! {
        h1 { "Failures" }
        div #failures data-live="calm" {
            @if failures.groups.is_empty() {
                p.empty { "No failed job." }
            } @else {
                (table(&ctx, &failures.groups, now))
                (others(&failures.groups))
            }
            (reach(&ctx, &failures, failed))
        }
    };
    Ok(layout::page(&ctx, "Failures", true, &body))
}

fn table(ctx: &RequestContext, groups: &[FailureGroup], now: Timestamp) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Groups of failures" {
            table.cards {
                thead {
                    tr {
                        th scope="col" { "Job and error" }
                        th.number scope="col" { "Jobs" }
                        th scope="col" { "First" }
                        th scope="col" { "Last" }
                        th scope="col" { span.visually-hidden { "Actions" } }
                    }
                }
                tbody { @for group in groups.iter().take(MAX_GROUPS) { (row(ctx, group, now)) } }
            }
        }
    }
}

/// The groups that are not shown, the smallest ones.
fn others(groups: &[FailureGroup]) -> Markup {
    let rest = groups.get(MAX_GROUPS..).unwrap_or_default();
    let jobs = rest.iter().map(|group| group.count).sum();
    html! {
        @if !rest.is_empty() {
            p.empty { "And " (counted(rest.len() as u64, "other group")) " with " (counted(jobs, "job")) "." }
        }
    }
}

fn row(ctx: &RequestContext, group: &FailureGroup, now: Timestamp) -> Markup {
    let key = group.key.to_string();
    let fields = [("state", JobState::Failed.as_str()), ("name", &group.job), ("failure", &key)];
    let to = |path: &str| address(&ctx.url(path), fields);
    html! {
        tr {
            th.failure scope="row" {
                a href=(to("/jobs")) { @if group.job.trim().is_empty() { "(no name)" } @else { bdi { (group.job) } } }
                (job_figures(ctx, &group.job))
                div.why dir="auto" { strong title=(group.class) { (short_class(&group.class)) } ": " (group.pattern) }
            }
            td.number data-label="Jobs" { (number(group.count)) }
            td data-label="First" { (time(now, group.first_at)) }
            td data-label="Last" { a href=(ctx.url(&format!("/jobs/{}", group.last_job))) { (time(now, group.last_at)) } }
            td.actions {
                @if !ctx.read_only {
                    @for action in [JobAction::Retry, JobAction::Discard] {
                        a.button href=(to(&format!("/bulk/{}", action.verb()))) { (action.label(JobState::Failed)) " these …" } " "
                    }
                }
            }
        }
    }
}

/// How many jobs were read, and the way to the others.
fn reach(ctx: &RequestContext, failures: &Failures, failed: u64) -> Markup {
    let is_first = ctx.query.value("before").is_none();
    html! {
        nav.paging aria-label="More failures" {
            @if !is_first { a.button href=(ctx.url("/failures")) { "Newest" } }
            @if let Some(next) = &failures.next {
                a.button rel="next" href=(address(&ctx.url("/failures"), [("before", next.as_str())])) { "Older" }
            }
            @if !is_first || failures.next.is_some() {
                span.empty {
                    "Numbers and times are of " (number(failures.read)) " of the " (number(failed))
                    " failed jobs, those that were enqueued " @if is_first { "last." } @else { "next before." }
                }
            }
        }
    }
}
