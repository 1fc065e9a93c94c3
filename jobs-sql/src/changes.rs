//! Wakes workers that wait: after calls of this program that made work, and by a look for the rows of other programs.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use jobs_core::Listener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::Database;

/// After a look that took long there is none for so many times as long.
const PAUSE_FACTOR: u32 = 10;

/// What the listeners of a store share.
///
/// While a listener waits, a query that answers one number is made again and again: the number of the newest row. A number
/// that is another one than the last time wakes the listeners.
pub struct Changes {
    sender: watch::Sender<()>,
    database: Database,
    newest: String,
    every: Duration,
    is_looking: AtomicBool,
    waiting: AtomicUsize,
}

impl Changes {
    /// `newest` is the query for the number of the newest row, and `every` the time from one look to the next.
    pub fn new(database: &Database, newest: impl Into<String>, every: Duration) -> Arc<Self> {
        Arc::new(Self {
            sender: watch::Sender::new(()),
            database: database.clone(),
            newest: newest.into(),
            every,
            is_looking: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
        })
    }

    /// Wakes the listeners.
    pub fn notify(&self) {
        self.sender.send_replace(());
    }

    /// Wakes the listeners if this is true.
    pub fn notify_if(&self, may_have_work: bool) {
        if may_have_work {
            self.notify();
        }
    }

    /// A listener of this store. With the first one the looks begin; they end with the store or with the runtime.
    pub fn subscribe(self: &Arc<Self>) -> Box<dyn Listener> {
        let is_first = !self.is_looking.swap(true, Ordering::Relaxed);
        if let Some(runtime) = tokio::runtime::Handle::try_current().ok().filter(|_| is_first) {
            runtime.spawn(Self::look(Arc::downgrade(self), self.every));
        }
        Box::new(Subscribed { receiver: self.sender.subscribe(), changes: Arc::clone(self) })
    }

    async fn look(changes: Weak<Self>, mut pause: Duration) {
        let mut seen = None;
        loop {
            sleep(pause).await;
            let Some(changes) = changes.upgrade() else { return };
            pause = changes.every;
            if changes.waiting.load(Ordering::Relaxed) == 0 {
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

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("every", &self.every).finish_non_exhaustive()
    }
}

struct Subscribed {
    changes: Arc<Changes>,
    receiver: watch::Receiver<()>,
}

impl Listener for Subscribed {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            let _waiting = WaitingListener::new(&self.changes.waiting);
            // The sender lives as long as this listener.
            let _changed = self.receiver.changed().await;
        })
    }
}

/// Counts a listener while it waits.
struct WaitingListener<'a>(&'a AtomicUsize);

impl<'a> WaitingListener<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for WaitingListener<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
