//! Wakes workers that wait for work, and knows whether any waits.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use jobs_core::Listener;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// The listeners of a store.
#[derive(Debug)]
pub struct Listeners {
    sender: watch::Sender<()>,
    has_begun: AtomicBool,
    waiting: AtomicUsize,
}

impl Default for Listeners {
    fn default() -> Self {
        Self { sender: watch::Sender::new(()), has_begun: AtomicBool::new(false), waiting: AtomicUsize::new(0) }
    }
}

impl Listeners {
    /// Wakes all listeners.
    pub fn notify(&self) {
        self.sender.send_replace(());
    }

    /// Whether a listener waits now.
    pub fn is_any_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// A listener, which keeps the owner of these listeners. With the first one `watch` begins in the tokio runtime of the caller:
    /// a future that looks for work of other programs until the owner is gone.
    pub fn subscribe<S, F>(owner: &Arc<S>, watch: impl FnOnce(Weak<S>) -> F) -> Box<dyn Listener>
    where
        S: AsRef<Self> + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listeners = owner.as_ref().as_ref();
        let is_first = !listeners.has_begun.swap(true, Ordering::Relaxed);
        if let Some(runtime) = Handle::try_current().ok().filter(|_| is_first) {
            runtime.spawn(watch(Arc::downgrade(owner)));
        }
        Box::new(Subscribed { receiver: listeners.sender.subscribe(), owner: Arc::clone(owner) })
    }
}

struct Subscribed<S> {
    owner: Arc<S>,
    receiver: watch::Receiver<()>,
}

impl<S: AsRef<Listeners> + Send + Sync> Listener for Subscribed<S> {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            let _waiting = WaitingListener::new(&self.owner.as_ref().as_ref().waiting);
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
