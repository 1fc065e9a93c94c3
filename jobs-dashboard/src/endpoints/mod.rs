//! Routers for machines: health checks and metrics.

pub(crate) mod health;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
pub(crate) mod no_parameters;
#[cfg(feature = "metrics")]
pub(crate) mod server;
