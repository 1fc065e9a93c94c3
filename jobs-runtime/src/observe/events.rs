//! Emits events to watchers. No event is built if there is no watcher.

use std::fmt;
use std::sync::Arc;

use jobs_core::events::StoreFailed;
use jobs_core::{Error, Event};

use crate::guard::ignore_panic;

/// A function that is called with every event. It must not block; a panic in it is caught and ignored.
pub type Watcher = Arc<dyn Fn(&Event) + Send + Sync>;

#[derive(Clone, Default)]
pub(crate) struct Events {
    watchers: Arc<[EventSubscription]>,
}

/// A watcher, and whether it is interested in events now.
#[derive(Clone)]
pub(crate) struct EventSubscription {
    pub(crate) watcher: Watcher,
    pub(crate) listens: fn() -> bool,
    /// Whether it reads the arguments of jobs, which are slow to redact.
    pub(crate) reads_arguments: bool,
}

impl From<Watcher> for EventSubscription {
    fn from(watcher: Watcher) -> Self {
        Self { watcher, listens: || true, reads_arguments: true }
    }
}

impl Events {
    pub(crate) fn new(watchers: impl IntoIterator<Item = EventSubscription>) -> Self {
        Self { watchers: watchers.into_iter().collect() }
    }

    /// Whether a watcher that listens now reads the arguments of jobs.
    pub(crate) fn are_arguments_read(&self) -> bool {
        self.watchers.iter().any(|one| one.reads_arguments && (one.listens)())
    }

    pub(crate) fn emit<E: Into<Event>>(&self, event: impl FnOnce() -> E) {
        if !self.watchers.iter().any(|one| (one.listens)()) {
            return;
        }
        let event = event().into();
        for one in self.watchers.iter().filter(|one| (one.listens)()) {
            // A watcher's panic must not reach a process loop.
            ignore_panic(|| (one.watcher)(&event));
        }
    }
}

impl Events {
    /// A call to the store failed.
    pub(crate) fn store_failed(&self, operation: &'static str, error: &Error) {
        self.emit(|| StoreFailed::new(operation, error.to_string()));
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Events({} watchers)", self.watchers.len())
    }
}
