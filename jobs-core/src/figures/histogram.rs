//! A distribution of durations in a bounded number of buckets.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::Error;

/// The upper bounds of the buckets in microseconds; the last bucket has none. Those from 20 ms to 335 s are the bounds of
/// Sidekiq's histograms, so that its figures need no conversion. The others continue them with the same ratio, downwards
/// for short jobs and upwards for long waits.
const BOUNDS: [u64; 52] = [
    100,
    150,
    225,
    335,
    500,
    750,
    1_100,
    1_700,
    2_500,
    3_800,
    5_750,
    8_500,
    13_000,
    20_000,
    30_000,
    45_000,
    65_000,
    100_000,
    150_000,
    225_000,
    335_000,
    500_000,
    750_000,
    1_100_000,
    1_700_000,
    2_500_000,
    3_800_000,
    5_750_000,
    8_500_000,
    13_000_000,
    20_000_000,
    30_000_000,
    45_000_000,
    65_000_000,
    100_000_000,
    150_000_000,
    225_000_000,
    335_000_000,
    500_000_000,
    750_000_000,
    1_100_000_000,
    1_700_000_000,
    2_500_000_000,
    3_800_000_000,
    5_750_000_000,
    8_500_000_000,
    13_000_000_000,
    20_000_000_000,
    30_000_000_000,
    45_000_000_000,
    65_000_000_000,
    100_000_000_000,
];

/// How many durations there are in each of 53 buckets, whose bounds grow by about a half each: from 0.1 ms to 28 hours.
///
/// As a text it is `total bucket:count bucket:count ..`: the sum of the durations in microseconds, then the buckets that
/// are not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: BTreeMap<u8, u64>,
    /// The sum of the durations in microseconds.
    total: u64,
}

impl Histogram {
    /// Adds a duration.
    pub fn add(&mut self, duration: Duration) {
        self.add_many(duration, 1);
        self.add_total(duration);
    }

    /// Adds so many durations that were counted elsewhere to the bucket of this one, and nothing to the sum.
    pub fn add_many(&mut self, duration: Duration, count: u64) {
        self.add_count(BOUNDS.partition_point(|bound| *bound <= micros(duration)), count);
    }

    fn add_count(&mut self, bucket: usize, count: u64) {
        let bucket = u8::try_from(bucket.min(BOUNDS.len())).unwrap_or(u8::MAX);
        let counted = self.counts.entry(bucket).or_default();
        *counted = counted.saturating_add(count);
    }

    /// Adds to the sum of the durations.
    pub fn add_total(&mut self, total: Duration) {
        self.total = self.total.saturating_add(micros(total));
    }

    /// Adds all durations of another.
    pub fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.counts {
            self.add_count(usize::from(*bucket), *count);
        }
        self.total = self.total.saturating_add(other.total);
    }

    /// How many durations there are.
    pub fn count(&self) -> u64 {
        self.counts.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The mean; `None` if there are no durations.
    pub fn mean(&self) -> Option<Duration> {
        self.total.checked_div(self.count()).map(Duration::from_micros)
    }

    /// The duration that this share of all durations does not exceed, as 0.95; `None` if there are no durations.
    ///
    /// It is estimated: the durations within a bucket count as evenly distributed, so it lies in the right bucket. In the
    /// last bucket it is 28 hours, its lower bound.
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let wanted = share.clamp(0.0, 1.0) * float(count);
        let mut before = 0.0;
        for (bucket, count) in &self.counts {
            let count = float(*count);
            if before + count >= wanted {
                let (from, until) = bounds(usize::from(*bucket));
                let part = if count > 0.0 { ((wanted - before) / count).clamp(0.0, 1.0) } else { 0.0 };
                return Some(from + until.saturating_sub(from).mul_f64(part));
            }
            before += count;
        }
        self.counts.last_key_value().map(|(bucket, _)| bounds(usize::from(*bucket)).1)
    }

    /// The buckets from the first to the last that is not empty: lower bound, upper bound, count. The last bucket of all
    /// has its lower bound twice.
    pub fn buckets(&self) -> Vec<(Duration, Duration, u64)> {
        let (Some((first, _)), Some((last, _))) = (self.counts.first_key_value(), self.counts.last_key_value()) else {
            return Vec::new();
        };
        let bucket = |index: u8| {
            let (from, until) = bounds(usize::from(index));
            (from, until, self.counts.get(&index).copied().unwrap_or(0))
        };
        (*first..=*last).map(bucket).collect()
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a share of so many durations needs no more digits")]
fn float(count: u64) -> f64 {
    count as f64
}

/// The bounds of a bucket.
fn bounds(bucket: usize) -> (Duration, Duration) {
    let lower = bucket.checked_sub(1).and_then(|below| BOUNDS.get(below)).copied().unwrap_or(0);
    let upper = BOUNDS.get(bucket).copied().unwrap_or(lower);
    (Duration::from_micros(lower), Duration::from_micros(upper))
}

impl fmt::Display for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.total)?;
        self.counts.iter().try_for_each(|(bucket, count)| write!(f, " {bucket}:{count}"))
    }
}

impl FromStr for Histogram {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).ok_or_else(|| Error::corrupt(format!("the stored distribution `{text}` cannot be read")))
    }
}

fn parse(text: &str) -> Option<Histogram> {
    let mut words = text.split(' ');
    let mut histogram = Histogram { total: words.next()?.parse().ok()?, ..Histogram::default() };
    for word in words {
        let (bucket, count) = word.split_once(':')?;
        histogram.add_count(bucket.parse().ok()?, count.parse().ok()?);
    }
    Some(histogram)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(millis: impl IntoIterator<Item = u64>) -> Histogram {
        let mut histogram = Histogram::default();
        for millis in millis {
            histogram.add(Duration::from_millis(millis));
        }
        histogram
    }

    #[test]
    fn a_quantile_lies_in_the_bucket_of_the_true_one() {
        let histogram = of(1..=1000);
        for (share, least, most) in [(0.5, 500, 750), (0.95, 750, 1100), (0.99, 750, 1100), (1.0, 750, 1100)] {
            let found = histogram.quantile(share).unwrap();
            assert!((least..=most).contains(&found.as_millis()), "{share}: {found:?}");
        }
        assert_eq!(histogram.mean(), Some(Duration::from_micros(500_500)));
        assert_eq!(Histogram::default().quantile(0.5), None);
    }

    #[test]
    fn every_duration_has_a_bucket() {
        let mut histogram = of([0, u64::MAX / 1000]);
        histogram.add(Duration::MAX);
        assert_eq!(histogram.count(), 3);
        assert_eq!(histogram.quantile(1.0), Some(Duration::from_secs(100_000)));
    }

    #[test]
    fn a_histogram_is_read_back_from_its_text() {
        for histogram in [Histogram::default(), of([0, 5, 5, 90_000, u64::MAX])] {
            assert_eq!(histogram.to_string().parse::<Histogram>().unwrap(), histogram);
        }
        for text in ["", "x", "1 2", "1 2:", "1 2:-3", "1  2:3"] {
            assert!(text.parse::<Histogram>().unwrap_err().is_corrupt(), "{text}");
        }
    }

    #[test]
    fn merging_is_the_same_as_adding_one_by_one() {
        let mut merged = of([1, 20, 300]);
        merged.merge(&of([20, 4000]));
        assert_eq!(merged, of([1, 20, 20, 300, 4000]));
    }
}
