//! The page of one recurring task: its last ticks with their jobs, and its next ticks.

use std::time::Duration;

use axum::extract::State;
use jobs_core::{Error, JobRecord, RecurringRecord, Schedule, StoreExt, Timestamp, format_duration, short_class};
use maud::{Markup, html};

use super::actions;
use crate::actions::recurring::find_task;
use crate::app_state::AppState;
use crate::pages::figures::job_figures;
use crate::pages::format::time;
use crate::pages::{PageResult, SharedState, layout};
use crate::request::context::RequestContext;
use crate::request::fields::address;

/// How many ticks of each kind are shown, and how far back the last ones are looked for.
const TICKS: usize = 10;
const BACK: Duration = Duration::from_secs(400 * 24 * 3600);

pub(in crate::pages) async fn task(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let record = find_task(&app, &ctx.query).await?;
    let now = app.store.require_recurring()?.tasks().await?.now;
    let schedule = record.task.when();
    let ticks = match &schedule {
        Ok(schedule) if record.source.is_none() => last_ticks(&app, &record, schedule, now).await?,
        _ => Vec::new(),
    };
    let body = html! {
        h1 { (record.task.key) @if record.paused { " " span.badge.paused { "paused" } } @if let Some(source) = &record.source { " " span.badge { (source) } } }
        @if let Some(text) = &record.task.description { p.prose { (text) } }
        @if !ctx.read_only { div.toolbar { (actions(&ctx, &record)) } }
        div #task data-live="calm" {
            div.columns {
                section aria-labelledby="facts" { h2 #facts { "Facts" } (facts(&ctx, &record, now)) }
                section aria-labelledby="next" {
                    h2 #next { "Next ticks" }
                    @match &schedule {
                        Ok(schedule) => { (next_ticks(&record, schedule, now)) }
                        Err(error) => { p.bad { (error) } }
                    }
                }
            }
            section aria-labelledby="last" {
                h2 #last { "Last ticks" }
                @if let Some(source) = &record.source {
                    p.empty {
                        "Its ticks are taken by " (source) ", which changes it too."
                        @if let Some(tick) = record.last_tick { " The last one: " (time(now, tick)) "." }
                    }
                } @else if ticks.is_empty() {
                    p.empty {
                        @if let Some(tick) = record.last_tick { "The last one: " (time(now, tick)) "." }
                        @else { "No tick has been taken yet." }
                    }
                }
                @if let Ok(schedule) = &schedule {
                    ul.rows { @for tick in &ticks { (row(&ctx, schedule, tick, now)) } }
                }
            }
        }
        p { a href=(ctx.url("/recurring")) { "All tasks" } }
    };
    Ok(layout::page(&ctx, &record.task.key, true, &body))
}

/// A tick that is over, with its job.
struct PastTick {
    at: Timestamp,
    /// `None` if no job is stored: the tick had none, or its job has been deleted since.
    job: Option<JobRecord>,
}

/// The last ticks, the newest first.
async fn last_ticks(
    app: &AppState,
    record: &RecurringRecord,
    schedule: &Schedule,
    now: Timestamp,
) -> Result<Vec<PastTick>, Error> {
    let (until, mut ticks) = (record.after.min(now), Vec::new());
    let mut times = schedule.last_between(until - BACK, until, TICKS);
    // The last tick may be of another schedule that the task had then.
    times.extend(record.last_tick.filter(|last| !times.contains(last)));
    times.sort_unstable();
    for at in times.into_iter().rev() {
        // The job of the last tick may be another one that it is a duplicate of.
        let of_last = record.last_job.filter(|_| record.last_tick == Some(at));
        let id = of_last.unwrap_or_else(|| record.task.job_id(at));
        ticks.push(PastTick { at, job: app.inspect()?.find(id).await? });
    }
    // Before its first tick with a job the task may not have been there. The job of the last tick may have been deleted.
    while ticks.pop_if(|tick| tick.job.is_none() && Some(tick.at) != record.last_tick).is_some() {}
    Ok(ticks)
}

fn row(ctx: &RequestContext, schedule: &Schedule, tick: &PastTick, now: Timestamp) -> Markup {
    html! {
        li {
            span.when { (schedule.local(tick.at)) }
            @match &tick.job {
                Some(job) => {
                    a href=(ctx.url(&format!("/jobs/{}", job.id))) { span class={ "badge " (job.state) } { (job.state) } }
                    span.why {
                        @if let Some(error) = job.errors.last() { (short_class(&error.class)) ": " (error.message) }
                    }
                    span.end { @if let Some(done) = job.done_at { "ended " (time(now, done)) } @else { (time(now, tick.at)) } }
                }
                None => {
                    span.why { "No job is stored: the tick had none, or its job has been deleted." }
                    span.end { (time(now, tick.at)) }
                }
            }
        }
    }
}

fn next_ticks(record: &RecurringRecord, schedule: &Schedule, now: Timestamp) -> Markup {
    let next = std::iter::successors(schedule.next_after(now), |tick| schedule.next_after(*tick));
    html! {
        @if record.paused { p.empty { "The task is paused: its ticks are left out." } }
        @else { ul.rows { @for tick in next.take(TICKS / 2) { li { (schedule.local(tick)) span.end { (time(now, tick)) } } } } }
    }
}

fn facts(ctx: &RequestContext, record: &RecurringRecord, now: Timestamp) -> Markup {
    let task = &record.task;
    html! {
        dl.facts {
            dt { "Job" } dd { a href=(address(&ctx.url("/jobs"), [("name", task.job.as_str())])) { bdi { (task.job) } } (job_figures(ctx, &task.job)) }
            @if let Ok(schedule) = task.when() { dt { "Schedule" } dd { (schedule.describe()) } }
            dt { "Written" } dd { code { (task.schedule) } }
            @if let Some(queue) = &task.queue { dt { "Queue" } dd { (queue) } }
            @if let Some(priority) = task.priority { dt { "Priority" } dd { (priority) } }
            @if let Some(time) = task.expires_in { dt { "Expires in" } dd { (format_duration(time)) } }
            @if let Some(source) = &record.source { dt { "Kept by" } dd { (source) } }
            @else {
                dt { "Missed ticks" } dd { (task.missed) }
                dt { "Declared" } dd { (time(now, record.declared_at)) }
            }
        }
    }
}
