//! The function by which a program enqueues the job of a recurring task.

use std::pin::Pin;

use jobs_core::{Enqueued, Error, RecurringTask};

/// Given by the program that mounts the dashboard, which has the jobs and their callbacks.
pub(crate) type TaskRunner = Box<dyn Fn(RecurringTask) -> TaskRunFuture + Send + Sync>;

type TaskRunFuture = Pin<Box<dyn Future<Output = Result<Enqueued, Error>> + Send>>;
