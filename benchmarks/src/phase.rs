//! What is measured.

use std::str::FromStr;

/// One thing that is measured.
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
}

/// All, in the order they are run.
pub(crate) const ALL: [Phase; 8] = [
    Phase::EnqueueOne,
    Phase::EnqueueBulk,
    Phase::Drain20k,
    Phase::Drain100k,
    Phase::DrainOfMillion,
    Phase::Pickup,
    Phase::PickupAcross,
    Phase::IdleMemory,
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
        }
    }

    /// How many jobs are enqueued, drained or picked up.
    pub(crate) fn jobs(self) -> u64 {
        match self {
            Self::EnqueueOne | Self::Drain20k => 20_000,
            Self::EnqueueBulk => 50_000,
            Self::Drain100k | Self::DrainOfMillion => 100_000,
            Self::Pickup | Self::PickupAcross => 300,
            Self::IdleMemory => 0,
        }
    }

    /// How many jobs wait at first.
    pub(crate) fn backlog(self) -> u64 {
        match self {
            Self::Drain20k | Self::Drain100k => self.jobs(),
            Self::DrainOfMillion => 1_000_000,
            _ => 0,
        }
    }

    /// Whether it is a part of a quick run.
    pub(crate) fn is_short(self) -> bool {
        !matches!(self, Self::Drain100k | Self::DrainOfMillion)
    }
}

impl FromStr for Phase {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ALL.into_iter().find(|phase| phase.name() == text).ok_or_else(|| format!("there is no phase `{text}`"))
    }
}
