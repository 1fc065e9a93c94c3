//! `retry`, `discard` and `reschedule`: change jobs that are named by their ids, or all that match.

use std::collections::HashSet;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use jobs::store::lifecycle::{Cause, origins};
use jobs::store::{FailureKey, Manage};
use jobs::{Due, Error, JobId, State};
use jobs_core::counted;

use crate::args::{ChangeArgs, JobFilterArgs, RescheduleArgs, StateName};
use crate::commands::count::Counting;
use crate::commands::{expired, unchanged};
use crate::exit::{CommandError, CommandResult, Exit};
use crate::output::{ChangeCount, Printer, print_warnings};
use crate::store::{JobPages, OpenStore};

#[derive(Clone, Copy)]
pub(crate) enum JobChange {
    Retry,
    Discard,
    Reschedule(Due),
}

impl JobChange {
    const fn cause(self) -> Cause {
        match self {
            Self::Retry => Cause::ManualRetry,
            Self::Discard => Cause::Discard,
            Self::Reschedule(_) => Cause::Reschedule,
        }
    }

    /// The states that are meant if none is named and many jobs are changed. `retry` then leaves scheduled jobs alone: they wait for their
    /// time on purpose.
    pub(crate) fn default_states(self) -> Vec<State> {
        match self {
            Self::Retry => vec![State::Failed],
            Self::Discard | Self::Reschedule(_) => self.allowed_states(),
        }
    }

    /// The states in which a job can be changed manually. A claimed job is changed only by the process that runs it.
    pub(crate) fn allowed_states(self) -> Vec<State> {
        origins(self.cause()).filter(|state| *state != State::Claimed).collect()
    }

    pub(crate) const fn participle(self) -> &'static str {
        match self {
            Self::Retry => "retried",
            Self::Discard => "discarded",
            Self::Reschedule(_) => "rescheduled",
        }
    }

    async fn apply(self, manage: &dyn Manage, jobs: &[JobId]) -> Result<u64, Error> {
        match self {
            Self::Retry => manage.retry(jobs).await,
            Self::Discard => manage.discard(jobs).await,
            Self::Reschedule(due) => manage.reschedule(jobs, due).await,
        }
    }
}

pub(crate) async fn retry(store: &OpenStore, args: &ChangeArgs, printer: Printer) -> CommandResult {
    change(store, args, JobChange::Retry, printer).await
}

pub(crate) async fn discard(store: &OpenStore, args: &ChangeArgs, printer: Printer) -> CommandResult {
    change(store, args, JobChange::Discard, printer).await
}

pub(crate) async fn reschedule(store: &OpenStore, args: &RescheduleArgs, printer: Printer) -> CommandResult {
    let due = match (args.wait, args.at) {
        (Some(wait), _) => Due::In(wait),
        (None, at) => at.map_or(Due::Now, Due::At),
    };
    change(store, &args.change, JobChange::Reschedule(due), printer).await
}

async fn change(store: &OpenStore, args: &ChangeArgs, change: JobChange, printer: Printer) -> CommandResult {
    if !args.ids.is_empty() {
        return change_by_id(store, args, change, printer).await;
    }
    if args.filter.is_empty() {
        return Err(nothing_selected(change).into());
    }
    let mut count = ChangeCount { dry_run: !args.yes, ..ChangeCount::default() };
    let bar = progress(change.participle());
    let result = change_matching(store, args, change, &bar, &mut count).await;
    bar.finish_and_clear();
    // What was changed before an error stays changed, so it is reported.
    if result.is_ok() || count.changed > 0 {
        let unchanged = count.matched.saturating_sub(count.changed);
        let unchanged = if count.dry_run || unchanged == 0 { String::new() } else { format!(", and {unchanged} not") };
        printer.one(&count, || summary(&count, change) + &unchanged)?;
    }
    result?;
    let unchanged = count.matched - count.changed;
    if count.dry_run || unchanged == 0 {
        return Ok(Exit::Success);
    }
    let error = unchanged::error(unchanged, count.matched, change, &count.unchanged);
    if count.changed == 0 {
        return Err(error.into());
    }
    print_warnings(&[error.to_string()]);
    Ok(Exit::Success)
}

