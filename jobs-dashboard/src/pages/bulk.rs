//! Something is done to all jobs that match: asked for, confirmed, watched.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use maud::html;
use tokio::time::Instant;

use super::job::when;
use super::{Answer, Shared, form};
use crate::board::Board;
use crate::deed::Deed;
use crate::due::due;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::layout;
use crate::sweep::{End, Progress, Sweep, Sweeps, meant};
use crate::visit::Visit;
use crate::which::Which;
use crate::words::number;

/// How many jobs are counted, and for how long, before it is only said that there are at least so many.
const COUNTED: u64 = 10_000;
const PATIENCE: Duration = Duration::from_secs(2);

/// How many of them are held at a time: each has its arguments.
const AT_ONCE: usize = 500;

/// How long an answer waits for a sweep before it leads to the page where one sees how far it is.
const SOON: Duration = Duration::from_secs(1);

/// Asks whether it is meant, with how many jobs that is.
pub(crate) async fn ask(
    State(board): Shared,
    visit: Visit,
    Path(verb): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let (deed, which) = meant(&verb, &fields)?;
    let (count, is_all) = count(&board, &which).await?;
    let words = which.words();
    let label = which.state.map_or("", |state| deed.label(state));
    let body = html! {
        h1 { (label) " " @if !is_all { "at least " } (number(count)) " jobs?" }
        p.words { "Meant are all " strong { (words) } " that are stored now." }
        @if visit.read_only || count == 0 {
            p { a.button href=(which.address(&visit.to("/jobs"))) { "Back" } }
        } @else {
            (form(&visit, &format!("/bulk/{verb}"), &which.fields(), &html! {
                @if let Deed::Reschedule(_) = deed { (when()) } @else { button.strong { (label) " " (number(count)) @if !is_all { " or more" } } }
                " " a.button href=(which.address(&visit.to("/jobs"))) { "Cancel" }
            }))
        }
    };
    Ok(layout::page(&visit, "All that match", true, &body))
}

/// How many match, and whether that are all.
async fn count(board: &Board, which: &Which) -> Result<(u64, bool), Failure> {
    if let Some(state) = which.state.filter(|_| which.is_whole_state()) {
        return Ok((board.inspect()?.counts().await?.of(state), true));
    }
    let (mut filter, end) = (which.filter(AT_ONCE), Instant::now() + PATIENCE);
    let mut count = 0;
    while count < COUNTED && Instant::now() < end {
        let page = board.page(&filter).await?;
        count += page.jobs.len() as u64;
        let Some(next) = page.next else { return Ok((count, true)) };
        filter = filter.going_on(next);
    }
    Ok((count, false))
}

/// Begins it.
pub(crate) async fn begin(
    State(board): Shared,
    visit: Visit,
    Path(verb): Path<String>,
    fields: Extension<Fields>,
) -> Result<Response, Failure> {
    let (deed, which) = meant(&verb, &fields)?;
    let deed = if let Deed::Reschedule(_) = deed { Deed::Reschedule(due(&fields)?) } else { deed };
    board.manage()?;
    let back = which.address(&visit.to("/jobs"));
    let sweep = Sweeps::begin(&board, deed, which, visit.actor.clone());
    let progress = sweep.ended_within(SOON).await;
    if progress.end == Some(End::Done) {
        return Ok(visit.on_to(&back, &told(&sweep, &progress)));
    }
    Ok(visit.on_to(&visit.to(&format!("/sweeps/{}", sweep.number)), "It has begun."))
}

/// How far it is.
pub(crate) async fn sweep(State(board): Shared, visit: Visit, Path(number): Path<String>) -> Answer {
    let sweep = board.sweeps.find(&number)?;
    let progress = sweep.progress();
    let back = sweep.which.address(&visit.to("/jobs"));
    let body = html! {
        h1 { "All " (sweep.which.words()) }
        div #sweep data-live {
            p.words role="status" { (told(&sweep, &progress)) }
            @if progress.end.is_none() && !visit.read_only {
                (form(&visit, &format!("/sweeps/{number}/stop"), &[], &html! { button { "Stop" } }))
            }
        }
        p { a href=(back) { "Back to the jobs" } }
    };
    let title = if progress.end.is_none() { "Under way" } else { "Ended" };
    Ok(if progress.end.is_none() {
        layout::changing(&visit, title, &body)
    } else {
        layout::page(&visit, title, true, &body)
    })
}

pub(crate) async fn stop(State(board): Shared, visit: Visit, Path(number): Path<String>) -> Result<Response, Failure> {
    board.sweeps.find(&number)?.stop();
    Ok(visit.on_to(&visit.to(&format!("/sweeps/{number}")), "It ends after the jobs that it is at."))
}

fn told(sweep: &Sweep, progress: &Progress) -> String {
    let done = format!("{} jobs {}", number(progress.touched), sweep.deed.participle());
    let left = progress.matched - progress.touched;
    let left = match left {
        0 => String::new(),
        left => {
            format!("; {} were left as they are: they changed meanwhile, or their unique key is taken", number(left))
        }
    };
    match &progress.end {
        None => format!("{done} so far{left}."),
        Some(End::Done) => format!("{done}{left}."),
        Some(End::Stopped) => format!("Stopped: {done}{left}."),
        Some(End::Failed(why)) => format!("The store said no, {done} before{left}: {why}"),
    }
}
