//! Tells watchers what happened. Nothing is built when nobody watches.

use std::fmt;
use std::sync::Arc;

use jobs_core::Event;

/// A function that is told of every event. It must not block; a panic in it is caught and ignored.
pub type Watcher = Arc<dyn Fn(&Event) + Send + Sync>;

#[derive(Clone, Default)]
pub(crate) struct Events {
    watchers: Arc<[Subscription]>,
}

/// A watcher, and whether it wants to hear anything at all just now.
#[derive(Clone)]
pub(crate) struct Subscription {
    pub(crate) watcher: Watcher,
    pub(crate) listens: fn() -> bool,
    /// Whether it looks at the arguments of jobs, which take long to be made fit to be shown.
    pub(crate) reads_arguments: bool,
}

impl From<Watcher> for Subscription {
    fn from(watcher: Watcher) -> Self {
        Self { watcher, listens: || true, reads_arguments: true }
    }
}

impl Events {
    pub(crate) fn new(watchers: impl IntoIterator<Item = Subscription>) -> Self {
        Self { watchers: std::iter::once(crate::observe::log::subscription()).chain(watchers).collect() }
    }

    /// Whether anybody who listens now looks at the arguments of jobs.
    pub(crate) fn are_arguments_read(&self) -> bool {
        self.watchers.iter().any(|one| one.reads_arguments && (one.listens)())
    }

    pub(crate) fn emit(&self, event: impl FnOnce() -> Event) {
        if !self.watchers.iter().any(|one| (one.listens)()) {
            return;
        }
        let event = event();
        for one in self.watchers.iter().filter(|one| (one.listens)()) {
            // A watcher's panic must not reach a process loop.
            let told = std::panic::AssertUnwindSafe(|| (one.watcher)(&event));
            let _caught = std::panic::catch_unwind(told);
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Events({} watchers)", self.watchers.len())
    }
}
