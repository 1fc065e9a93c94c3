//! The names of the keys in Redis, with the namespace of the fleet in front.

use jobs_core::ProcessId;

/// The list of failure records.
pub(crate) const FAILED: &str = "failed";

/// The numbers of crashes: id of a job → number.
pub(crate) const CRASHES: &str = "jobs_rs:crashes";
/// What resque-pause writes before the name of a paused queue.
pub(crate) const PAUSE: &str = "pause:queue:";
/// Jobs that are due within seconds, which are not given to resque-scheduler.
pub(crate) const SOON: &str = "jobs_rs:soon";
/// Texts of queues that are not JSON.
pub(crate) const UNREADABLE: &str = "jobs_rs:unreadable";

/// What the key of the claims of a process begins with.
pub(crate) const CLAIMS: &str = "jobs_rs:claims:";

/// The claims of a process: number → worker that performs the job.
pub(crate) fn claims(process: ProcessId) -> String {
    format!("{CLAIMS}{process}")
}

/// What only we know of the delayed jobs with this text in their queue, in the form of any spelling: by their seconds.
pub(crate) fn waiting(text: &str) -> String {
    format!("jobs_rs:waiting:{text}")
}

/// The names of the keys of a fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    namespace: String,
}

impl Default for Keys {
    /// Those of the namespace `resque`, which Resque has unless the application sets another.
    fn default() -> Self {
        Self::new("resque")
    }
}

macro_rules! fixed {
    ($($name:ident, $key:literal, $what:literal;)*) => {
        $(#[doc = $what]
        pub fn $name(&self) -> String {
            self.key($key)
        })*
    };
}

impl Keys {
    /// Those of this namespace, as the application gives it to `Resque.redis.namespace`.
    pub fn new(namespace: impl Into<String>) -> Self {
        Self { namespace: namespace.into() }
    }

    /// What stands in front of all keys.
    pub(crate) fn prefix(&self) -> String {
        self.key("")
    }

    /// A key with the namespace in front of it.
    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.namespace)
    }

    fixed! {
        queues, "queues", "Set: the names of the queues.";
        workers, "workers", "Set: the ids of the registered workers.";
        heartbeats, "workers:heartbeat", "Hash: id of a worker → time of its last heartbeat.";
        failed, "failed", "List: the failure records, the oldest at the left.";
        failed_queues, "failed_queues", "Set: the names of the lists of the backend that has one for each queue.";
        processed_count, "stat:processed", "Number: how many runs have ended, failed ones too.";
        failed_count, "stat:failed", "Number: how many runs have failed.";
        pause_all_workers, "pause-all-workers", "Text: `true` in any case stops all workers from taking jobs (Resque 2.3).";
        pause_all, "pause:all", "Text: all queues are paused by resque-pause.";
        delayed_schedule, "delayed_queue_schedule", "Sorted set: the seconds for which jobs wait, each with itself as its score.";
        schedules, "persistent_schedules", "Hash: name → recurring task of resque-scheduler, as JSON.";
        schedules_changed, "schedules_changed", "Set: the recurring tasks that the scheduler has to read again.";
    }

    /// List: the jobs of a queue. They are added at the right and taken from the left.
    pub fn queue(&self, name: &str) -> String {
        self.key(&format!("queue:{name}"))
    }

    /// Text: what a worker performs; see [`RunningJob`](crate::RunningJob). It is absent while the worker is idle.
    pub fn worker(&self, id: &str) -> String {
        self.key(&format!("worker:{id}"))
    }

    /// Text: since when a worker is registered; see [`started_text`](crate::started_text).
    pub fn started(&self, id: &str) -> String {
        self.key(&format!("worker:{id}:started"))
    }

    /// Number: how many runs of this worker have ended.
    pub fn processed_count_of(&self, id: &str) -> String {
        self.key(&format!("stat:processed:{id}"))
    }

    /// Number: how many runs of this worker have failed.
    pub fn failed_count_of(&self, id: &str) -> String {
        self.key(&format!("stat:failed:{id}"))
    }

    /// List: the failure records of a queue, with the backend that has one for each queue. Its name without the namespace is
    /// the member of [`failed_queues`](Self::failed_queues).
    pub fn failed_of(&self, queue: &str) -> String {
        self.key(&format!("{queue}_failed"))
    }

    /// Text: a queue is paused by resque-pause.
    pub fn pause_queue(&self, queue: &str) -> String {
        self.key(&format!("{PAUSE}{queue}"))
    }

    /// List: the delayed jobs of a second, as [`DelayedJob::text`](crate::DelayedJob::text).
    pub fn delayed(&self, second: i64) -> String {
        self.key(&format!("delayed:{second}"))
    }

    /// Set: the names, without the namespace, of the lists of seconds that have this very text of a delayed job.
    pub fn timestamps(&self, text: &str) -> String {
        self.key(&format!("timestamps:{text}"))
    }

    /// Text: the master of resque-scheduler, as `host:pid`; it expires. The namespace stands in it twice, since the gem
    /// builds the name with it and Resque's connection adds it again.
    pub fn master_lock(&self) -> String {
        self.key(&self.key("resque_scheduler_master_lock"))
    }
}
