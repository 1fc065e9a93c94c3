//! The table of jobs in a list, with boxes to select some of them.

use jobs_core::{JobRecord, State as JobState, Timestamp};
use maud::{Markup, html};

use super::format::{number, short, time};
use super::forms::form;
use crate::actions::job_action::JobAction;
use crate::request::context::RequestContext;
use crate::search::query::JobQuery;

/// The actions on selected jobs.
pub(super) const SELECTABLE: [JobAction; 2] = [JobAction::Retry, JobAction::Discard];

/// The table, in a form to select jobs if an action applies to them.
pub(super) fn selectable_table(ctx: &RequestContext, query: &JobQuery, page: &[JobRecord], now: Timestamp) -> Markup {
    let applies = |action: &JobAction| query.state.is_none_or(|state| action.applies_to(state));
    let actions: Vec<_> = SELECTABLE.into_iter().filter(|action| !ctx.read_only && applies(action)).collect();
    let table = table(ctx, query, page, now, !actions.is_empty());
    if actions.is_empty() {
        return table;
    }
    let label = |action: JobAction| action.label(query.state.unwrap_or(JobState::Failed));
    form(
        ctx,
        "/selected",
        &query.fields(),
        &html! {
            (table)
            div.bulk {
                span { "Selected jobs:" }
                @for action in actions { button name="verb" value=(action.verb()) { (label(action)) } }
            }
        },
    )
}

fn table(ctx: &RequestContext, query: &JobQuery, page: &[JobRecord], now: Timestamp, selects: bool) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Jobs" {
            table {
                thead {
                    tr {
                        @if selects { th scope="col" { span.visually-hidden { "Select" } } }
                        th scope="col" { "Job" }
                        th scope="col" { "Queue" }
                        @if query.state.is_none() { th scope="col" { "State" } }
                        th.number scope="col" { "Attempts" }
                        th scope="col" { "Enqueued" }
                        th scope="col" { (time_label(query.state)) }
                        th scope="col" { "Last error" }
                    }
                }
                tbody { @for job in page { (row(ctx, query, job, now, selects)) } }
            }
        }
    }
}

fn row(ctx: &RequestContext, query: &JobQuery, job: &JobRecord, now: Timestamp, selects: bool) -> Markup {
    html! {
        tr {
            @if selects {
                td.choice {
                    input type="checkbox" name="id" value=(job.id) aria-label={ "Select " (job.name) " " (short_id(job)) };
                }
            }
            th scope="row" {
                a href=(ctx.url(&format!("/jobs/{}", job.id))) { (job.name) }
                " " small title=(job.id) { code { (short_id(job)) } }
            }
            td { (job.queue) }
            @if query.state.is_none() { td { span class={ "badge " (job.state) } { (job.state) } } }
            td.number { (number(job.attempts.into())) }
            td { (time(now, job.enqueued_at)) }
            td { @if let Some(at) = relevant_time(job) { (time(now, at)) } }
            td.why { @if let Some(error) = job.errors.last() { (short(&error.class)) ": " (short(&error.message)) } }
        }
    }
}

/// The end of the id. The beginning is the time, which jobs that were enqueued together share.
fn short_id(job: &JobRecord) -> String {
    job.id.to_string().chars().skip(24).collect()
}

/// The label of the time that is relevant in a state.
const fn time_label(state: Option<JobState>) -> &'static str {
    match state {
        Some(JobState::Finished) => "Finished",
        Some(JobState::Discarded) => "Discarded",
        Some(JobState::Failed) => "Failed",
        Some(_) => "Due",
        None => "Due or done",
    }
}

fn relevant_time(job: &JobRecord) -> Option<Timestamp> {
    match job.state {
        JobState::Finished | JobState::Discarded => job.done_at,
        JobState::Failed => job.errors.last().map(|error| error.at),
        _ => Some(job.due_at),
    }
}
