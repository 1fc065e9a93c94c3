//! Events as they happen, and waiting for them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jobs_core::Event;
use tokio::sync::watch;
use tokio::time::timeout;

/// Records every event, in order. Clones share their events.
///
/// Give [`watch`](Self::watch) to a runtime, then [`wait_for`](Self::wait_for) an event.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    seen: Arc<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    events: Mutex<Vec<Event>>,
    /// Notified after each event.
    bell: watch::Sender<()>,
}

/// How long a test waits for an event before it fails. Only a deadline: nothing takes that long.
const DEADLINE: Duration = Duration::from_secs(30);

impl Recorder {
    /// A recorder without events.
    pub fn new() -> Self {
        Self::default()
    }

    /// What to call with each event.
    pub fn watch(&self) -> Arc<dyn Fn(&Event) + Send + Sync> {
        let seen = self.seen.clone();
        Arc::new(move |event| {
            seen.lock().push(event.clone());
            seen.bell.send_replace(());
        })
    }

    /// All events so far, the oldest first.
    pub fn events(&self) -> Vec<Event> {
        self.seen.lock().clone()
    }

    /// How many events so far match.
    pub fn count(&self, wanted: impl Fn(&Event) -> bool) -> usize {
        self.seen.lock().iter().filter(|event| wanted(event)).count()
    }

    /// The first event that matches; one that was recorded before counts.
    ///
    /// Cancel safe: dropping it loses nothing.
    ///
    /// # Panics
    /// No such event comes within 30 s of tokio's time. The message lists what was seen.
    pub async fn wait_for(&self, wanted: impl Fn(&Event) -> bool) -> Event {
        self.wait_for_count(1, wanted).await
    }

    /// The `count`-th event that matches; those that were recorded before count.
    ///
    /// Cancel safe: dropping it loses nothing.
    ///
    /// # Panics
    /// It does not come within 30 s of tokio's time. The message lists what was seen.
    pub async fn wait_for_count(&self, count: usize, wanted: impl Fn(&Event) -> bool) -> Event {
        let answer = timeout(DEADLINE, self.until(count, &wanted)).await;
        answer.unwrap_or_else(|_| {
            let met = self.count(&wanted);
            panic!("{met} of {count} awaited events came within {DEADLINE:?}. Seen: {}", self.list())
        })
    }

    async fn until(&self, count: usize, wanted: &impl Fn(&Event) -> bool) -> Event {
        // Subscribed before reading, so that an event in between notifies.
        let mut bell = self.seen.bell.subscribe();
        loop {
            let met = self.seen.lock().iter().filter(|event| wanted(event)).nth(count.saturating_sub(1)).cloned();
            if let Some(event) = met {
                return event;
            }
            // The sender lives as long as this recorder.
            let _rung = bell.changed().await;
        }
    }

    fn list(&self) -> String {
        let lines: Vec<_> = self.seen.lock().iter().map(|event| format!("\n  {}: {event:?}", event.name())).collect();
        if lines.is_empty() { "nothing".to_owned() } else { lines.concat() }
    }
}

impl Seen {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
