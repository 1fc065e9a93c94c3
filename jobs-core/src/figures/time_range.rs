//! The last hour, day and week, each in steps of its own.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::{Error, Timestamp, spelling};

/// A time that ends now, which figures are shown for. Each range is stored in steps of its own, and a step is kept for as
/// long as the range has it: figures of a week are stored by the hour only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TimeRange {
    /// 60 steps of a minute.
    #[default]
    Hour,
    /// 144 steps of ten minutes.
    Day,
    /// 168 steps of an hour.
    Week,
}

impl TimeRange {
    /// All ranges, the shortest first.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// The word that addresses and options use: `hour`, `day`, `week`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// How long a step is.
    pub const fn step(self) -> Duration {
        Duration::from_secs(self.step_seconds().unsigned_abs())
    }

    /// How many steps the range has. The last one is that of now, which has only begun.
    pub const fn steps(self) -> u32 {
        match self {
            Self::Hour => 60,
            Self::Day => 144,
            Self::Week => 168,
        }
    }

    /// The range whose steps have this length in seconds.
    pub fn of_step(seconds: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|range| range.step_seconds() == seconds)
    }

    /// The start of the step that this time is in.
    pub fn start_of(self, at: Timestamp) -> Timestamp {
        let step = self.step_seconds() * 1_000_000;
        Timestamp::from_micros(at.as_micros().div_euclid(step).saturating_mul(step))
    }

    /// The start of the first step of the range that ends at this time.
    pub fn first(self, now: Timestamp) -> Timestamp {
        self.start_of(now) - self.step() * (self.steps() - 1)
    }

    /// The starts of all steps of the range that ends at this time, the oldest first.
    pub fn starts(self, now: Timestamp) -> impl ExactSizeIterator<Item = Timestamp> {
        let first = self.first(now);
        (0..self.steps()).map(move |number| first + self.step() * number)
    }

    /// The starts of the first and of the last step that are kept. A step from the future is not kept, except the next one:
    /// the clock of another process may be a little ahead.
    pub fn kept(self, now: Timestamp) -> (Timestamp, Timestamp) {
        (self.first(now), self.start_of(now) + self.step())
    }

    /// Whether a step that began then is [kept](Self::kept).
    pub fn keeps(self, start: Timestamp, now: Timestamp) -> bool {
        let (first, last) = self.kept(now);
        start >= first && start <= last
    }

    /// How long a step is, in whole seconds, as stores write it.
    pub const fn step_seconds(self) -> i64 {
        match self {
            Self::Hour => 60,
            Self::Day => 600,
            Self::Week => 3600,
        }
    }
}

impl fmt::Display for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for TimeRange {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|range| range.as_str() == text);
        let known = Self::ALL.map(Self::as_str);
        found.ok_or_else(|| Error::invalid(spelling::unknown("a range", text, &known).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_ends_with_the_step_of_now() {
        let now = Timestamp::from_micros(1_795_970_483_000_000);
        for range in TimeRange::ALL {
            let starts: Vec<_> = range.starts(now).collect();
            assert_eq!(starts.len(), usize::try_from(range.steps()).unwrap());
            assert_eq!((starts.first(), starts.last()), (Some(&range.first(now)), Some(&range.start_of(now))));
            assert!(starts.iter().all(|start| range.keeps(*start, now)));
            assert!(!range.keeps(range.first(now) - range.step(), now));
            assert!(!range.keeps(range.start_of(now) + range.step() * 2, now));
            assert_eq!(range.as_str().parse::<TimeRange>().unwrap(), range);
            assert_eq!(TimeRange::of_step(range.step_seconds()), Some(range));
        }
        assert!("weeks".parse::<TimeRange>().unwrap_err().to_string().contains("`week`"));
    }
}
