//! Jobs in a list.

use axum::extract::{RawQuery, State};
use jobs_core::{Counts, JobId, State as JobState};
use maud::{Markup, html};

use super::rows::list;
use super::{Answer, Shared};
use crate::deed::Deed;
use crate::fields::{Fields, address};
use crate::layout;
use crate::seeking::{Place, Sheet};
use crate::visit::Visit;
use crate::which::Which;
use crate::words::number;

/// How many jobs a page has.
const PAGE: usize = 50;

pub(crate) async fn jobs(State(board): Shared, visit: Visit, RawQuery(query): RawQuery) -> Answer {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let which = Which::read(&fields)?;
    let counts = board.inspect()?.counts().await?;
    let sheet = board.sheet(which.filter(PAGE), Place::read(&fields)?).await?;
    let now = board.clock.now();
    let body = html! {
        h1 { "Jobs" }
        @if let Some(process) = &which.process { p { "Held by the process " code { (process) } } }
        (states(&visit, &which, &counts))
        (search(&visit, &which))
        @if !visit.read_only { (bulk(&visit, &which)) }
        div #jobs data-live="calm" {
            @if sheet.jobs.is_empty() {
                p.empty { @if sheet.is_cut_short { "None was found yet." } @else { "No job matches." } }
            } @else {
                (list(&visit, &which, &sheet.jobs, now))
            }
            (turning(&visit, &which, &sheet))
        }
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
    let text = |name: &str, label: &str, value: &Option<String>| {
        html! { label { span { (label) } input name=(name) value=[value] autocomplete="off" spellcheck="false"; } }
    };
    let time = |name: &str, label: &str, value: &Option<String>| {
        html! { label { span { (label) " (UTC)" } input type="datetime-local" name=(name) value=[value]; } }
    };
    html! {
        form.search method="get" action=(visit.to("/jobs")) role="search" {
            @if let Some(state) = which.state { input type="hidden" name="state" value=(state); }
            @if let Some(process) = &which.process { input type="hidden" name="process" value=(process); }
            (text("name", "Job", &which.name))
            (text("queue", "Queue", &which.queue))
            (text("error", "Error has", &which.error))
            (text("text", "Id or arguments have", &which.text))
            (time("since", "Enqueued since", &which.since))
            (time("until", "until", &which.until))
            button { "Search" }
            @if !which.is_whole_state() {
                a href=(Which::default().in_state(which.state).address(&visit.to("/jobs"))) { "Clear" }
            }
        }
    }
}

fn turning(visit: &Visit, which: &Which, sheet: &Sheet) -> Markup {
    let to = |name: &'static str, id: JobId| {
        let id = id.to_string();
        address(&visit.to("/jobs"), which.fields().into_iter().chain([(name, id.as_str())]))
    };
    html! {
        nav.turning aria-label="More jobs" {
            @if let Some(id) = sheet.newer {
                a.button href=(which.address(&visit.to("/jobs"))) { "Newest" }
                a.button rel="prev" href=(to("after", id)) { "Newer" }
            }
            @if let Some(id) = sheet.older {
                a.button rel="next" href=(to("before", id)) { @if sheet.is_cut_short { "Look further back" } @else { "Older" } }
            }
            @if sheet.is_cut_short { span.empty { "It was looked for a second; there may be more." } }
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
