//! The runtime: building, workers, shutdown, and stores that fail, hang or lack capabilities.

mod broken_store;
mod build_errors;
mod capabilities;
mod fencing;
mod guarantees;
mod outages;
mod prefetch;
mod process_orders;
mod pruning;
mod refused_rows;
mod refused_settlements;
mod restarts;
mod shutdown;
mod shutdown_limit;
mod slow_store;
mod store_checks;
mod supervision;
mod weights;
mod workers;
