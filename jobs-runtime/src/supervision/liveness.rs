//! Whether this process has shown the store that it is alive, so that it begins no job that it may have lost.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jobs_core::{Clock, HeartbeatReply, Timestamp};
use tokio::sync::{Notify, watch};

/// The last heartbeat of this process that reached the store, and how often the process was given up as dead.
#[derive(Debug)]
pub(crate) struct Liveness {
    clock: Arc<dyn Clock>,
    /// How long a process is silent before it counts as dead.
    silence: Duration,
    /// Every job that begins reads it; only a heartbeat writes it.
    last: RwLock<Moment>,
    generation: AtomicU64,
    wanted: Notify,
    answered: watch::Sender<()>,
}

/// A moment on two clocks. The monotonic one stands still while the machine is suspended; the wall clock may be set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    monotonic: Instant,
    wall: Timestamp,
}

impl Liveness {
    /// A process whose first heartbeat is about to be sent.
    pub(crate) fn new(clock: Arc<dyn Clock>, silence: Duration) -> Self {
        let last = RwLock::new(Moment::of(&*clock));
        let (generation, wanted, answered) = (AtomicU64::new(0), Notify::new(), watch::Sender::new(()));
        Self { clock, silence, last, generation, wanted, answered }
    }

    pub(crate) fn now(&self) -> Moment {
        Moment::of(&*self.clock)
    }

    /// A heartbeat reached the store, which was sent at this moment.
    pub(crate) fn record(&self, sent: Moment, reply: HeartbeatReply) {
        if reply == HeartbeatReply::WasRecovered {
            self.generation.fetch_add(1, Ordering::SeqCst);
        }
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = sent;
        self.answered.send_replace(());
    }

    /// The number of times that this process lost its jobs. What was claimed under an earlier number is lost.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Whether the last heartbeat is so recent that no other process can have taken the jobs of this one.
    pub(crate) fn is_shown(&self) -> bool {
        let last = *self.last.read().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        let monotonic = now.monotonic.saturating_duration_since(last.monotonic);
        monotonic.max(now.wall.duration_since(last.wall)) < self.silence
    }

    /// Waits until a recent heartbeat has reached the store, and requests one if there is none. Cancel safe.
    pub(crate) async fn shown(&self) {
        let mut answered = self.answered.subscribe();
        while !self.is_shown() {
            self.wanted.notify_one();
            // The sender is in `self`, so there is no error.
            let _open = answered.changed().await;
        }
    }

    /// Ready when a job waits for the next heartbeat. Cancel safe.
    pub(crate) async fn wanted(&self) {
        self.wanted.notified().await;
    }
}

impl Moment {
    #[expect(
        clippy::disallowed_methods,
        reason = "the moment is compared between runtimes, of which one may have paused time"
    )]
    fn of(clock: &dyn Clock) -> Self {
        Self { monotonic: Instant::now(), wall: clock.now() }
    }
}