/// Changes jobs that are named by their ids. It is an error if one of them does not exist or cannot be changed.
async fn change_by_id(store: &OpenStore, args: &ChangeArgs, change: JobChange, printer: Printer) -> CommandResult {
    // A job that is named twice is one job.
    let mut seen = HashSet::new();
    let ids: Vec<JobId> = args.ids.iter().copied().filter(|id| seen.insert(*id)).collect();
    let mut before = Vec::with_capacity(ids.len());
    for id in &ids {
        before.push(store.find(*id).await?);
    }
    let matched = ids.len() as u64;
    let changed = if args.dry_run { 0 } else { change.apply(store.manage()?, &ids).await? };
    let mut count = ChangeCount { matched, changed, dry_run: args.dry_run, ..ChangeCount::default() };
    let unchanged = if args.dry_run { 0 } else { matched - changed };
    if unchanged > 0 {
        count.unchanged = unchanged::reasons(store, &before, change).await?;
    }
    printer.one(&count, || summary(&count, change))?;
    if matches!(change, JobChange::Retry) {
        print_warnings(&expired::warning(&before).into_iter().collect::<Vec<_>>());
    }
    if unchanged == 0 {
        return Ok(Exit::Success);
    }
    Err(unchanged::error(unchanged, matched, change, &count.unchanged).into())
}

/// Counts all jobs that match, and with `--yes` changes them.
async fn change_matching(
    store: &OpenStore,
    args: &ChangeArgs,
    change: JobChange,
    bar: &ProgressBar,
    count: &mut ChangeCount,
) -> Result<(), CommandError> {
    let states = states(&args.filter, change)?;
    let mut counting = Counting::new(args.dry_run);
    let mut pages = JobPages::new(store, &args.filter).in_states(states);
    let mut has_warned = false;
    while let Some(page) = pages.next().await? {
        let ids: Vec<JobId> = page.iter().map(|job| job.id).collect();
        if matches!(change, JobChange::Retry) && !has_warned {
            let warning = expired::warning(&page);
            has_warned = warning.is_some();
            print_warnings(&warning.into_iter().collect::<Vec<_>>());
        }
        count.matched += ids.len() as u64;
        if args.yes && !ids.is_empty() {
            let changed = change.apply(store.manage()?, &ids).await?;
            count.changed += changed;
            if changed < ids.len() as u64 && count.unchanged.is_empty() {
                count.unchanged = unchanged::reasons(store, &page, change).await?;
            }
        }
        bar.set_position(count.matched);
        if !args.yes && counting.add(&page) {
            count.at_least = true;
            break;
        }
    }
    if !args.yes {
        counting.describe(count);
        if let Some(state) = args.filter.whole_state() {
            (count.matched, count.at_least) = (store.inspect()?.counts().await?.of(state), false);
        }
    }
    Ok(())
}

/// The states whose jobs are changed. A group of failures means failed jobs: those that wait for their next attempt have the
/// same error, but they are not in the list of failures.
fn states(filter: &JobFilterArgs, change: JobChange) -> Result<Vec<State>, Error> {
    let state = match (filter.state, filter.failure) {
        (Some(StateName(state)), _) => state,
        (None, None) => return Ok(change.default_states()),
        (None, Some(_)) if change.allowed_states().contains(&State::Failed) => State::Failed,
        (None, Some(key)) => return Err(failed_jobs_cannot_be(change.participle(), key)),
    };
    let allowed = change.allowed_states();
    if allowed.contains(&state) {
        return Ok(vec![state]);
    }
    let allowed = allowed.iter().map(|state| format!("`{state}`")).collect::<Vec<_>>().join(", ");
    let done = change.participle();
    Err(Error::invalid(format!("jobs that are {state} cannot be {done}, only those that are {allowed}")))
}

fn failed_jobs_cannot_be(done: &str, key: FailureKey) -> Error {
    Error::invalid(format!(
        "the jobs of a group of failures are failed, and failed jobs cannot be {done}: `retry --failure {key}` runs them \
         again; for jobs with this error that wait for their next attempt add `--state scheduled`"
    ))
}

fn summary(count: &ChangeCount, change: JobChange) -> String {
    let done = change.participle();
    match count {
        ChangeCount { dry_run: false, changed, .. } => format!("{} {done}", counted(*changed, "job")),
        count => count.question(done),
    }
}

fn nothing_selected(change: JobChange) -> Error {
    Error::invalid(format!(
        "say which jobs are to be {}: by their ids, or by `--state`, `--queue`, `--job`, `--text`, `--error`, `--failure`, \
         `--since`, `--until` or `--process`",
        change.participle()
    ))
}

/// A counter on the standard error, which is drawn only in a terminal.
pub(crate) fn progress(participle: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} jobs {msg}, {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(participle);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
