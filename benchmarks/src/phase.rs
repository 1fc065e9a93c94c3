//! The phases.

use std::str::FromStr;

use crate::contestant::Store;

/// A phase, which measures one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Phase {
    EnqueueOne,
    EnqueueBulk,
    Drain20k,
    Drain100k,
    DrainOfMillion,
    Pickup,
    PickupAcross,
    IdleMemory,
    /// Jobs are enqueued and performed for a long time.
    Day,
    /// The same while an older transaction stays open.
    DaySnapshot,
}

/// All phases, in the order in which they run.
pub(crate) const ALL: [Phase; 10] = [
    Phase::EnqueueOne,
    Phase::EnqueueBulk,
    Phase::Drain20k,
    Phase::Drain100k,
    Phase::DrainOfMillion,
    Phase::Pickup,
    Phase::PickupAcross,
    Phase::IdleMemory,
    Phase::Day,
    Phase::DaySnapshot,
];

impl Phase {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EnqueueOne => "enqueue-one",
            Self::EnqueueBulk => "enqueue-bulk",
            Self::Drain20k => "drain-20k",
            Self::Drain100k => "drain-100k",
            Self::DrainOfMillion => "drain-100k-of-1m",
            Self::Pickup => "pickup",
            Self::PickupAcross => "pickup-across",
            Self::IdleMemory => "idle-memory",
            Self::Day => "day",
            Self::DaySnapshot => "day-snapshot",
        }
    }

    /// The number of jobs that are enqueued, drained or picked up; in a day, `day` of them.
    pub(crate) fn jobs(self, store: Store, day: u64) -> u64 {
        match self {
            // On PostgreSQL each call waits for the disk.
            Self::EnqueueOne if store == Store::Postgres => 4_000,
            Self::EnqueueOne | Self::Drain20k => 20_000,
            Self::EnqueueBulk => 50_000,
            Self::Drain100k | Self::DrainOfMillion => 100_000,
            Self::Pickup | Self::PickupAcross => 300,
            Self::IdleMemory => 0,
            Self::Day | Self::DaySnapshot => day,
        }
    }

    /// The number of jobs that wait at first; in a day, the maximum number of waiting jobs.
    pub(crate) fn backlog(self) -> u64 {
        match self {
            Self::Day | Self::DaySnapshot => 5_000,
            Self::Drain20k => 20_000,
            Self::Drain100k => 100_000,
            Self::DrainOfMillion => 1_000_000,
            _ => 0,
        }
    }

    /// Whether the waiting jobs exist before the measured step.
    pub(crate) fn is_drain(self) -> bool {
        matches!(self, Self::Drain20k | Self::Drain100k | Self::DrainOfMillion)
    }

    pub(crate) fn is_day(self) -> bool {
        matches!(self, Self::Day | Self::DaySnapshot)
    }

    /// Whether it is part of a quick run.
    pub(crate) fn is_short(self, store: Store) -> bool {
        match store {
            Store::Sqlite => !matches!(self, Self::Drain100k | Self::DrainOfMillion),
            Store::Postgres => self != Self::DrainOfMillion,
        }
    }
}

impl FromStr for Phase {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ALL.into_iter().find(|phase| phase.name() == text).ok_or_else(|| format!("there is no phase `{text}`"))
    }
}
