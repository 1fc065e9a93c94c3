//! Whether this process has been in touch with the store for long enough to say that others are dead.

use std::time::Duration;

use tokio::time::Instant;

/// The heartbeats of this process that reached the store.
///
/// A process that was cut off finds the others silent when it is back, for they were cut off as well. It then waits
/// for as long as counts as death, so that whoever lives can show it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoreContact {
    last: Instant,
    recovers_from: Instant,
}

impl StoreContact {
    /// In touch since now. A process that starts was not cut off: it may handle_failure at once.
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
    fn a_process_that_was_cut_off_judges_nobody_until_the_others_could_show_that_they_live() {
        let start = Instant::now();
        let mut contact = StoreContact::new(start);
        assert!(contact.may_recover_others(start), "one that starts was not cut off");
        for beat in 1..=10 {
            contact.record_heartbeat(start + beat * 5 * SECOND, 60 * SECOND);
        }
        assert!(contact.may_recover_others(start + 50 * SECOND), "nor one whose heartbeats come through");
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
