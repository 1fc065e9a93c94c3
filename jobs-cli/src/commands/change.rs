//! Jobs are changed by hand: by their ids, or all that match.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use jobs::lifecycle::{Cause, origins};
use jobs::{Due, Error, JobId, Manage, State};

use crate::arguments::{Change, Prune, Reschedule, StateName, Which};
use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::Scene;
use crate::selection::Selection;
use crate::shapes::Changed;

/// How many jobs are forgotten at once.
const PRUNED_AT_ONCE: usize = 1000;

/// What is done to jobs.
#[derive(Clone, Copy)]
enum Deed {
    Retry,
    Discard,
    Reschedule(Due),
}

impl Deed {
    const fn cause(self) -> Cause {
        match self {
            Self::Retry => Cause::RetryByHand,
            Self::Discard => Cause::Discard,
            Self::Reschedule(_) => Cause::Reschedule,
        }
    }

    /// The states that are meant if none is said: whoever retries means what failed, and not what waits for its time.
    fn usual(self) -> Vec<State> {
        match self {
            Self::Retry => vec![State::Failed],
            Self::Discard | Self::Reschedule(_) => self.movable(),
        }
    }

    /// The states in which a person may do it. The running ones are moved by those who run them.
    fn movable(self) -> Vec<State> {
        origins(self.cause()).filter(|state| *state != State::Claimed).collect()
    }

    const fn participle(self) -> &'static str {
        match self {
            Self::Retry => "retried",
            Self::Discard => "discarded",
            Self::Reschedule(_) => "rescheduled",
        }
    }

    async fn run(self, manage: &dyn Manage, jobs: &[JobId]) -> Result<u64, Error> {
        match self {
            Self::Retry => manage.retry(jobs).await,
            Self::Discard => manage.discard(jobs).await,
            Self::Reschedule(due) => manage.reschedule(jobs, due).await,
        }
    }
}

pub(crate) async fn retry(scene: &Scene, change: &Change, output: Output) -> Result<Ending> {
    perform(scene, change, Deed::Retry, output).await
}

pub(crate) async fn discard(scene: &Scene, change: &Change, output: Output) -> Result<Ending> {
    perform(scene, change, Deed::Discard, output).await
}

pub(crate) async fn reschedule(scene: &Scene, reschedule: &Reschedule, output: Output) -> Result<Ending> {
    let due = match (reschedule.wait, reschedule.at) {
        (Some(wait), _) => Due::In(wait),
        (None, at) => at.map_or(Due::Now, Due::At),
    };
    perform(scene, &reschedule.change, Deed::Reschedule(due), output).await
}

async fn perform(scene: &Scene, change: &Change, deed: Deed, output: Output) -> Result<Ending> {
    if !change.ids.is_empty() {
        return by_id(scene, change, deed, output).await;
    }
    if change.which.is_empty() {
        return Err(unnamed(deed).into());
    }
    let mut changed = Changed { matched: 0, touched: 0, dry_run: !change.yes };
    let bar = counter(deed.participle());
    let ended = matching(scene, change, deed, &bar, &mut changed).await;
    bar.finish_and_clear();
    // What was done before an error is not undone, and so it is told.
    if ended.is_ok() || changed.touched > 0 {
        let left = changed.matched.saturating_sub(changed.touched);
        let left = if changed.dry_run || left == 0 { String::new() } else { format!(", and {left} not") };
        output.one(&changed, || told(&changed, deed) + &left)?;
    }
    ended.map(|()| Ending::Done)
}

/// Jobs that are named: each has to be there, and something has to happen to it.
async fn by_id(scene: &Scene, change: &Change, deed: Deed, output: Output) -> Result<Ending> {
    for id in &change.ids {
        let _there = scene.find(*id).await?;
    }
    let matched = change.ids.len() as u64;
    let count = if change.dry_run { 0 } else { deed.run(scene.manage()?, &change.ids).await? };
    let changed = Changed { matched, touched: count, dry_run: change.dry_run };
    output.one(&changed, || told(&changed, deed))?;
    if change.dry_run || count == matched {
        return Ok(Ending::Done);
    }
    let done = deed.participle();
    Err(Error::invalid(format!(
        "{} of {matched} jobs were not {done}: they are in a state that does not allow it; see `show`",
        matched - count
    ))
    .into())
}

/// All jobs that match, counted, and changed if that was said.
async fn matching(scene: &Scene, change: &Change, deed: Deed, bar: &ProgressBar, changed: &mut Changed) -> Result<()> {
    let states = states(change.which.state, deed)?;
    let mut selection = Selection::new(scene.inspect()?, &change.which, scene.now).of(states);
    while let Some(page) = selection.next().await? {
        let ids: Vec<JobId> = page.iter().map(|job| job.id).collect();
        changed.matched += ids.len() as u64;
        if change.yes && !ids.is_empty() {
            changed.touched += deed.run(scene.manage()?, &ids).await?;
        }
        bar.set_position(changed.matched);
    }
    Ok(())
}

fn states(asked: Option<StateName>, deed: Deed) -> Result<Vec<State>, Error> {
    let Some(StateName(state)) = asked else { return Ok(deed.usual()) };
    if deed.movable().contains(&state) {
        return Ok(vec![state]);
    }
    let words = deed.movable().iter().map(|state| format!("`{state}`")).collect::<Vec<_>>().join(", ");
    Err(Error::invalid(format!("jobs that are {state} cannot be {}, only those that are {words}", deed.participle())))
}

pub(crate) async fn prune(scene: &Scene, prune: &Prune, output: Output) -> Result<Ending> {
    let manage = scene.manage()?;
    let bar = counter("forgotten");
    let mut changed = Changed { matched: 0, touched: 0, dry_run: false };
    let ended = loop {
        match manage.prune(prune.older_than, PRUNED_AT_ONCE).await {
            Ok(0) => break Ok(Ending::Done),
            Ok(count) => (changed.matched, changed.touched) = (changed.matched + count, changed.touched + count),
            Err(error) => break Err(error.into()),
        }
        bar.set_position(changed.touched);
    };
    bar.finish_and_clear();
    if ended.is_ok() || changed.touched > 0 {
        output.one(&changed, || format!("{} jobs forgotten", changed.touched))?;
    }
    ended
}

fn told(changed: &Changed, deed: Deed) -> String {
    let done = deed.participle();
    match changed {
        Changed { dry_run: false, touched, .. } => format!("{touched} jobs {done}"),
        Changed { matched: 0, .. } => "no job matches".to_owned(),
        Changed { matched, .. } => format!("{matched} jobs would be {done}; add `--yes` to do it"),
    }
}

fn unnamed(deed: Deed) -> Error {
    Error::invalid(format!(
        "say which jobs are to be {}: by their ids, or by `--state`, `--queue`, `--job`, `--text`, `--error`, `--since` \
         or `--until`",
        deed.participle()
    ))
}

impl Which {
    /// Whether it means all jobs.
    fn is_empty(&self) -> bool {
        let Self { state, queue, name, text, error, since, until, process } = self;
        let texts = [queue, name, text, error];
        state.is_none() && texts.iter().all(|text| text.is_none()) && since.or(*until).is_none() && process.is_none()
    }
}

/// Counts on the standard error while a person waits there; elsewhere nothing is seen of it.
fn counter(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} jobs {msg}, {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
