//! When a version of the program was first started, to be marked in charts.

use std::time::Duration;

use crate::Timestamp;

/// The start of a process whose version is another than that of the process that was started before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Deploy {
    /// When it was started, by the clock of the store.
    pub at: Timestamp,
    /// The version.
    pub version: String,
}

/// How many deploys are kept. A week has fewer, unless programs of several versions are started in turn.
const MOST: usize = 100;

/// How long a deploy is kept: as long as the longest range, and a day.
const KEPT: Duration = Duration::from_secs(8 * 86_400);

/// The longest version that is kept, in characters.
const LONGEST: usize = 64;

impl Deploy {
    /// A deploy of this version. A version of more than 64 characters is cut.
    pub fn new(at: Timestamp, version: impl AsRef<str>) -> Self {
        Self { at, version: version.as_ref().chars().take(LONGEST).collect() }
    }

    /// The deploys to keep after a process of this version was started, the oldest first. The newest one is kept for ever, so
    /// that a restart of the same version is none.
    pub fn after_start(mut known: Vec<Self>, version: &str, now: Timestamp) -> Vec<Self> {
        known.sort();
        let started = Self::new(now, version);
        if known.last().is_none_or(|last| last.version != started.version) {
            // The time is the key of a deploy. A clock that was set back must not replace an older one.
            let at = known.last().map_or(now, |last| now.max(last.at + Duration::from_micros(1)));
            known.push(Self { at, ..started });
        }
        let newest = known.len().saturating_sub(1);
        let first = known.len().saturating_sub(MOST);
        let is_kept = |(index, deploy): &(usize, Self)| *index == newest || deploy.at + KEPT >= now;
        known.into_iter().enumerate().skip(first).filter(is_kept).map(|(_, deploy)| deploy).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn only_a_start_of_another_version_is_a_deploy() {
        let mut known = Vec::new();
        for (second, version) in [(1, "a"), (2, "a"), (3, "b"), (4, "b"), (5, "a")] {
            known = Deploy::after_start(known, version, at(second));
        }
        assert_eq!(known, [Deploy::new(at(1), "a"), Deploy::new(at(3), "b"), Deploy::new(at(5), "a")]);
    }

    #[test]
    fn deploys_are_bounded_and_the_newest_one_stays() {
        let mut known = Vec::new();
        for second in 0..1000 {
            known = Deploy::after_start(known, &second.to_string(), at(second));
        }
        assert_eq!(known.len(), MOST);
        let known = Deploy::after_start(known, "999", at(100 * 86_400));
        assert_eq!(known, [Deploy::new(at(999), "999")]);
    }

    #[test]
    fn a_clock_that_was_set_back_adds_deploys_at_the_end() {
        let known = Deploy::after_start(vec![Deploy::new(at(9), "a")], "b", at(1));
        assert_eq!(known.iter().map(|deploy| deploy.version.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }
}
