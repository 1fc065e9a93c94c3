//! Values that travel with jobs: in force for a task, captured with each enqueue, in force again where the job runs.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jobs_core::{Baggage, Carried, Context, Error, Event};

use crate::client::Shared;

tokio::task_local! {
    static IN_FORCE: Arc<Baggage>;
}

/// Runs `future` with this value in force: every job that is enqueued or performed in there carries it, and so do the
/// jobs that it enqueues in its turn.
///
/// It replaces a value of the same key for as long. A value that cannot be written as JSON is an error of the next
/// enqueue. A task that is spawned in there is a task of its own and has none.
///
/// As cancel safe as `future`.
pub async fn carry<T: Carried, F: Future>(value: T, future: F) -> F::Output {
    let mut baggage = in_force().map(Arc::unwrap_or_clone).unwrap_or_default();
    baggage.put(&value);
    // Only what it was put into travels; the value itself need not cross threads.
    drop(value);
    IN_FORCE.scope(Arc::new(baggage), future).await
}

/// The value of type `T` in force here: the one that [`carry`] put in force, or the one that came with the job that is
/// performed here.
pub fn carried<T: Carried>() -> Option<T> {
    IN_FORCE.try_with(|baggage| baggage.find()).ok().flatten()
}

pub(crate) fn in_force() -> Option<Arc<Baggage>> {
    IN_FORCE.try_with(Arc::clone).ok()
}

/// Runs `future` with what travels with the job of the context in force, and tells of what could not be read.
///
/// It is handed the future where it lies, so that nothing is moved for the sake of jobs with which nothing travels.
pub(crate) async fn performing<F: Future>(shared: &Shared, context: &Context, future: Pin<&mut F>) -> F::Output {
    let Some(baggage) = context.baggage() else { return future.await };
    let output = IN_FORCE.scope(Arc::clone(baggage), future).await;
    for unread in baggage.take_unread() {
        shared.events.emit(|| Event::CarriedUnread(shared.reference(context.execution()), unread));
    }
    output
}

/// Runs `future` as on a task of its own: nothing that is in force here is in force in there.
pub(crate) async fn alone<F: Future>(future: Pin<&mut F>) -> F::Output {
    if in_force().is_none() {
        return future.await;
    }
    IN_FORCE.scope(Arc::default(), future).await
}

/// Calls a plain function with this in force.
pub(crate) fn with<T>(baggage: Option<Arc<Baggage>>, function: impl FnOnce() -> T) -> T {
    match baggage {
        Some(baggage) => IN_FORCE.sync_scope(baggage, function),
        None => function(),
    }
}

type Capture = Box<dyn Fn(&mut Baggage) + Send + Sync>;

/// What is asked for values when a job is enqueued.
#[derive(Default)]
pub(crate) struct Captures {
    values: Vec<Capture>,
    traces: Vec<Capture>,
}

impl Captures {
    /// Asks this function for a `T` where none is in force.
    pub(crate) fn value<T: Carried>(&mut self, capture: impl Fn() -> Option<T> + Send + Sync + 'static) {
        self.values.push(Box::new(move |baggage| {
            if baggage.holds(T::KEY) {
                return;
            }
            if let Some(value) = capture() {
                baggage.put(&value);
            }
        }));
    }

    /// Asks this function for the trace; one that is in force already is the older one.
    pub(crate) fn trace(&mut self, capture: impl Fn() -> Option<String> + Send + Sync + 'static) {
        self.traces.push(Box::new(move |baggage| {
            if let Some(traceparent) = capture() {
                baggage.trace(traceparent);
            }
        }));
    }

    /// What a job that is enqueued here takes along, as it is stored.
    ///
    /// # Errors
    /// A value cannot be written as JSON.
    pub(crate) fn meta(&self) -> Result<Option<String>, Error> {
        let in_force = in_force();
        if self.values.is_empty() && self.traces.is_empty() {
            return in_force.map_or(Ok(None), |baggage| baggage.to_meta().map(|meta| meta.to_text()));
        }
        let mut baggage = in_force.map(Arc::unwrap_or_clone).unwrap_or_default();
        for capture in self.values.iter().chain(&self.traces) {
            capture(&mut baggage);
        }
        Ok(baggage.to_meta()?.to_text())
    }
}

impl fmt::Debug for Captures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Captures({} values, {} traces)", self.values.len(), self.traces.len())
    }
}
