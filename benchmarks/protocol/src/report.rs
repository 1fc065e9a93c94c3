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
    /// The most memory the process held at any time.
    pub peak_kib: Option<u64>,
    /// What the process holds at the end.
    pub resident_kib: Option<u64>,
    /// It was stopped before all was done, so `jobs` is less than what was asked for.
    pub cut_off: bool,
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
