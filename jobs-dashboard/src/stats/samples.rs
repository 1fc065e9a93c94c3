//! The samples of the last half hour, kept in memory, and the series that charts draw from them.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How far back the samples go.
pub(crate) const WINDOW: Duration = Duration::from_secs(30 * 60);

/// How many points a series has.
pub(crate) const POINTS: usize = 120;

/// A sample that is older is not shown as the current value.
const RECENT: Duration = Duration::from_secs(60);

/// The figures of the store at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) at: Instant,
    /// Counts of finished jobs and of failed attempts since some time in the past; `None` if the store does not say. Only the
    /// differences are meaningful.
    pub(crate) finished: Option<u64>,
    pub(crate) errors: Option<u64>,
    pub(crate) ready: u64,
    pub(crate) latency: Duration,
}

/// The samples of the last half hour, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    kept: VecDeque<Sample>,
    /// When the first sample was taken. Points are aligned to it, so that a point keeps its value as time passes.
    started: Option<Instant>,
}

impl Samples {
    /// Adds a sample and drops those that are older than the window.
    pub(crate) fn push(&mut self, sample: Sample) {
        while self.kept.front().is_some_and(|oldest| sample.at.duration_since(oldest.at) > WINDOW) {
            self.kept.pop_front();
        }
        self.started.get_or_insert(sample.at);
        self.kept.push_back(sample);
    }

    /// How much a count grew per second, from each sample to the next.
    pub(crate) fn rate(&self, now: Instant, count: impl Fn(&Sample) -> Option<u64>) -> ChartSeries {
        let pairs = self.kept.iter().zip(self.kept.iter().skip(1));
        self.series(
            now,
            pairs.filter_map(|(before, after)| {
                let seconds = after.at.duration_since(before.at).as_secs_f64().max(f64::EPSILON);
                // A count that fell has started again at zero.
                Some((after.at, float(count(after)?.saturating_sub(count(before)?)) / seconds))
            }),
        )
    }

    /// Whether the last sample has this count; also before the first one.
    pub(crate) fn tells(&self, count: impl Fn(&Sample) -> Option<u64>) -> bool {
        self.kept.back().is_none_or(|sample| count(sample).is_some())
    }

    /// The value of each sample.
    pub(crate) fn level(&self, now: Instant, value: impl Fn(&Sample) -> f64) -> ChartSeries {
        self.series(now, self.kept.iter().map(|sample| (sample.at, value(sample))))
    }

    fn series(&self, now: Instant, values: impl Iterator<Item = (Instant, f64)>) -> ChartSeries {
        let mut sums = vec![(0.0, 0_u32); POINTS];
        let (mut last, mut highest) = (None, 0.0_f64);
        for (at, value) in values {
            last = (now.duration_since(at) <= RECENT).then_some(value);
            if let Some((sum, count)) = self.index(now, at).and_then(|index| sums.get_mut(index)) {
                highest = highest.max(value);
                *sum += value;
                *count += 1;
            }
        }
        let mean = |(sum, count): (f64, u32)| (count > 0).then(|| sum / f64::from(count));
        ChartSeries { points: sums.into_iter().map(mean).collect(), last, highest }
    }

    /// The point to which a time belongs; `None` if it is outside the window.
    fn index(&self, now: Instant, at: Instant) -> Option<usize> {
        let started = self.started?;
        let width = WINDOW.as_millis() / POINTS as u128;
        let point = |time: Instant| time.duration_since(started).as_millis() / width;
        let back = usize::try_from(point(now).checked_sub(point(at))?).ok()?;
        (POINTS - 1).checked_sub(back)
    }
}

/// The values of a chart: equally spaced points from the start of the window to its end. Each is the mean of its samples;
/// `None` without a sample.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChartSeries {
    pub(crate) points: Vec<Option<f64>>,
    /// The last value, if it is less than a minute old.
    pub(crate) last: Option<f64>,
    /// The highest of all samples, which may be above the mean of its point; zero without samples.
    pub(crate) highest: f64,
}

impl ChartSeries {
    /// Whether there is no sample in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.points.iter().all(Option::is_none)
    }
}

/// Inexact above 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "a chart is a hundred pixels high")]
pub(crate) const fn float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at: Instant, finished: u64) -> Sample {
        Sample { at, finished: Some(finished), errors: None, ready: 7, latency: Duration::ZERO }
    }

    #[test]
    fn a_rate_is_the_growth_of_a_count_per_second() {
        let (start, mut samples) = (Instant::now(), Samples::default());
        for (second, finished) in [(0, 100), (5, 150), (10, 150), (15, 40)] {
            samples.push(sample(start + Duration::from_secs(second), finished));
        }
        let series = samples.rate(start + Duration::from_secs(15), |sample| sample.finished);
        assert_eq!(series.last, Some(0.0), "a count that fell has no rate");
        assert_eq!(series.points[POINTS - 2..], [Some(5.0), Some(0.0)], "10 and 0 a second, then 0");
    }

    #[test]
    fn a_point_without_samples_is_empty() {
        let (start, mut samples) = (Instant::now(), Samples::default());
        samples.push(sample(start, 0));
        samples.push(sample(start + Duration::from_secs(60), 0));
        let series = samples.level(start + Duration::from_secs(60), |sample| float(sample.ready));
        let filled: Vec<_> = (0..POINTS).filter(|index| series.points[*index].is_some()).collect();
        assert_eq!(filled, [POINTS - 5, POINTS - 1]);
        assert_eq!((series.last, series.highest), (Some(7.0), 7.0));
    }

    #[test]
    fn the_last_value_is_never_above_the_highest() {
        let (start, mut samples) = (Instant::now(), Samples::default());
        for (second, ready) in [(0, 1), (1, 2), (2, 30)] {
            samples.push(Sample { ready, ..sample(start + Duration::from_secs(second), 0) });
        }
        let series = samples.level(start + Duration::from_secs(2), |sample| float(sample.ready));
        assert_eq!((series.last, series.highest), (Some(30.0), 30.0), "not the mean of the three");
    }

    #[test]
    fn samples_older_than_the_window_are_dropped() {
        let (start, mut samples) = (Instant::now(), Samples::default());
        for minute in 0..100 {
            samples.push(sample(start + Duration::from_secs(60 * minute), minute));
        }
        assert_eq!(samples.kept.len(), 31);
    }
}
