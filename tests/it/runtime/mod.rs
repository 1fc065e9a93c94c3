//! The runtime: building, workers, shutdown, and stores that fail, hang or lack capabilities.

mod build_errors;
mod capabilities;
mod fencing;
mod outages;
mod prefetch;
mod restarts;
mod shutdown;
mod slow_store;
mod workers;
