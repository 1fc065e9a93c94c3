//! The log lines of enqueues.

use jobs_core::{Bulk, Event, JobRef, events};

use crate::observe::log::{arguments, cause};

/// Whether the event is of an enqueue; if so, its line is written.
pub(crate) fn write(event: &Event, adapter: &str) -> bool {
    match event {
        Event::Enqueued(_) | Event::EnqueuedAt(_) | Event::EnqueuedAll(_) => enqueued(event, adapter),
        Event::EnqueueHalted(_) | Event::EnqueueFailed(_) | Event::EnqueueDeduplicated(_) => {
            not_enqueued(event, adapter);
        }
        Event::EnqueuedWithin(_) | Event::EnqueuedAllWithin(_) => enqueued_within(event, adapter),
        _ => return false,
    }
    true
}

fn enqueued(event: &Event, adapter: &str) {
    match event {
        Event::Enqueued(events::Enqueued { job, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue,
                "Enqueued {name} (Job ID: {id}) to {adapter}({queue}){}", arguments(job));
        }
        Event::EnqueuedAt(events::EnqueuedAt { job, at, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, %at,
                "Enqueued {name} (Job ID: {id}) to {adapter}({queue}) at {at}{}", arguments(job));
        }
        Event::EnqueuedAll(events::EnqueuedAll { bulk, .. }) => {
            info!(target: "jobs", count = bulk.stored, failed = bulk.failed, "{}", of_bulk(bulk, adapter));
        }
        _ => {}
    }
}

fn not_enqueued(event: &Event, adapter: &str) {
    match event {
        Event::EnqueueHalted(events::EnqueueHalted { job, .. }) => {
            let JobRef { name, queue, .. } = job;
            info!(target: "jobs", job = %name, %queue,
                "Failed enqueuing {name} to {adapter}({queue}), a before_enqueue callback halted it");
        }
        Event::EnqueueFailed(events::EnqueueFailed { job, error, may_be_stored, .. }) => {
            let (JobRef { name, queue, .. }, doubt) = (job, doubt(*may_be_stored));
            error!(target: "jobs", job = %name, %queue, class = %error.class, error = %error.message,
                "Failed enqueuing {name} to {adapter}({queue}): {}{doubt}", cause(error));
        }
        Event::EnqueueDeduplicated(events::EnqueueDeduplicated { job, of, .. }) => {
            let JobRef { name, queue, .. } = job;
            info!(target: "jobs", job = %name, %queue, %of,
                "Did not enqueue {name} to {adapter}({queue}), a job of the same unique key is there already (Job ID: {of})");
        }
        _ => {}
    }
}

/// As `Enqueued 3 jobs to Sqlite (2 send_mail, 1 charge). Failed enqueuing 1 job`, the most frequent first.
fn of_bulk(bulk: &Bulk, adapter: &str) -> String {
    let mut names: Vec<_> = bulk.names.iter().collect();
    names.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let names: Vec<_> = names.into_iter().map(|(name, count)| format!("{count} {name}")).collect();
    let stored = format!("Enqueued {} to {adapter} ({})", counted(bulk.stored), names.join(", "));
    let doubt = doubt(bulk.may_be_stored);
    let failed = format!("Failed enqueuing {}", counted(bulk.failed));
    match (bulk.stored, bulk.failed) {
        (_, 0) => stored,
        (0, _) => format!("{failed} to {adapter}{doubt}"),
        _ => format!("{stored}. {failed}{doubt}"),
    }
}

/// The end of a line of jobs that the store did not say yes to: an answer that was lost may have been one.
fn doubt(may_be_stored: bool) -> &'static str {
    if may_be_stored { ", but may be stored all the same, if only the answer was lost" } else { "" }
}

fn counted(jobs: usize) -> String {
    if jobs == 1 { "1 job".to_owned() } else { format!("{jobs} jobs") }
}

fn enqueued_within(event: &Event, adapter: &str) {
    match event {
        Event::EnqueuedWithin(events::EnqueuedWithin { job, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            let shown = arguments(job);
            let at = job.at.map(|at| format!(" at {at}")).unwrap_or_default();
            info!(target: "jobs", job = %name, %id, %queue,
                "Enqueued {name} (Job ID: {id}) to {adapter}({queue}){at}{shown}, if its transaction commits");
        }
        Event::EnqueuedAllWithin(events::EnqueuedAllWithin { bulk, .. }) => {
            info!(target: "jobs", count = bulk.stored, "{}, if their transaction commits", of_bulk(bulk, adapter));
        }
        _ => {}
    }
}
