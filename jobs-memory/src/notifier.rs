//! Notifies listeners that there may be work.

use std::future::{Future, pending};
use std::pin::Pin;

use jobs_core::{Listener, Notifier};
use tokio::sync::watch;

use crate::MemoryStore;

impl Notifier for MemoryStore {
    fn listen(&self) -> Box<dyn Listener> {
        Box::new(Subscription(self.subscribe()))
    }
}

struct Subscription(watch::Receiver<()>);

impl Listener for Subscription {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            if self.0.changed().await.is_err() {
                // The store was dropped, so there will be no further notification.
                pending::<()>().await;
            }
        })
    }
}
