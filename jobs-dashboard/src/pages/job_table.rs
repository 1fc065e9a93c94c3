//! The table of jobs in a list, with boxes to select some of them.

use jobs_core::{JobRecord, State as JobState, Timestamp, short_class};
use maud::{Markup, html};

use super::figures::{job_figures, queue_figures};
use super::format::{number, short, time};
use super::forms::form;
use super::process_names::ProcessNames;
use crate::actions::job_action::JobAction;
use crate::app_state::AppState;
use crate::request::context::RequestContext;
use crate::request::fields::address;
use crate::search::query::JobQuery;

/// The actions on selected jobs.
pub(super) const SELECTABLE: [JobAction; 2] = [JobAction::Retry, JobAction::Discard];

/// The jobs of a page.
pub(super) struct Listed<'a> {
    pub(super) jobs: &'a [JobRecord],
    pub(super) now: Timestamp,
    /// Whether all of them are chosen.
    pub(super) selects_all: bool,
    /// The names of the processes, for a list of running jobs.
    pub(super) processes: Option<ProcessNames>,
}

impl Listed<'_> {
    /// Whether there is a time to show: stores that do not know since when a job runs have none for running jobs.
    fn has_times(&self) -> bool {
        self.processes.is_none() || self.jobs.iter().any(|job| relevant_time(job).is_some())
    }
}

/// The table, in a form to select jobs if an action applies to them.
pub(super) fn selectable_table(ctx: &RequestContext, app: &AppState, query: &JobQuery, page: &Listed<'_>) -> Markup {
    let applies = |action: &JobAction| query.state.is_none_or(|state| action.applies_to(state));
    let actions: Vec<_> = SELECTABLE.into_iter().filter(|action| !ctx.read_only && applies(action)).collect();
    let table = table(ctx, app, query, page, !actions.is_empty());
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
            div.bulk.selection {
                span { "Selected jobs:" }
                @for action in actions { button name="verb" value=(action.verb()) { (label(action)) } }
                (select_all(ctx, page))
            }
        },
    )
}

/// A link that chooses all rows of this page, or none.
fn select_all(ctx: &RequestContext, page: &Listed<'_>) -> Markup {
    let others = ctx.query.iter().filter(|(name, value)| *name != "select" && !value.trim().is_empty());
    let all = (!page.selects_all).then_some(("select", "all"));
    let to = address(&ctx.url("/jobs"), others.chain(all));
    html! { a.button href=(to) { @if page.selects_all { "Select none" } @else { "Select all on this page" } } }
}

fn table(ctx: &RequestContext, app: &AppState, query: &JobQuery, page: &Listed<'_>, selects: bool) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Jobs" {
            table.cards {
                thead {
                    tr {
                        @if selects { th scope="col" { span.visually-hidden { "Select" } } }
                        th scope="col" { "Job" }
                        th scope="col" { "Queue" }
                        @if query.state.is_none() { th scope="col" { "State" } }
                        th.number scope="col" { "Attempts" }
                        th scope="col" { "Enqueued" }
                        @if page.processes.is_some() { th scope="col" { "Process" } }
                        @if page.has_times() { th scope="col" { (time_label(query.state)) } }
                        th scope="col" { "Last error" }
                    }
                }
                tbody { @for job in page.jobs { (row(ctx, app, query, job, page, selects)) } }
            }
        }
    }
}

fn row(
    ctx: &RequestContext,
    app: &AppState,
    query: &JobQuery,
    job: &JobRecord,
    page: &Listed<'_>,
    selects: bool,
) -> Markup {
    let now = page.now;
    html! {
        tr {
            @if selects {
                td.choice {
                    input type="checkbox" name="id" value=(job.id) checked[page.selects_all] aria-label={ "Select " (job.name) " " (short_id(job)) };
                }
            }
            th scope="row" {
                a href=(ctx.url(&format!("/jobs/{}", job.id))) { bdi { (job.name) } }
                " " small title=(job.id) { code { (short_id(job)) } }
                (job_figures(ctx, &job.name))
                @if let Some(arguments) = app.visible_arguments(job) { div.arguments { code { (short(&arguments)) } } }
            }
            td data-label="Queue" { bdi { (job.queue) } (queue_figures(ctx, &job.queue)) }
            @if query.state.is_none() { td data-label="State" { span class={ "badge " (job.state) } { (job.state) } } }
            td.number data-label="Attempts" { (number(job.attempts.into())) }
            td data-label="Enqueued" { (time(now, job.enqueued_at)) }
            @if let Some(names) = &page.processes {
                td data-label="Process" { @if let Some(process) = job.claimed_by { (names.show(ctx, process)) } }
            }
            @if page.has_times() {
                td data-label=(time_label(query.state)) { @if let Some(at) = relevant_time(job) { (time(now, at)) } }
            }
            td.why dir="auto" title=[job.errors.last().map(|error| &error.class)] {
                @if let Some(error) = job.errors.last() { (short(&short_class(&error.class))) ": " (short(&error.message)) }
            }
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
        Some(JobState::Claimed) => "Running since",
        Some(_) => "Due",
        None => "Due or done",
    }
}

fn relevant_time(job: &JobRecord) -> Option<Timestamp> {
    match job.state {
        JobState::Finished | JobState::Discarded => job.done_at,
        JobState::Claimed => job.claimed_at,
        JobState::Failed => job.errors.last().map(|error| error.at),
        _ => Some(job.due_at),
    }
}
