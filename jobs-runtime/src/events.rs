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
}

impl Events {
    pub(crate) fn new(watchers: impl IntoIterator<Item = Watcher>) -> Self {
        let given = watchers.into_iter().map(|watcher| Subscription { watcher, listens: || true });
        Self { watchers: std::iter::once(crate::log::subscription()).chain(given).collect() }
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
