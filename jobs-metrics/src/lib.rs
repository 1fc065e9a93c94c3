//! Metrics of [`jobs`](https://docs.rs/jobs) by the facade [`metrics`]: what happens in a process, as a watcher counts it,
//! and how a store stands, as somebody samples it. Any exporter of that facade gives them out.
//!
//! All are in [`METRICS`]. Their labels are bounded: `job_name` has at most 500 values, `queue` at most 200 in figures of a
//! store, and pairs of the two are some 1,000; what comes after these is counted under `other`. (`job` is what Prometheus
//! calls the group of targets that it scrapes.) Spans are in seconds.
//!
//! A runtime counts after `.metrics()` of its builder, with the feature `metrics`. Figures are sampled where they are
//! scraped: `jobs_dashboard::metrics` does so, and [`Figures::sample`] by hand.

mod book;
mod figures;
mod recording;
mod table;
mod watch;

use std::sync::Arc;

use metrics::Recorder;

pub use figures::Figures;
/// The facade in the version that this is built with.
pub use metrics;
pub use table::{BUCKETS, Kind, METRICS, Metric};
pub use watch::Watch;

/// A recorder that metrics may go to besides the one that the process has installed.
pub type SharedRecorder = Arc<dyn Recorder + Send + Sync>;
