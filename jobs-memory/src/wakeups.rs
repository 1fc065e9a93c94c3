//! Hints to those who wait for work.

use std::future::{Future, pending};
use std::pin::Pin;

use jobs_core::{Listener, Wakeups};
use tokio::sync::watch;

use crate::MemoryStore;

impl Wakeups for MemoryStore {
    fn listen(&self) -> Box<dyn Listener> {
        Box::new(Ear(self.hints()))
    }
}

struct Ear(watch::Receiver<()>);

impl Listener for Ear {
    fn heard(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            if self.0.changed().await.is_err() {
                // The store is gone; nothing will ever happen again.
                pending::<()>().await;
            }
        })
    }
}
