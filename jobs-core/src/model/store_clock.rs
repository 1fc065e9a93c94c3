//! The clock of a store on a server: that of the server, or one that is given.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::time::{Clock, SystemClock, Timestamp};

/// The clock of the server, which all processes share: this machine's clock, corrected by the difference that was measured
/// last. A clock that was given is taken as it is.
#[derive(Debug)]
pub struct StoreClock {
    clock: Arc<dyn Clock>,
    follows_server: bool,
    ahead_micros: AtomicI64,
}

impl StoreClock {
    /// The clock of the server, or the one that is given.
    pub fn new(given: Option<Arc<dyn Clock>>) -> Self {
        let follows_server = given.is_none();
        let clock = given.unwrap_or_else(|| Arc::new(SystemClock));
        Self { clock, follows_server, ahead_micros: AtomicI64::new(0) }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        let local = self.clock.now().as_micros();
        Timestamp::from_micros(local.saturating_add(self.ahead_micros.load(Ordering::Relaxed)))
    }

    /// Notes down the server's time, as it was just read.
    pub fn measured(&self, server: Timestamp) {
        if self.follows_server {
            let ahead = server.as_micros().saturating_sub(self.clock.now().as_micros());
            self.ahead_micros.store(ahead, Ordering::Relaxed);
        }
    }
}
