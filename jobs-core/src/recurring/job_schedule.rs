//! The schedule that a job type declares for itself.

use std::time::Duration;

use super::MissedTicks;

/// When the jobs of a type recur, as a constant: the keys `cron`, `every`, `zone` and `missed` of the macro.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JobSchedule {
    pub(super) when: When,
    pub(super) zone: Option<&'static str>,
    pub(super) missed: MissedTicks,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    Words(&'static str),
    Every(Duration),
}

impl JobSchedule {
    /// At the ticks of a text that [`Schedule::parse`](crate::Schedule::parse) reads: a cron line, or English.
    pub const fn cron(words: &'static str) -> Self {
        Self { when: When::Words(words), zone: None, missed: MissedTicks::Skip }
    }

    /// At every multiple of this interval since 1970; whole seconds.
    pub const fn every(interval: Duration) -> Self {
        Self { when: When::Every(interval), zone: None, missed: MissedTicks::Skip }
    }

    /// In this zone instead of UTC.
    pub const fn zone(mut self, name: &'static str) -> Self {
        self.zone = Some(name);
        self
    }

    /// What happens to missed ticks, instead of leaving them out.
    pub const fn missed(mut self, missed: MissedTicks) -> Self {
        self.missed = missed;
        self
    }
}
