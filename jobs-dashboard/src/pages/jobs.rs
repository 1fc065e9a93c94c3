//! Jobs in a list.

use axum::extract::{RawQuery, State};
use jobs_core::{Counts, JobRecord, State as JobState, Timestamp};
use maud::{Markup, html};

use super::{Answer, Shared};
use crate::deed::Deed;
use crate::fields::Fields;
use crate::layout;
use crate::visit::Visit;
use crate::which::{PAGE, Which, more, place};
use crate::words::{number, short, time};

pub(crate) async fn jobs(State(board): Shared, visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let which = Which::read(&fields)?;
    let inspect = board.inspect()?;
    let counts = inspect.counts().await?;
    let page = inspect.list(&which.filter(place(&fields, "after")?, PAGE)).await?;
    let now = board.clock.now();
    let body = html! {
        h1 { "Jobs" }
        (states(&visit, &which, &counts))
        (search(&visit, &which))
        div #jobs data-live {
            @if page.is_empty() {
                p.empty { "No job matches." }
            } @else {
                (table(&visit, &which, &page, now))
            }
        }
        (turning(&visit, &which, &page))
        @if !visit.read_only { (bulk(&visit, &which)) }
    };
    Ok(layout::page(&visit, "Jobs", true, &body))
}

fn states(visit: &Visit, which: &Which, counts: &Counts) -> Markup {
    let all = [None].into_iter().chain(JobState::ALL.map(Some));
    html! {
        nav.tabs aria-label="States" {
            @for state in all {
                @let to = which.in_state(state).address(&visit.to("/jobs"));
                a href=(to) aria-current=[(state == which.state).then_some("page")] {
                    (state.map_or("any state", JobState::as_str)) " "
                    small { (number(state.map_or_else(|| counts.total(), |state| counts.of(state)))) }
                }
            }
        }
    }
}

fn search(visit: &Visit, which: &Which) -> Markup {
    html! {
        form.search method="get" action=(visit.to("/jobs")) role="search" {
            @if let Some(state) = which.state { input type="hidden" name="state" value=(state); }
            label { "Job " input name="name" value=[&which.name] autocomplete="off" spellcheck="false"; }
            label { "Queue " input name="queue" value=[&which.queue] autocomplete="off" spellcheck="false"; }
            button { "Search" }
            @if !which.is_whole_state() {
                a href=(Which::default().in_state(which.state).address(&visit.to("/jobs"))) { "Clear" }
            }
        }
    }
}

fn table(visit: &Visit, which: &Which, page: &[JobRecord], now: Timestamp) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Jobs" {
            table {
                thead {
                    tr {
                        th scope="col" { "Job" }
                        th scope="col" { "Queue" }
                        @if which.state.is_none() { th scope="col" { "State" } }
                        th.number scope="col" { "Attempts" }
                        th scope="col" { "Enqueued" }
                        th scope="col" { (moment_name(which.state)) }
                        th scope="col" { "Last error" }
                    }
                }
                tbody { @for job in page { (row(visit, which, job, now)) } }
            }
        }
    }
}

fn row(visit: &Visit, which: &Which, job: &JobRecord, now: Timestamp) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href=(visit.to(&format!("/jobs/{}", job.id))) { (job.name) }
                " " small title=(job.id) { code { (tail(job)) } }
            }
            td { (job.queue) }
            @if which.state.is_none() { td { span class={ "badge " (job.state) } { (job.state) } } }
            td.number { (number(job.attempts.into())) }
            td { (time(now, job.enqueued_at)) }
            td { @if let Some(moment) = moment(job) { (time(now, moment)) } }
            td.why { @if let Some(error) = job.errors.last() { (short(&error.class)) ": " (short(&error.message)) } }
        }
    }
}

/// The end of its id, which tells it apart from those that were enqueued with it.
fn tail(job: &JobRecord) -> String {
    job.id.to_string().chars().skip(24).collect()
}

/// What the time is called that matters in a state.
const fn moment_name(state: Option<JobState>) -> &'static str {
    match state {
        Some(JobState::Finished) => "Finished",
        Some(JobState::Discarded) => "Discarded",
        Some(JobState::Failed) => "Failed",
        Some(_) => "Due",
        None => "Due or done",
    }
}

fn moment(job: &JobRecord) -> Option<Timestamp> {
    match job.state {
        JobState::Finished | JobState::Discarded => job.done_at,
        JobState::Failed => job.errors.last().map(|error| error.at),
        _ => Some(job.due_at),
    }
}

fn turning(visit: &Visit, which: &Which, page: &[JobRecord]) -> Markup {
    html! {
        nav.turning aria-label="More jobs" {
            @if let Some(last) = more(page, PAGE) {
                @let last = last.to_string();
                @let fields = which.fields().into_iter().chain([("after", last.as_str())]);
                a.button rel="next" href=(crate::fields::address(&visit.to("/jobs"), fields)) { "Next page" }
            }
        }
    }
}

/// What can be done to all that match.
fn bulk(visit: &Visit, which: &Which) -> Markup {
    let Some(state) = which.state else { return html! {} };
    let deeds: Vec<_> = Deed::ALL.into_iter().filter(|deed| deed.suits(state)).collect();
    html! {
        @if !deeds.is_empty() {
            section.bulk aria-label="All that match" {
                span { "All that match:" }
                @for deed in deeds {
                    a.button href=(which.address(&visit.to(&format!("/bulk/{}", deed.verb())))) { (deed.label(state)) " …" }
                }
            }
        }
    }
}
