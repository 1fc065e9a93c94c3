//! The log lines that may concern each of many jobs while nothing changes: one in a minute for each cause.

use jobs_core::events::LoopRestarted;
use jobs_core::failure::class_name;
use jobs_core::{DeserializeError, Event, JobRef, events};

use crate::observe::log;

/// The cause of a line that is not written for each event; `None` for all other events.
pub(crate) fn cause(event: &Event) -> Option<String> {
    Some(match event {
        Event::NameUnknown(event) => format!("name {}", event.job.name),
        Event::VersionUnknown(event) => format!("version {} of {}", event.version, event.job.name),
        Event::PropagationFailed(event) => format!("value {} of {}", event.error.key, event.job.name),
        Event::Failed(event) if event.error.class == class_name::<DeserializeError>() => {
            format!("arguments of {}", event.job.name)
        }
        Event::StoreFailed(event) => format!("store {}: {}", event.operation, event.message),
        Event::LoopRestarted(event) => format!("loop {}: {}", event.name, event.message),
        Event::Fenced(_) => "fenced".to_owned(),
        _ => return None,
    })
}

/// Writes the line of such an event. `left_out` lines of its cause were not written before it.
pub(crate) fn write(event: &Event, adapter: &str, left_out: u64) {
    let left_out = (left_out > 0).then_some(left_out);
    let more = left_out.map(|lines| format!(" ({lines} more since the last such line)")).unwrap_or_default();
    match event {
        Event::NameUnknown(events::NameUnknown { job, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, left_out,
                "No job named `{name}` is registered here; {name} (Job ID: {id}) stays in the store{more}. If it was renamed, \
                 write `aliases(\"{name}\")` at the new one; if its crate was left out of the program, write `use its_crate as _;`");
        }
        Event::VersionUnknown(events::VersionUnknown { job, version, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, version, left_out,
                "The arguments of {name} (Job ID: {id}) are of version {version}, which a newer program wrote; it stays in the store{more}");
        }
        Event::PropagationFailed(events::PropagationFailed { job, error, .. }) => {
            let JobRef { name, id, attempt, .. } = job;
            warn!(target: "jobs", job = %name, %id, attempt, key = %error.key, left_out,
                "{name} (Job ID: {id}) runs without `{}`, which cannot be read: {}{more}", error.key, error.message);
        }
        Event::Failed(event) => log::failed_for_good(event, adapter, &more),
        Event::StoreFailed(events::StoreFailed { operation, message, .. }) => {
            error!(target: "jobs", operation = %operation, left_out, "The store failed to {operation}: {message}{more}");
        }
        Event::LoopRestarted(events::LoopRestarted { name, message, after, .. }) if message == LoopRestarted::ENDED => {
            error!(target: "jobs", name = %name, left_out, "The {name} loop ended too early and restarts in {after:?}{more}");
        }
        Event::LoopRestarted(events::LoopRestarted { name, message, after, .. }) => {
            error!(target: "jobs", name = %name, panic = %message, left_out,
                "The {name} loop panicked and restarts in {after:?}: {message}{more}");
        }
        Event::Fenced(event) => {
            warn!(target: "jobs", id = %event.job_id, left_out, "A settlement came too late; another process has the job{more}");
        }
        _ => {}
    }
}
