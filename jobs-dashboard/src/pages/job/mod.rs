//! The page of one job.

mod actions;
mod attempt_log;
mod related;
mod timeline;

use axum::extract::{Path, State};
use jobs_core::job::shown_unique_key;
use jobs_core::{Due, Error, JobRecord, Meta, State as JobState, Timestamp};
use maud::{Markup, html};

use self::related::Related;
use self::timeline::Timeline;
use super::figures::{job_figures, queue_figures};
use super::format::{number, pretty_json, time};
use super::forms::{due_time_fields, form};
use super::process_names::ProcessNames;
use super::{PageResult, SharedState, layout};
use crate::actions::job_action::JobAction;
use crate::actions::jobs::find_job;
use crate::app_state::AppState;
use crate::request::context::RequestContext;
use crate::request::fields::address;

pub(super) use actions::{cancel, change_selection, discard, reschedule, retry};

pub(super) async fn job(State(app): SharedState, ctx: RequestContext, Path(id): Path<String>) -> PageResult {
    let job = find_job(&app, &id).await?;
    let now = app.clock.now();
    let visible = app.visible_arguments(&job);
    let unique_key = shown_unique_key(&job, visible.as_deref());
    let ended = job.errors.iter().map(|error| error.process).chain([job.claimed_by, job.finished_by]);
    let names_processes = ended.flatten().next().is_some();
    let processes = if names_processes { ProcessNames::read(&app).await? } else { ProcessNames::default() };
    let related = Related::read(&app, &job, now).await?;
    let is_paused = is_paused(&app, &job).await?;
    let timeline = Timeline { ctx: &ctx, job: &job, processes: &processes, is_paused, now };
    let body = html! {
        h1 { bdi { (job.name) } " " span class={ "badge " (job.state) } { (job.state) } }
        @if !ctx.read_only { (actions(&app, &ctx, &job, &processes)) }
        p.id { code #id { (job.id) } " " (copy_button("id", "the id")) }
        div.columns #job data-live {
            section aria-labelledby="facts" {
                h2 #facts { "Facts" }
                (facts(&ctx, &job, unique_key, &related, now))
            }
            section aria-labelledby="timeline" {
                h2 #timeline { "Timeline" }
                (timeline.show())
            }
        }
        section aria-labelledby="arguments" {
            h2 #arguments { "Arguments" }
            (arguments(&app, &job, visible.as_deref()))
        }
        (propagated(&app, &job))
    };
    Ok(layout::page(&ctx, &format!("{} {}", job.name, job.id), true, &body))
}

/// Whether the process of a job can be asked to cancel it.
fn can_be_cancelled(app: &AppState, job: &JobRecord, processes: &ProcessNames) -> bool {
    let can_be_asked = job.claimed_by.is_some_and(|process| processes.takes_orders(process));
    job.state == JobState::Claimed && can_be_asked && app.store.process_orders().is_some()
}

fn actions(app: &AppState, ctx: &RequestContext, job: &JobRecord, processes: &ProcessNames) -> Markup {
    let path = |action: JobAction| format!("/jobs/{}/{}", job.id, action.verb());
    let later = JobAction::Reschedule(Due::Now);
    html! {
        div.toolbar {
            @for action in [JobAction::Retry, JobAction::Discard].into_iter().filter(|action| action.applies_to(job.state)) {
                (form(ctx, &path(action), &[], &html! { button { (action.label(job.state)) } }))
            }
            @if can_be_cancelled(app, job, processes) {
                (form(ctx, &format!("/jobs/{}/cancel", job.id), &[], &html! {
                    button title="Its process is asked to end it; if it then fails, it is discarded" { "Cancel" }
                }))
            }
            @if later.applies_to(job.state) {
                details {
                    summary.button { "Reschedule" }
                    (form(ctx, &path(later), &[], &due_time_fields()))
                }
            }
        }
    }
}

/// Whether a job is ready in a paused queue.
async fn is_paused(app: &AppState, job: &JobRecord) -> Result<bool, Error> {
    if job.state != JobState::Ready {
        return Ok(false);
    }
    Ok(app.inspect()?.queues().await?.iter().any(|queue| queue.paused && queue.name == job.queue))
}

