//! Whether this process has reached the store for long enough to declare other processes dead.

use std::time::Duration;

use tokio::time::Instant;

/// The heartbeats of this process that reached the store.
///
/// After an outage of the store a process finds the others silent, because their heartbeats failed as well. It then waits
/// for one silence interval, so that processes that live can send a heartbeat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoreContact {
    last: Instant,
    recovers_from: Instant,
}

impl StoreContact {
    /// A process that starts had no outage: it may recover others at once.
    pub(crate) fn new(now: Instant) -> Self {
        Self { last: now, recovers_from: now }
    }

    /// A heartbeat reached the store.
    pub(crate) fn record_heartbeat(&mut self, now: Instant, silence: Duration) {
        // Heartbeats are half the silence apart at most, so a healthy process stays below three quarters.
        if now.duration_since(self.last) > silence.mul_f64(0.75) {
            self.recovers_from = now + silence;
        }
        self.last = now;
    }

    pub(crate) fn may_recover_others(&self, now: Instant) -> bool {
        now >= self.recovers_from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn after_an_outage_a_process_recovers_others_only_when_one_silence_has_passed() {
        let start = Instant::now();
        let mut contact = StoreContact::new(start);
        assert!(contact.may_recover_others(start), "a process that starts had no outage");
        for beat in 1..=10 {
            contact.record_heartbeat(start + beat * 5 * SECOND, 60 * SECOND);
        }
        assert!(contact.may_recover_others(start + 50 * SECOND), "nor has one whose heartbeats reach the store");
        let back = start + 150 * SECOND;
        contact.record_heartbeat(back, 60 * SECOND);
        assert!(!contact.may_recover_others(back + 59 * SECOND));
        assert!(contact.may_recover_others(back + 60 * SECOND));
    }

    #[test]
    fn heartbeats_as_far_apart_as_is_allowed_are_no_outage() {
        let start = Instant::now();
        let mut contact = StoreContact::new(start);
        contact.record_heartbeat(start + 31 * SECOND, 60 * SECOND);
        assert!(contact.may_recover_others(start + 31 * SECOND));
    }
}
