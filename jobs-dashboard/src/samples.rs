//! What was seen of the store in the last half hour, kept in memory.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How far back it goes.
pub(crate) const WINDOW: Duration = Duration::from_secs(30 * 60);

/// How many points a line is drawn with.
pub(crate) const POINTS: usize = 120;

/// What was seen longer ago is no longer what is.
const RECENT: Duration = Duration::from_secs(60);

/// One look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) at: Instant,
    /// How many jobs were finished so far, and how many attempts ended in an error; only the differences mean something.
    pub(crate) finished: u64,
    pub(crate) errors: u64,
    pub(crate) ready: u64,
    pub(crate) latency: Duration,
}

/// The looks of the last half hour, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    kept: VecDeque<Sample>,
    /// When the first look was. The points of lines are counted from there, so that they stay what they are.
    begun: Option<Instant>,
}

impl Samples {
    /// Adds one and forgets what is older than the window.
    pub(crate) fn push(&mut self, sample: Sample) {
        while self.kept.front().is_some_and(|oldest| sample.at.duration_since(oldest.at) > WINDOW) {
            self.kept.pop_front();
        }
        self.begun.get_or_insert(sample.at);
        self.kept.push_back(sample);
    }

    /// How much a sum grew a second, from each look to the next.
    pub(crate) fn rate(&self, now: Instant, sum: impl Fn(&Sample) -> u64) -> Line {
        let pairs = self.kept.iter().zip(self.kept.iter().skip(1));
        self.line(
            now,
            pairs.map(|(before, after)| {
                let seconds = after.at.duration_since(before.at).as_secs_f64().max(f64::EPSILON);
                // A sum that fell was counted anew.
                (after.at, float(sum(after).saturating_sub(sum(before))) / seconds)
            }),
        )
    }

    /// What was seen at each look.
    pub(crate) fn level(&self, now: Instant, level: impl Fn(&Sample) -> f64) -> Line {
        self.line(now, self.kept.iter().map(|sample| (sample.at, level(sample))))
    }

    fn line(&self, now: Instant, seen: impl Iterator<Item = (Instant, f64)>) -> Line {
        let mut sums = vec![(0.0, 0_u32); POINTS];
        let mut last = None;
        for (at, value) in seen {
            last = (now.duration_since(at) <= RECENT).then_some(value);
            if let Some((sum, count)) = self.place(now, at).and_then(|place| sums.get_mut(place)) {
                *sum += value;
                *count += 1;
            }
        }
        let mean = |(sum, count): (f64, u32)| (count > 0).then(|| sum / f64::from(count));
        Line { points: sums.into_iter().map(mean).collect(), last }
    }

    /// Which point a moment belongs to; `None` if it is outside the window.
    fn place(&self, now: Instant, at: Instant) -> Option<usize> {
        let begun = self.begun?;
        let width = WINDOW.as_millis() / POINTS as u128;
        let point = |moment: Instant| moment.duration_since(begun).as_millis() / width;
        let back = usize::try_from(point(now).checked_sub(point(at))?).ok()?;
        (POINTS - 1).checked_sub(back)
    }
}

/// A line of a chart: equally spaced points from the beginning of the window to its end. Each is the mean of what was seen
/// there; `None` where nothing was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) points: Vec<Option<f64>>,
    /// What was seen last, if that was within the last minute.
    pub(crate) last: Option<f64>,
}

impl Line {
    /// The highest point, at least as high as what was seen last is drawn.
    pub(crate) fn highest(&self) -> f64 {
        self.points.iter().flatten().copied().fold(0.0, f64::max)
    }
}

/// Rounded beyond 2⁵³, which no store counts to.
#[expect(clippy::cast_precision_loss, reason = "a line of a chart is a hundred pixels high")]
pub(crate) const fn float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at: Instant, finished: u64) -> Sample {
        Sample { at, finished, errors: 0, ready: 7, latency: Duration::ZERO }
    }

    #[test]
    fn a_rate_is_what_came_to_a_sum_by_the_time_it_took() {
        let (start, mut samples) = (Instant::now(), Samples::default());
        for (second, finished) in [(0, 100), (5, 150), (10, 150), (15, 40)] {
            samples.push(sample(start + Duration::from_secs(second), finished));
        }
        let line = samples.rate(start + Duration::from_secs(15), |sample| sample.finished);
        assert_eq!(line.last, Some(0.0), "a sum that fell is no rate");
        assert_eq!(line.points[POINTS - 2..], [Some(5.0), Some(0.0)], "10 and 0 a second, then 0");
    }

    #[test]
    fn where_nothing_was_seen_there_is_no_point() {
        let (start, mut samples) = (Instant::now(), Samples::default());
        samples.push(sample(start, 0));
        samples.push(sample(start + Duration::from_secs(60), 0));
        let line = samples.level(start + Duration::from_secs(60), |sample| float(sample.ready));
        let seen: Vec<_> = (0..POINTS).filter(|place| line.points[*place].is_some()).collect();
        assert_eq!(seen, [POINTS - 5, POINTS - 1]);
        assert_eq!((line.last, line.highest()), (Some(7.0), 7.0));
    }

    #[test]
    fn what_is_older_than_the_window_is_forgotten() {
        let (start, mut samples) = (Instant::now(), Samples::default());
        for minute in 0..100 {
            samples.push(sample(start + Duration::from_secs(60 * minute), minute));
        }
        assert_eq!(samples.kept.len(), 31);
    }
}
