//! Routers for machines: health checks and metrics.

pub(crate) mod health;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
#[cfg(feature = "metrics")]
pub(crate) mod server;
