//! The names of the sorted sets and hashes that calls name.

/// Jobs for later that have not failed.
pub(crate) const SCHEDULE: &str = "schedule";
/// Jobs that failed and run again later.
pub(crate) const RETRY: &str = "retry";
/// Jobs that are given up.
pub(crate) const DEAD: &str = "dead";

/// Our processes: id → `started:heartbeat:JSON`.
pub(crate) const PROCESSES: &str = "jobs_rs:processes";
/// The processes that have claimed jobs.
pub(crate) const CLAIMERS: &str = "jobs_rs:claimers";
/// The numbers of crashes: `jid` → number.
pub(crate) const CRASHES: &str = "jobs_rs:crashes";

/// The jobs that a process holds: claim → what the script wrote.
pub(crate) fn claimed(process: &str) -> String {
    format!("jobs_rs:claimed:{process}")
}

/// The list of a queue.
pub(crate) fn queue(name: &str) -> String {
    format!("queue:{name}")
}
