//! The list of jobs, with its search.

use axum::extract::State;
use jobs_core::{Content, Counts, Cursor, Filter, State as JobState};
use maud::{Markup, html};

use super::format::number;
use super::job_table::{Listed, selectable_table};
use super::layout;
use super::process_names::ProcessNames;
use super::{PageResult, SharedState};
use crate::actions::job_action::JobAction;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::{Fields, address};
use crate::search::list::{JobPage, PageStart};
use crate::search::query::JobQuery;

/// How many jobs a page has.
const PAGE: usize = 50;

pub(crate) async fn jobs(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let query = JobQuery::parse(&ctx.query)?;
    let counts = app.inspect()?.counts().await?;
    let selects_all = selects_all(&ctx.query)?;
    let filter = Filter { content: Content::SummaryWithArguments, ..query.filter(PAGE) };
    let page = app.list(filter, PageStart::parse(&ctx.query)?).await?;
    let processes = match query.state {
        Some(JobState::Claimed) => Some(ProcessNames::read(&app).await?),
        _ => None,
    };
    let now = app.clock.now();
    let body = html! {
        h1 { "Jobs" }
        @if let Some(failure) = &query.failure {
            p { "Of one group of " a href=(ctx.url("/failures")) { "failures" } " " code { (failure) } }
        }
        @if let Some(process) = &query.process { p { "Claimed by the process " code { (process) } } }
        (states(&ctx, &query, &counts))
        (search(&ctx, &query))
        @if !ctx.read_only { (bulk(&ctx, &query)) }
        div #jobs data-live="calm" {
            @if page.jobs.is_empty() {
                p.empty { @if page.is_incomplete { "No job found yet." } @else { "No job matches." } }
            } @else {
                (selectable_table(&ctx, &app, &query, &Listed { jobs: &page.jobs, now, selects_all, processes }))
            }
            (paging(&ctx, &query, &page))
        }
    };
    Ok(layout::page(&ctx, "Jobs", true, &body))
}

/// Whether all rows of the page are to be chosen.
fn selects_all(fields: &Fields) -> Result<bool, HttpError> {
    match fields.value("select") {
        None => Ok(false),
        Some("all") => Ok(true),
        Some(_) => Err(HttpError::invalid("`select` takes the value `all`.")),
    }
}

fn states(ctx: &RequestContext, query: &JobQuery, counts: &Counts) -> Markup {
    let all = [None].into_iter().chain(JobState::ALL.map(Some));
    html! {
        nav.tabs aria-label="States" {
            @for state in all {
                @let to = query.in_state(state).address(&ctx.url("/jobs"));
                a href=(to) aria-current=[(state == query.state).then_some("page")] {
                    (state.map_or("any state", JobState::as_str)) " "
                    small { (number(state.map_or_else(|| counts.total(), |state| counts.of(state)))) }
                }
            }
        }
    }
}

fn search(ctx: &RequestContext, query: &JobQuery) -> Markup {
    let text = |name: &str, label: &str, value: &Option<String>| {
        html! { label { span { (label) } input name=(name) value=[value] autocomplete="off" spellcheck="false"; } }
    };
    let time = |name: &str, label: &str, value: &Option<String>| {
        html! { label { span { (label) " (UTC)" } input type="datetime-local" name=(name) value=[value]; } }
    };
    html! {
        form.search method="get" action=(ctx.url("/jobs")) role="search" {
            @if let Some(state) = query.state { input type="hidden" name="state" value=(state); }
            @if let Some(failure) = &query.failure { input type="hidden" name="failure" value=(failure); }
            @if let Some(process) = &query.process { input type="hidden" name="process" value=(process); }
            (text("name", "Job", &query.name))
            (text("queue", "Queue", &query.queue))
            (text("error", "Error contains", &query.error))
            (text("text", "Id or arguments contain", &query.text))
            (time("since", "Enqueued since", &query.since))
            (time("until", "until", &query.until))
            button { "Search" }
            @if !query.is_whole_state() {
                a href=(JobQuery::default().in_state(query.state).address(&ctx.url("/jobs"))) { "Clear" }
            }
        }
    }
}

fn paging(ctx: &RequestContext, query: &JobQuery, page: &JobPage) -> Markup {
    let to = |name: &'static str, position: &Cursor| {
        address(&ctx.url("/jobs"), query.fields().into_iter().chain([(name, position.as_str())]))
    };
    html! {
        nav.paging aria-label="More jobs" {
            @if let Some(position) = &page.newer {
                a.button href=(query.address(&ctx.url("/jobs"))) { "Newest" }
                a.button rel="prev" href=(to("after", position)) { "Newer" }
            }
            @if let Some(position) = &page.older {
                a.button rel="next" href=(to("before", position)) { @if page.is_incomplete { "Search further" } @else { "Older" } }
            }
            @if page.is_incomplete { span.empty { "The search stopped after a quarter of a second; more jobs may match." } }
        }
    }
}

/// The actions on all jobs that match.
fn bulk(ctx: &RequestContext, query: &JobQuery) -> Markup {
    let Some(state) = query.state else { return html! {} };
    let actions: Vec<_> = JobAction::ALL.into_iter().filter(|action| action.applies_to(state)).collect();
    html! {
        @if !actions.is_empty() {
            section.bulk aria-label="All matching jobs" {
                span { "All matching jobs:" }
                @for action in actions {
                    a.button href=(query.address(&ctx.url(&format!("/bulk/{}", action.verb())))) { (action.label(state)) " …" }
                }
            }
        }
    }
}
