//! How fast the totals of a store grow.

use jobs::{JobStats, Timestamp, Totals};

/// Jobs a second since an earlier look.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rates {
    pub(crate) enqueued: f64,
    pub(crate) finished: f64,
    pub(crate) errors: f64,
}

/// The last look that is long enough ago to compare with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Growth {
    earlier: Option<(Timestamp, Totals)>,
    pub(crate) rates: Option<Rates>,
}

impl Growth {
    /// Takes a look into account. Without totals, and at first, there are no rates.
    pub(crate) fn saw(&mut self, stats: &JobStats) {
        let Some(now) = stats.totals else {
            *self = Self::default();
            return;
        };
        if let Some((at, before)) = self.earlier {
            let seconds = stats.at.since(at).as_secs_f64();
            if seconds < LEAST {
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
        self.earlier = Some((stats.at, now));
    }
}

/// A shorter time tells nothing, in seconds.
const LEAST: f64 = 0.05;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn stats(seconds: u64, finished: u64) -> JobStats {
        let mut stats = JobStats::at(Timestamp::from_micros(0).after(Duration::from_secs(seconds)));
        let mut totals = Totals::default();
        totals.finished = finished;
        stats.totals = Some(totals);
        stats
    }

    #[test]
    fn a_rate_is_what_was_added_by_the_time_it_took() {
        let mut growth = Growth::default();
        growth.saw(&stats(10, 100));
        assert_eq!(growth.rates, None, "one look is no rate");
        growth.saw(&stats(14, 110));
        assert_eq!(growth.rates, Some(Rates { finished: 2.5, ..Rates::default() }));
        growth.saw(&stats(14, 999));
        assert_eq!(growth.rates.map(|rates| rates.finished), Some(2.5), "no time has passed");
        growth.saw(&stats(15, 90));
        assert_eq!(growth.rates.map(|rates| rates.finished), Some(0.0), "another store in its place");
        growth.saw(&JobStats::at(Timestamp::from_micros(0)));
        assert_eq!(growth.rates, None);
    }
}
