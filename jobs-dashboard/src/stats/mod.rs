//! Figures of the store over time: samples, charts, live updates, and a cache for monitors.

pub(crate) mod cache;
pub(crate) mod charts;
pub(crate) mod last_hour;
pub(crate) mod live_updates;
pub(crate) mod sampler;
pub(crate) mod samples;
