//! Metrics of `jobs` for the facade [`metrics`]: [`Watch`] counts the events of a process, and
//! [`Figures`] samples a store. Every exporter of that facade can serve them.
//!
//! All are in [`METRICS`]. The number of label values is bounded: at most 500 for `job_name`, at most 200 for `queue` in the
//! figures of a store, and about 1,000 pairs of both. Further names are counted as `other`. The label is not called `job`, since
//! Prometheus uses that name for its groups of targets. Durations are in seconds.
//!
//! A runtime counts events after `.metrics()` of its builder, with the feature `metrics`. Figures are sampled at each scrape: by
//! `jobs_dashboard::Metrics`, or by a call of [`Figures::sample`].

mod definitions;
mod figures;
mod labelled;
mod recorder;
mod watch;

use std::sync::Arc;

use metrics::Recorder;

pub use definitions::{BUCKETS, METRICS, Metric, MetricKind};
pub use figures::Figures;
/// The facade, in the version that this crate uses.
pub use metrics;
pub use watch::Watch;

/// A recorder to use instead of the one that the process has installed.
pub type SharedRecorder = Arc<dyn Recorder + Send + Sync>;
