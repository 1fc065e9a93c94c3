//! What is done.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde::Serialize;

use super::{Answer, Shared, json};
use crate::acts::{self, turn};
use crate::deed::Deed;
use crate::due::due;
use crate::fields::Fields;
use crate::sweep::{End, Sweep, Sweeps, meant};
use crate::visit::Visit;

/// What became of a queue.
#[derive(Serialize)]
struct Turned<'a> {
    queue: &'a str,
    paused: bool,
    /// Whether it was otherwise before.
    changed: bool,
}

/// What became of a job.
#[derive(Serialize)]
struct Changed {
    changed: bool,
    /// Why it was not.
    why: Option<String>,
}

/// How far a sweep is.
#[derive(Serialize)]
struct Progress {
    sweep: u64,
    verb: &'static str,
    matched: u64,
    changed: u64,
    ended: bool,
    /// What kept it from going through all jobs.
    error: Option<String>,
}

pub(crate) async fn pause(State(board): Shared, visit: Visit, fields: Extension<Fields>) -> Answer {
    let (queue, changed) = turn(&board, &visit, &fields, true).await?;
    json(StatusCode::OK, &Turned { queue, paused: true, changed })
}

pub(crate) async fn resume(State(board): Shared, visit: Visit, fields: Extension<Fields>) -> Answer {
    let (queue, changed) = turn(&board, &visit, &fields, false).await?;
    json(StatusCode::OK, &Turned { queue, paused: false, changed })
}

pub(crate) async fn change(
    State(board): Shared,
    visit: Visit,
    Path((id, verb)): Path<(String, String)>,
    fields: Extension<Fields>,
) -> Answer {
    let deed = Deed::named(&verb)?;
    let deed = if let Deed::Reschedule(_) = deed { Deed::Reschedule(due(&fields)?) } else { deed };
    let (job, changed) = acts::change(&board, &visit, &id, deed).await?;
    let why = (!changed).then(|| acts::untouched(&job, deed));
    json(if changed { StatusCode::OK } else { StatusCode::CONFLICT }, &Changed { changed, why })
}

/// Begins to do something to all jobs that match what the address says.
pub(crate) async fn begin(
    State(board): Shared,
    visit: Visit,
    Path(verb): Path<String>,
    RawQuery(query): RawQuery,
    fields: Extension<Fields>,
) -> Answer {
    let (deed, which) = meant(&verb, &Fields::parse(query.unwrap_or_default().as_bytes()))?;
    let deed = if let Deed::Reschedule(_) = deed { Deed::Reschedule(due(&fields)?) } else { deed };
    board.manage()?;
    let sweep = Sweeps::begin(&board, deed, which, visit.actor);
    json(StatusCode::ACCEPTED, &progress(&sweep))
}

pub(crate) async fn sweep(State(board): Shared, Path(number): Path<String>) -> Answer {
    json(StatusCode::OK, &progress(&*board.sweeps.find(&number)?))
}

pub(crate) async fn stop(State(board): Shared, Path(number): Path<String>) -> Answer {
    let sweep = board.sweeps.find(&number)?;
    sweep.stop();
    json(StatusCode::ACCEPTED, &progress(&sweep))
}

fn progress(sweep: &Sweep) -> Progress {
    let progress = sweep.progress();
    Progress {
        sweep: sweep.number,
        verb: sweep.deed.verb(),
        matched: progress.matched,
        changed: progress.touched,
        ended: progress.end.is_some(),
        error: match progress.end {
            Some(End::Failed(why)) => Some(why),
            Some(End::Stopped) => Some("it was stopped".to_owned()),
            _ => None,
        },
    }
}
