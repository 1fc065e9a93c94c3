//! Runs jobs over any [`Store`](jobs_core::Store): it waits, spawns and stops; the rules are in `jobs-core`.

mod client;
mod enqueue;
mod maintenance;
mod observe;
mod perform;
mod runtime;
mod supervision;
mod worker;

mod checked_store;
mod guard;
mod panic_place;
mod propagation;

pub use client::Client;
pub use client::ambient::EnterGuard;
pub use client::control::ChangeOutcome;
pub use client::reported_manage::ReportedManage;
pub use enqueue::after_commit::AfterCommit;
pub use enqueue::any_job::AnyJob;
pub use enqueue::bulk::PerformAllLater;
pub use enqueue::options::EnqueueOptions;
pub use enqueue::partial_enqueue::PartialEnqueue;
pub use enqueue::perform_later::{JobExt, PerformLater};
pub use enqueue::queue_naming::QueueNaming;
#[cfg(feature = "logs")]
pub use observe::attempt_log_layer::AttemptLogLayer;
pub use observe::error_report::{ErrorReport, ErrorReporter};
pub use observe::events::Watcher;
pub use perform::blocking::{blocking, blocking_with};
pub use perform::perform_now::{PerformError, PerformNow};
pub use propagation::{propagated, with_propagated};
pub use runtime::Runtime;
pub use runtime::builder::RuntimeBuilder;
pub use runtime::handle::RuntimeHandle;
pub use worker::config::Worker;
