//! The definitions of all metrics: names, labels and descriptions.

/// One metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metric {
    /// Its name, with the unit and the suffix that Prometheus requires.
    pub name: &'static str,
    /// Its kind.
    pub kind: MetricKind,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// Its description.
    pub help: &'static str,
}

/// The kind of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// It only grows; use its rate.
    Counter,
    /// A current value.
    Gauge,
    /// A distribution of durations in seconds; use its quantiles. See [`BUCKETS`].
    Histogram,
}

/// Bounds for exporters that sort durations into buckets: from the milliseconds that an idle worker takes, to an hour.
pub const BUCKETS: [f64; 16] =
    [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0, 600.0, 3600.0];

const fn metric(kind: MetricKind, name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind, labels, help }
}

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    metric(MetricKind::Counter, name, labels, help)
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    metric(MetricKind::Gauge, name, labels, help)
}

const PAIR: &[&str] = &["job_name", "queue"];

/// Each metric as a constant, and all of them as a list.
macro_rules! metrics {
    ($($name:ident = $make:ident($($part:expr),+);)+) => {
        $(pub(crate) const $name: Metric = $make($($part),+);)+

        /// All metrics.
        pub const METRICS: &[Metric] = &[$($name),+];
    };
}

metrics! {
    ENQUEUED = counter("jobs_enqueued_total", &["job_name"], "Jobs that this process stored");
    NOT_ENQUEUED = counter("jobs_not_enqueued_total", &["job_name", "reason"],
        "Jobs that this process did not store: halted by a callback, failed, or a duplicate");
    STARTED = counter("jobs_started_total", PAIR, "Attempts that this process started");
    PERFORMED = counter("jobs_performed_total", &["job_name", "queue", "outcome"],
        "Attempts that ended: finished, halted, snoozed, retried, rescued, discarded or failed; and jobs that expired");
    WAIT = metric(MetricKind::Histogram, "jobs_wait_seconds", PAIR, "The time from when a job was due until its attempt started");
    RUN = metric(MetricKind::Histogram, "jobs_run_seconds", PAIR, "How long an attempt ran, with any outcome");
    RECURRED = counter("jobs_recurring_total", &["task"], "Ticks of recurring tasks that this process enqueued");
    SKIPPED = counter("jobs_recurring_skipped_total", &["task"], "Ticks of recurring tasks that were skipped");
    LATE = metric(MetricKind::Histogram, "jobs_recurring_late_seconds", &[],
        "How long after the tick of a recurring task its job was stored by this process");
    SLOW = counter("jobs_slow_total", PAIR, "Attempts that ran longer than expected, each counted once");
    FENCED = counter("jobs_fenced_total", &[], "Attempts whose result came too late: another process had claimed the job");
    RECOVERED = counter("jobs_recovered_total", &[], "Jobs that this process recovered from dead processes");
    UNKNOWN = counter("jobs_unknown_total", &[], "Jobs that this process claimed but does not know");
    CALLBACK_FAILED = counter("jobs_callback_failed_total", &[], "Failure callbacks that failed themselves");
    STORE_ERRORS = counter("jobs_store_errors_total", &["operation"], "Calls that the store answered with an error");

    STORE_UP = gauge("jobs_store_up", &[], "Whether the store answered when it was sampled");
    STORED = gauge("jobs_stored", &["state"], "Jobs in the store");
    LATENCY = gauge("jobs_latency_seconds", &[], "How long the oldest ready job has waited, without paused queues");
    DISPATCH_LATENCY = gauge("jobs_dispatch_latency_seconds", &[], "How long a scheduled job has been due that is not made ready");
    SNAPSHOT_AGE = gauge("jobs_oldest_snapshot_age_seconds", &[], "For how long the oldest snapshot of the database has been held; 0 below a second or if unknown");
    QUEUE_READY = gauge("jobs_queue_ready", &["queue"], "Ready jobs of a queue");
    QUEUE_STORED = gauge("jobs_queue_stored", &["queue", "state"], "Jobs of a queue by state, without finished and discarded ones; absent if the store does not count them");
    QUEUE_LATENCY = gauge("jobs_queue_latency_seconds", &["queue"], "How long the oldest ready job of a queue has waited");
    QUEUE_PAUSED = gauge("jobs_queue_paused", &["queue"], "Whether a queue is paused");
    PROCESSES = gauge("jobs_processes", &[], "Processes that are alive");
    ALL_ENQUEUED = counter("jobs_store_enqueued_total", &[], "Jobs that were ever stored");
    ALL_FINISHED = counter("jobs_store_finished_total", &[], "Jobs that were ever finished");
    ALL_DISCARDED = counter("jobs_store_discarded_total", &[], "Jobs that were ever discarded");
    ALL_ERRORS = counter("jobs_store_failed_attempts_total", &[], "Attempts that ever ended in an error");
}
