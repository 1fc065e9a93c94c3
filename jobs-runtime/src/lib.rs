//! Runs jobs over any [`Store`](jobs_core::Store): it waits, spawns and stops; the rules are in `jobs-core`.

mod ambient;
mod asked;
mod bulk;
mod by_hand;
mod carrying;
mod deposit;
mod destination;
mod errand;
mod handle;
mod held;
mod inline;
mod naming;
mod options;
mod perform_later;
mod perform_now;
mod reaching;
mod within;

mod events;
mod log;
#[cfg(feature = "metrics")]
mod metrics;
mod report;

mod attempt;
mod blocking;
mod judge;

mod desk;
mod flight;
mod pace;
mod runner;
mod suspects;
mod worker;

mod backoff;
mod builder;
mod contact;
mod dispatcher;
mod hooks;
mod maintenance;
mod marked;
mod planning;
mod pruning;
mod runtime;
mod scheduler;
mod signals;
mod tick;

pub use ambient::Entered;
pub use blocking::{blocking, blocking_with};
pub use builder::RuntimeBuilder;
pub use bulk::{AnyJob, CutShort};
pub use carrying::{carried, carry};
pub use events::Watcher;
pub use handle::Jobs;
pub use held::Held;
pub use naming::Naming;
pub use options::Options;
pub use perform_later::{JobExt, PerformLater};
pub use perform_now::{PerformError, PerformNow};
pub use reaching::Reached;
pub use report::{ErrorReporter, Report};
pub use runtime::{Runtime, RuntimeHandle};
pub use worker::Worker;
