//! How fast the totals of a store grow.

use jobs::Timestamp;
use jobs::store::{JobStats, Totals};

/// The rate over a shorter time would be meaningless.
const MIN_SECONDS: f64 = 0.05;

/// Jobs per second since an earlier snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rates {
    pub(crate) enqueued: f64,
    pub(crate) finished: f64,
    pub(crate) errors: f64,
}

/// Computes the rates from successive snapshots.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RateMeter {
    previous: Option<(Timestamp, Totals)>,
    pub(crate) rates: Option<Rates>,
}

impl RateMeter {
    /// Records the totals of a snapshot. There are no rates before the second snapshot, and for a store without totals.
    pub(crate) fn record(&mut self, stats: &JobStats) {
        let Some(now) = stats.totals else {
            *self = Self::default();
            return;
        };
        if let Some((at, before)) = self.previous {
            let seconds = stats.at.duration_since(at).as_secs_f64();
            if seconds < MIN_SECONDS {
                return;
            }
            #[expect(clippy::cast_precision_loss, reason = "a rate is shown with one digit")]
            let rate = |now: u64, before: u64| now.saturating_sub(before) as f64 / seconds;
            self.rates = Some(Rates {
                enqueued: rate(now.enqueued, before.enqueued),
                finished: rate(now.finished, before.finished),
                errors: rate(now.errors, before.errors),
            });
        }
        self.previous = Some((stats.at, now));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn stats(seconds: u64, finished: u64) -> JobStats {
        let mut stats = JobStats::at(Timestamp::from_micros(0) + Duration::from_secs(seconds));
        let mut totals = Totals::default();
        totals.finished = finished;
        stats.totals = Some(totals);
        stats
    }

    #[test]
    fn a_rate_is_the_increase_divided_by_the_elapsed_time() {
        let mut meter = RateMeter::default();
        meter.record(&stats(10, 100));
        assert_eq!(meter.rates, None, "one snapshot has no rate");
        meter.record(&stats(14, 110));
        assert_eq!(meter.rates, Some(Rates { finished: 2.5, ..Rates::default() }));
        meter.record(&stats(14, 999));
        assert_eq!(meter.rates.map(|rates| rates.finished), Some(2.5), "no time has passed");
        meter.record(&stats(15, 90));
        assert_eq!(meter.rates.map(|rates| rates.finished), Some(0.0), "the totals of another store are lower");
        meter.record(&JobStats::at(Timestamp::from_micros(0)));
        assert_eq!(meter.rates, None);
    }
}
