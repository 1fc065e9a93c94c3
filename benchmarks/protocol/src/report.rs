//! What a child has measured.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::{Latencies, memory};

/// One step of one contestant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// How many jobs were enqueued or finished.
    pub jobs: u64,
    /// How long that took, up to the moment when the store showed all of it.
    pub seconds: f64,
    /// How long it took until the last of them had been performed, which is before it is settled.
    pub performed_seconds: Option<f64>,
    /// Half of all latencies are not above this, in microseconds.
    pub p50_us: Option<u64>,
    /// 99 of 100 latencies are not above this, in microseconds.
    pub p99_us: Option<u64>,
    /// Processor time of the process, all its threads, in seconds.
    pub cpu_seconds: Option<f64>,
    /// The most memory the process held at any time.
    pub peak_kib: Option<u64>,
    /// What the process holds at the end.
    pub resident_kib: Option<u64>,
    /// It was stopped before all was done, so `jobs` is less than what was asked for.
    pub cut_off: bool,
    /// What a server did for it; noted by the parent.
    pub server: Option<Cost>,
    /// The parts of a long run, one after the other.
    pub parts: Vec<Part>,
}

/// What a server did for a step, all its processes together.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Cost {
    /// Processor time in seconds, also of vacuum and the writers in the background.
    pub cpu_seconds: f64,
    /// Bytes of write-ahead log.
    pub wal_bytes: u64,
    /// Transactions that were committed.
    pub commits: u64,
    /// Rows that updates and deletes left dead, vacuumed or not.
    pub dead_rows: u64,
}

/// A part of a long run.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Part {
    /// How many jobs were performed in it.
    pub jobs: u64,
    /// How long it took.
    pub seconds: f64,
    /// Processor time of the server, in seconds.
    pub server_cpu_seconds: f64,
    /// Dead rows that lay in all tables at its end, as the server counts them.
    pub dead_rows: u64,
    /// What all tables and indexes of the database took at its end, in bytes.
    pub bytes: u64,
}

impl Report {
    /// So many jobs, measured by the watch, with the memory of this process.
    pub fn timed(jobs: u64, watch: Stopwatch) -> Self {
        Self { jobs, seconds: watch.seconds(), ..Self::default() }.with_memory()
    }

    /// These latencies.
    pub fn latencies(micros: Vec<u64>) -> Self {
        let jobs = micros.len() as u64;
        let latencies = Latencies::new(micros);
        let (p50_us, p99_us) = (latencies.percentile(50), latencies.percentile(99));
        Self { jobs, p50_us, p99_us, ..Self::default() }.with_memory()
    }

    /// Only the memory of this process.
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

/// Time since a moment.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
