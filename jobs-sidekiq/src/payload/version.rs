//! The versions of Sidekiq in a fleet, and what they mean for what is written.

use jobs_active_job::Rails;

use super::TimeUnit;

/// A version of Sidekiq.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    major: u32,
    minor: u32,
}

impl Version {
    /// Sidekiq 6 and older, which do not tell their version.
    pub(crate) const UNTOLD: Self = Self { major: 6, minor: 0 };

    /// A version, as `7.3.2`; `None` if the text begins with no number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| number.parse().ok());
        Some(Self { major: numbers.next()??, minor: numbers.next().flatten().unwrap_or(0) })
    }

    /// The unit in which it writes times.
    pub(crate) const fn unit(self) -> TimeUnit {
        if self.is_eight() { TimeUnit::Milliseconds } else { TimeUnit::Seconds }
    }

    /// The oldest release of Rails that is usual beside it.
    pub(crate) const fn rails(self) -> Rails {
        if self.major >= 7 { Rails::V7_1 } else { Rails::V6_1 }
    }

    /// Whether it is 8.0 or newer.
    pub(crate) const fn is_eight(self) -> bool {
        self.major >= 8
    }

    /// Whether it has a page of metrics.
    pub(crate) const fn has_metrics(self) -> bool {
        self.major >= 7
    }
}

/// The versions of the Ruby processes that are alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fleet {
    /// What it reads, all of them read.
    pub(crate) oldest: Version,
    pub(crate) newest: Version,
}

impl Fleet {
    /// The fleet of these versions; `None` if there are none.
    pub(crate) fn of(versions: impl Iterator<Item = Version>) -> Option<Self> {
        let one = versions.map(|version| Self { oldest: version, newest: version });
        one.reduce(|all, one| Self { oldest: all.oldest.min(one.oldest), newest: all.newest.max(one.newest) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_tells_the_unit_of_times_and_the_usual_rails() {
        for (text, unit, rails) in [
            ("8.1.7", TimeUnit::Milliseconds, Rails::V7_1),
            ("7.3.2", TimeUnit::Seconds, Rails::V7_1),
            ("7", TimeUnit::Seconds, Rails::V7_1),
            ("6.4.1", TimeUnit::Seconds, Rails::V6_1),
        ] {
            let version = Version::parse(text).unwrap();
            assert_eq!((version.unit(), version.rails()), (unit, rails), "{text}");
        }
        assert_eq!((Version::parse("new"), Version::parse("")), (None, None));
    }

    #[test]
    fn the_fleet_has_an_oldest_and_a_newest_version() {
        let versions = ["8.1", "7.3", "8.0"].map(|text| Version::parse(text).unwrap());
        let fleet = Fleet::of(versions.into_iter()).unwrap();
        assert_eq!((fleet.oldest, fleet.newest), (versions[1], versions[0]));
        assert_eq!(Fleet::of(std::iter::empty()), None);
    }
}
