//! The phases.

mod all;
mod name;
mod plan;

use bench_protocol::Selectors;

pub(crate) use all::{ALL, Group};
pub(crate) use plan::{Plan, Sizes};

use crate::contestant::Store;

/// A phase, which measures one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// A backlog in so many queues is drained.
    Queues(u64, Selectors),
    /// Single claims from a backlog in so many queues.
    ClaimTime(u64, Selectors),
    /// Workers poll 500 empty queues.
    IdleQueues,
    /// Jobs come at an even rate.
    Steady,
    /// The same while an older transaction stays open.
    SteadySnapshot,
    /// Queues with these weights, and jobs of so many milliseconds.
    Weights([u32; 3], u64),
    /// So many recurring tasks with the same tick.
    Recurring(u64),
    /// A process with a hundred jobs is killed.
    LostNode,
    /// A day of jobs of several kinds.
    MixedDay,
    /// The same as another phase, with so many microseconds between the program and the server, in each direction.
    Network(Work, u64),
}

/// What is measured over a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Drain,
    EnqueueOne,
    Pickup,
}

impl Phase {
    /// Whether a backlog is drained.
    pub(crate) fn is_drain(self) -> bool {
        matches!(self, Self::Drain20k | Self::Drain100k | Self::DrainOfMillion)
    }

    /// Whether it is told in ten parts.
    pub(crate) fn has_parts(self) -> bool {
        matches!(self, Self::Day | Self::DaySnapshot | Self::MixedDay | Self::Steady | Self::SteadySnapshot)
    }

    /// Whether an older transaction stays open during it.
    pub(crate) fn is_beside_a_snapshot(self) -> bool {
        matches!(self, Self::DaySnapshot | Self::SteadySnapshot)
    }

    /// Whether it measures latencies.
    pub(crate) fn is_pickup(self) -> bool {
        matches!(self, Self::Pickup | Self::PickupAcross | Self::ClaimTime(..) | Self::Network(Work::Pickup, _))
    }

    /// The delay between the program and the server, in microseconds.
    pub(crate) fn delay(self) -> u64 {
        if let Self::Network(_, micros) = self { micros } else { 0 }
    }

    /// Whether it is part of a quick run.
    pub(crate) fn is_short(self, store: Store) -> bool {
        match store {
            Store::Sqlite => !matches!(self, Self::Drain100k | Self::DrainOfMillion),
            _ => self != Self::DrainOfMillion,
        }
    }
}