/// A button that copies the text of an element. It is shown where scripts run.
fn copy_button(id: &str, what: &str) -> Markup {
    html! { button.copy data-copy=(id) type="button" aria-label={ "Copy " (what) } { "Copy" } }
}

fn facts(ctx: &RequestContext, job: &JobRecord, unique_key: Option<&str>, related: &Related, now: Timestamp) -> Markup {
    let queue = address(&ctx.url("/jobs"), [("queue", job.queue.as_str())]);
    let name = address(&ctx.url("/jobs"), [("name", job.name.as_str())]);
    html! {
        dl.facts {
            dt { "Job" } dd { a href=(name) { bdi { (job.name) } } (job_figures(ctx, &job.name)) }
            dt { "Queue" } dd { a href=(queue) { bdi { (job.queue) } } (queue_figures(ctx, &job.queue)) }
            dt { "Priority" } dd { (job.priority) }
            dt { "Attempts" } dd { (number(job.attempts.into())) }
            @if job.crashes > 0 { dt { "Crashes" } dd.bad { (number(job.crashes.into())) } }
            dt { "Enqueued" } dd { (time(now, job.enqueued_at)) }
            dt { "Due" } dd { (time(now, job.due_at)) }
            @if let Some(done) = job.done_at { dt { "Done" } dd { (time(now, done)) } }
            @if let Some(expires) = job.expires_at { dt { "Expires" } dd { (time(now, expires)) } }
            dt { "Version" } dd { (job.version) }
            @for (name, value) in [
                ("Unique key", unique_key),
                ("Concurrency key", job.concurrency_key.as_deref()),
                ("Batch", job.batch_id.as_deref()),
            ] {
                @if let Some(value) = value { dt { (name) } dd { code { (value) } } }
            }
            (related.show(ctx))
        }
    }
}

fn arguments(app: &AppState, job: &JobRecord, visible: Option<&str>) -> Markup {
    match visible {
        Some(arguments) => json_text("arguments-json", &pretty_json(arguments)),
        None if app.arguments.settings(&job.name).is_some() => {
            html! { p.empty { "Not shown: the definition of the job marks its arguments as secret." } }
        }
        None => html! {
            p.empty { "Not shown: this program does not know the job, so it cannot tell which of its arguments are secret." }
        },
    }
}

/// How many lines of a text are shown before it is folded.
const FOLDED: usize = 40;

/// JSON with a button that copies it. A long text is folded.
fn json_text(id: &str, text: &str) -> Markup {
    let lines = text.lines().count();
    let text = html! { pre tabindex="0" { code id=(id) { (text) } } };
    html! {
        (copy_button(id, "the text"))
        @if lines > FOLDED {
            details.fold { summary.button { "Show " (number(lines as u64)) " lines" } (text) }
        } @else { (text) }
    }
}

/// The values that were propagated from the caller to the job.
fn propagated(app: &AppState, job: &JobRecord) -> Markup {
    let Some(text) = job.meta.as_deref() else { return html! {} };
    // The tick and the job that enqueued it are among the facts.
    if let Ok(mut rest) = Meta::parse(Some(text)) {
        (rest.tick, rest.enqueued_by) = (None, None);
        if rest == Meta::default() {
            return html! {};
        }
    }
    html! {
        section aria-labelledby="propagated" {
            h2 #propagated { "Propagated values" }
            @if app.shows_propagated(job) {
                (json_text("propagated-json", &pretty_json(text)))
            } @else if let Ok(meta) = Meta::parse(Some(text)) {
                (public_meta(&meta))
            } @else {
                p.empty { "The values cannot be read." }
            }
        }
    }
}

/// The values that are never secret.
fn public_meta(meta: &Meta) -> Markup {
    html! {
        dl.facts {
            @for (rule, count) in &meta.exception_executions { dt { code { (rule) } } dd { (number((*count).into())) } }
            @if let Some(trace) = &meta.traceparent { dt { "Trace" } dd { code { (trace) } } }
            @if !meta.tags.is_empty() { dt { "Tags" } dd { (meta.tags.join(", ")) } }
        }
    }
}
