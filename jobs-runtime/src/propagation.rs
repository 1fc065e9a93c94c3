//! Values that travel with jobs: current in a task, captured by each enqueue, current again where the job is performed; and the
//! job that is performed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jobs_core::{Context, Error, JobId, Propagated, PropagatedValues};

use crate::guard::catch_panic;

tokio::task_local! {
    static CURRENT: Arc<PropagatedValues>;
    static CURRENT_JOB: JobId;
}

/// Runs `future` with this value current: it travels with every job that is enqueued or performed in there, and with
/// the jobs that those enqueue.
///
/// It replaces a value of the same key for the duration of the future. A value that cannot be written as JSON is an error
/// of the next enqueue. A task that is spawned in there does not inherit the value.
///
/// As cancel safe as `future`.
pub async fn with_propagated<T: Propagated, F: Future>(value: T, future: F) -> F::Output {
    let mut values = current().map(Arc::unwrap_or_clone).unwrap_or_default();
    values.put(&value);
    // Only its stored form is kept, so the value itself need not be `Send`.
    drop(value);
    CURRENT.scope(Arc::new(values), future).await
}

/// The current value of type `T`: set by [`with_propagated`], or propagated with the job that is performed here.
pub fn propagated<T: Propagated>() -> Option<T> {
    CURRENT.try_with(|values| values.get()).ok().flatten()
}

pub(crate) fn current() -> Option<Arc<PropagatedValues>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// Runs `future` with these values current.
pub(crate) async fn scope<F: Future>(values: &Arc<PropagatedValues>, future: Pin<&mut F>) -> F::Output {
    CURRENT.scope(Arc::clone(values), future).await
}

/// Runs `future` as on a task of its own: without the values that are current here.
pub(crate) async fn without_values<F: Future>(future: Pin<&mut F>) -> F::Output {
    if current().is_none() {
        return future.await;
    }
    CURRENT.scope(Arc::default(), future).await
}

/// The stored job that is performed here.
pub(crate) fn current_job() -> Option<JobId> {
    CURRENT_JOB.try_with(|job| *job).ok()
}

/// Runs `future` as the performing of this stored job.
pub(crate) async fn within_job<F: Future>(job: JobId, future: Pin<&mut F>) -> F::Output {
    CURRENT_JOB.scope(job, future).await
}

/// Calls a plain function as a part of the performing of this job.
pub(crate) fn as_part_of<T>(job: Option<JobId>, function: impl FnOnce() -> T) -> T {
    match job {
        Some(job) => CURRENT_JOB.sync_scope(job, function),
        None => function(),
    }
}

/// Calls a plain function with these values current.
pub(crate) fn with<T>(values: Option<Arc<PropagatedValues>>, function: impl FnOnce() -> T) -> T {
    match values {
        Some(values) => CURRENT.sync_scope(values, function),
        None => function(),
    }
}

type Capture = Box<dyn Fn(&mut PropagatedValues) + Send + Sync>;

/// Functions that are called for values when a job is enqueued.
#[derive(Default)]
pub(crate) struct Captures {
    values: Vec<Capture>,
    traces: Vec<Capture>,
}

impl Captures {
    /// Calls this function for a `T` if none is current.
    pub(crate) fn value<T: Propagated>(&mut self, capture: impl Fn() -> Option<T> + Send + Sync + 'static) {
        self.values.push(Box::new(move |values| {
            if values.holds(T::KEY) {
                return;
            }
            if let Some(value) = capture() {
                values.put(&value);
            }
        }));
    }

    /// The context of a stored job, with the values of this process where none came with the job, as of a job that another
    /// program or an older version stored.
    pub(crate) fn fill(&self, context: Context) -> Context {
        if self.values.is_empty() {
            return context;
        }
        context.with_propagated(|values| {
            for capture in &self.values {
                // A panic there does not keep the job from running.
                let _caught = catch_panic(|| capture(values));
            }
        })
    }

    /// Calls this function for the trace, which replaces the trace of the job that is performed here.
    pub(crate) fn trace(&mut self, capture: impl Fn() -> Option<String> + Send + Sync + 'static) {
        self.traces.push(Box::new(move |values| {
            if let Some(traceparent) = capture() {
                values.trace(traceparent);
            }
        }));
    }

    /// The values of a job that is enqueued here, as they are stored.
    ///
    /// # Errors
    /// A value cannot be written as JSON.
    pub(crate) fn meta(&self) -> Result<Option<String>, Error> {
        let (current, enqueued_by) = (current(), current_job());
        if current.is_none() && enqueued_by.is_none() && self.values.is_empty() && self.traces.is_empty() {
            return Ok(None);
        }
        let mut values = current.map(Arc::unwrap_or_clone).unwrap_or_default();
        for capture in self.values.iter().chain(&self.traces) {
            capture(&mut values);
        }
        let mut meta = values.to_meta()?;
        meta.enqueued_by = enqueued_by;
        Ok(meta.to_text())
    }
}

impl fmt::Debug for Captures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Captures({} values, {} traces)", self.values.len(), self.traces.len())
    }
}
