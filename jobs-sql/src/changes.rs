//! Wakes workers that wait: after calls of this program that made work, and by a look for the rows of other programs.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use jobs_core::Listener;
use jobs_store_util::Listeners;
use tokio::time::{Instant, sleep};

use crate::Database;

/// After a look that took long there is none for so many times as long.
const PAUSE_FACTOR: u32 = 10;

/// What the listeners of a store share.
///
/// While a listener waits, a query that answers one number is made again and again: the number of the newest row. A number
/// that is another one than the last time wakes the listeners.
pub struct Changes {
    listeners: Listeners,
    database: Database,
    newest: String,
    every: Duration,
}

impl Changes {
    /// `newest` is the query for the number of the newest row, and `every` the time from one look to the next.
    pub fn new(database: &Database, newest: impl Into<String>, every: Duration) -> Arc<Self> {
        Arc::new(Self { listeners: Listeners::default(), database: database.clone(), newest: newest.into(), every })
    }

    /// Wakes the listeners.
    pub fn notify(&self) {
        self.listeners.notify();
    }

    /// Wakes the listeners if this is true.
    pub fn notify_if(&self, may_have_work: bool) {
        if may_have_work {
            self.notify();
        }
    }

    /// A listener of this store. With the first one the looks begin; they end with the store or with the runtime.
    pub fn subscribe(self: &Arc<Self>) -> Box<dyn Listener> {
        Listeners::subscribe(self, |changes| Self::look(changes, self.every))
    }

    async fn look(changes: Weak<Self>, mut pause: Duration) {
        let mut seen = None;
        loop {
            sleep(pause).await;
            let Some(changes) = changes.upgrade() else { return };
            pause = changes.every;
            if !changes.listeners.is_any_waiting() {
                continue;
            }
            let begun = Instant::now();
            // What a look misses is found by the workers' own polling.
            if let Ok(rows) = changes.database.query(&changes.newest, &[], "look for jobs").await {
                let newest = rows.first().and_then(|row| row.int_or_null(0));
                changes.notify_if(newest.is_some() && newest != seen);
                seen = newest;
            }
            pause = pause.max(begun.elapsed() * PAUSE_FACTOR);
        }
    }
}

impl AsRef<Listeners> for Changes {
    fn as_ref(&self) -> &Listeners {
        &self.listeners
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("every", &self.every).finish_non_exhaustive()
    }
}
