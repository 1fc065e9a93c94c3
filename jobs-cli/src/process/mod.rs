//! What the process exchanges with its environment: signals, the service manager, log lines, HTTP.

#[cfg(any(feature = "dashboard", feature = "metrics"))]
pub(crate) mod bind;
#[cfg(feature = "metrics")]
pub(crate) mod http;
#[cfg(feature = "log")]
pub(crate) mod logs;
#[cfg(any(feature = "dashboard", feature = "top"))]
pub(crate) mod signals;
pub(crate) mod systemd;
