//! Runs jobs over any [`Store`](jobs_core::Store): it waits, spawns and stops; the rules are in `jobs-core`.

mod client;
mod enqueue;
mod maintenance;
mod observe;
mod perform;
mod propagation;
mod runtime;
mod worker;

mod backoff;

pub use client::Jobs;
pub use client::ambient::Entered;
pub use client::control::Reached;
pub use enqueue::after_commit::Held;
pub use enqueue::bulk::{AnyJob, CutShort};
pub use enqueue::options::Options;
pub use enqueue::perform_later::{JobExt, PerformLater};
pub use enqueue::queue_naming::Naming;
pub use observe::error_report::{ErrorReporter, Report};
pub use observe::events::Watcher;
pub use perform::blocking::{blocking, blocking_with};
pub use perform::perform_now::{PerformError, PerformNow};
pub use propagation::{carried, carry};
pub use runtime::builder::RuntimeBuilder;
pub use runtime::{Runtime, RuntimeHandle};
pub use worker::coordinator::Worker;
