//! The names of the sorted sets and hashes that calls name.

/// Jobs for later that have not failed.
pub(crate) const SCHEDULE: &str = "schedule";
/// Jobs that failed and run again later.
pub(crate) const RETRY: &str = "retry";
/// Jobs that are given up.
pub(crate) const DEAD: &str = "dead";

/// The numbers of crashes: `jid` → number.
pub(crate) const CRASHES: &str = "jobs_rs:crashes";

/// What the key of the jobs that a process holds begins with.
pub(crate) const CLAIMED: &str = "jobs_rs:claimed:";

/// The jobs that a process holds: claim → what the script wrote.
pub(crate) fn claimed(process: &str) -> String {
    format!("{CLAIMED}{process}")
}

/// The list of a queue.
pub(crate) fn queue(name: &str) -> String {
    format!("queue:{name}")
}
