//! The arguments of commands that act on queues, or inspect the whole store.

use std::time::Duration;

use clap::Args;

use crate::args::values::{duration, non_empty, queue_latency};

#[derive(Args, Debug)]
pub(crate) struct QueueArgs {
    /// The name of the queue in the store
    pub(crate) queue: String,
}

#[derive(Args, Debug)]
pub(crate) struct ProcessArgs {
    /// The name or the id of the process, as `processes` lists them
    #[arg(value_parser = non_empty)]
    pub(crate) process: String,
}

#[derive(Args, Debug)]
pub(crate) struct HealthArgs {
    /// The longest time that a job may be ready without being claimed, in each queue that is not paused
    #[arg(long, default_value = "5m", value_name = "DURATION", value_parser = duration)]
    pub(crate) max_latency: Duration,
    /// The same limit for one queue, such as `mail=30s`; can be given several times
    #[arg(long, value_name = "QUEUE=DURATION", value_parser = queue_latency)]
    pub(crate) max_latency_of: Vec<(String, Duration)>,
    /// The maximum number of failed jobs; by default there is no limit
    #[arg(long, value_name = "COUNT")]
    pub(crate) max_failed: Option<u64>,
    /// The minimum number of living processes
    #[arg(long, default_value_t = 1, value_name = "COUNT")]
    pub(crate) min_processes: usize,
    /// A process counts as dead if its last heartbeat is older than this
    #[arg(long, default_value = "1m", value_name = "DURATION", value_parser = duration)]
    pub(crate) silence: Duration,
    /// The longest time that one snapshot of the database may be held, by a report or a forgotten transaction
    #[arg(long, default_value = "1h", value_name = "DURATION", value_parser = duration)]
    pub(crate) max_snapshot_age: Duration,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// The maximum number of stored jobs to check in each state
    #[arg(long, default_value_t = 10_000, value_name = "COUNT")]
    pub(crate) sample: usize,
}

#[cfg(feature = "top")]
#[derive(Args, Debug)]
pub(crate) struct TopArgs {
    /// The time between two queries of the store, at least `100ms`
    #[arg(short, long, default_value = "1s", value_name = "DURATION", value_parser = duration)]
    pub(crate) interval: Duration,
}

// There is no flag for the password: every user of the machine can read the arguments of a process.
#[cfg(feature = "dashboard")]
#[derive(Args, Debug)]
pub(crate) struct DashboardArgs {
    /// The address to listen on; an address that other machines can reach needs a password in
    /// `JOBS_DASHBOARD_PASSWORD`
    #[arg(long, default_value = "127.0.0.1:4000", value_name = "ADDRESS", value_parser = crate::args::values::non_empty)]
    pub(crate) bind: String,
    /// The name of the user, who signs in with the password in `JOBS_DASHBOARD_PASSWORD`; by default `jobs`
    #[arg(long, value_name = "NAME", value_parser = crate::args::values::non_empty)]
    pub(crate) user: Option<String>,
    /// Refuses all changes
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Lets in everyone who can reach the address, without a password
    #[arg(long)]
    pub(crate) without_authentication: bool,
    /// Shows arguments even if this program does not know which of them are secret
    #[arg(long)]
    pub(crate) arguments: bool,
    /// A host name, without port, that browsers may use for the dashboard; can be given several times. By default any
    /// name is accepted with a password, and only the names of this machine without one
    #[arg(long = "host", value_name = "NAME", value_parser = crate::args::values::non_empty)]
    pub(crate) hosts: Vec<String>,
    /// The path prefix that a proxy in front of the dashboard removes, such as `/ops`
    #[arg(long, value_name = "PATH", value_parser = crate::args::values::non_empty)]
    pub(crate) public_path: Option<String>,
}
