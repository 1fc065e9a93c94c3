//! The report of a child process.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::{Latencies, memory};

/// One step of one contestant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The number of jobs that were enqueued or finished.
    pub jobs: u64,
    /// The time until the store showed all jobs.
    pub seconds: f64,
    /// The time until the last job was performed, which is before it is settled.
    pub performed_seconds: Option<f64>,
    /// The median latency, in microseconds.
    pub p50_us: Option<u64>,
    /// The latency that 99 % of the jobs do not exceed, in microseconds.
    pub p99_us: Option<u64>,
    /// Processor time of the process, all its threads, in seconds.
    pub cpu_seconds: Option<f64>,
    /// The peak resident memory of the process.
    pub peak_kib: Option<u64>,
    /// The resident memory of the process at the end.
    pub resident_kib: Option<u64>,
    /// Whether the step was stopped before all jobs were done, so that `jobs` is less than the number in the task.
    pub cut_off: bool,
    /// The cost on the server; measured by the parent.
    pub server: Option<Cost>,
    /// The parts of a long run, in order.
    pub parts: Vec<Part>,
    /// Of any 200 jobs in a row: by how many percent of them a queue missed its weight at most.
    pub deviation_percent: Option<f64>,
    /// The largest number of jobs of one queue in a row.
    pub longest_row: Option<u64>,
    /// The time that the best possible order of the jobs would take.
    pub ideal_seconds: Option<f64>,
    /// Processor time while nothing is to be done.
    pub idle: Option<Idle>,
}

/// Processor time while nothing is to be done, in percent of one processor.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Idle {
    /// That of the server, if there is one on this machine.
    pub server: Option<f64>,
    /// That of the process with the workers.
    pub own: f64,
}

/// The cost of a step on the server, summed over all its processes.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Cost {
    /// Processor time in seconds, including vacuum and background writers.
    pub cpu_seconds: f64,
    /// Bytes of write-ahead log, on Redis of its append-only file.
    pub wal_bytes: u64,
    /// The number of committed transactions.
    pub commits: u64,
    /// The rows that updates and deletes left dead, including those that were vacuumed since.
    pub dead_rows: u64,
}

/// A part of a long run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Part {
    /// The number of jobs that were performed in this part.
    pub jobs: u64,
    /// The elapsed time.
    pub seconds: f64,
    /// Processor time of the server, in seconds.
    pub server_cpu_seconds: f64,
    /// The dead rows in all tables at the end of the part, as the server counts them.
    pub dead_rows: u64,
    /// The size of all tables and indexes at the end of the part, in bytes.
    pub bytes: u64,
    /// The latency that 99 % of the jobs of this part do not exceed, in microseconds; 0 if it is not measured.
    pub p99_us: u64,
    /// The indexes with their sizes in bytes at the end of the part; empty if they are not told.
    pub indexes: Vec<(String, u64)>,
}

impl Report {
    /// A report on this number of jobs, with the elapsed time and the memory of this process.
    pub fn timed(jobs: u64, watch: Stopwatch) -> Self {
        Self { jobs, seconds: watch.seconds(), ..Self::default() }.with_memory()
    }

    /// The latencies.
    pub fn latencies(micros: Vec<u64>) -> Self {
        let jobs = micros.len() as u64;
        let latencies = Latencies::new(micros);
        let (p50_us, p99_us) = (latencies.percentile(50), latencies.percentile(99));
        Self { jobs, p50_us, p99_us, ..Self::default() }.with_memory()
    }

    /// A report on the memory of this process only.
    pub fn memory() -> Self {
        Self::default().with_memory()
    }

    fn with_memory(mut self) -> Self {
        self.cpu_seconds = memory::cpu_seconds();
        self.peak_kib = memory::peak_kib();
        self.resident_kib = memory::resident_kib();
        self
    }
}

/// The time since a start.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts a stopwatch.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
