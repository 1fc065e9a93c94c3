//! The steps, with what each of them needs besides the number of jobs.

use serde::{Deserialize, Serialize};

/// One step; each step runs in its own process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Put `backlog` jobs into a fresh store, with the fastest call.
    Fill,
    /// Perform `jobs` of the `backlog` waiting jobs.
    Drain,
    /// Eight callers enqueue `jobs` in all, one at a time.
    EnqueueOne,
    /// Enqueue `jobs` with the bulk call.
    EnqueueBulk,
    /// Enqueue `jobs` for an idle worker of this process, with pauses.
    Pickup,
    /// Perform `jobs` that another process enqueues; print a line when the worker is ready.
    PickupWorker,
    /// Enqueue `jobs` for the worker of another process, with pauses.
    PickupSender,
    /// Start a worker and do nothing for two seconds.
    Idle,
    /// Enqueue and perform `jobs` at the same time, with at most `backlog` of them waiting.
    Day,
    /// Enqueue so many jobs a second for a time, and perform them.
    Steady {
        /// Jobs per second.
        rate: u64,
        /// How long.
        seconds: u64,
    },
    /// Enqueue `backlog` jobs into so many queues, most of which get few, and some into paused queues.
    FillQueues {
        /// The number of queues that are not paused.
        queues: u64,
    },
    /// Perform the `jobs` of a store that `FillQueues` filled.
    DrainQueues {
        /// The queues of the worker.
        selectors: Selectors,
    },
    /// Claim and finish `jobs` of a store that `FillQueues` filled, ten at a time, and measure each claim.
    ClaimTimes {
        /// The queues that are claimed from.
        selectors: Selectors,
    },
    /// Workers poll the queues of a store that `FillQueues` filled and that was emptied since.
    IdleQueues {
        /// The number of workers.
        workers: u64,
        /// How long.
        seconds: u64,
    },
    /// A worker with these weights starts `jobs` jobs.
    Weights {
        /// The weight of each queue; a queue without one does not exist.
        weights: [u32; 3],
        /// How long a job takes.
        millis: u64,
    },
    /// So many recurring tasks, as `jobs` says, have the same tick.
    Recurring {
        /// The number of schedulers.
        schedulers: u64,
    },
    /// A process that performs all `jobs` jobs is killed, and others perform them again.
    LostNode {
        /// How long a job takes.
        millis: u64,
        /// The number of the other processes.
        nodes: u64,
        /// How many jobs each of them performs at once.
        slots: u64,
    },
    /// One process of `LostNode`; it performs `jobs` jobs at once until its input ends.
    Node,
    /// A day of jobs in several queues, of which some are scheduled, unique or retried.
    MixedDay,
}

impl Step {
    /// Whether other contestants than `jobs` have it too.
    pub const fn is_common(self) -> bool {
        matches!(
            self,
            Self::Fill
                | Self::Drain
                | Self::EnqueueOne
                | Self::EnqueueBulk
                | Self::Pickup
                | Self::PickupWorker
                | Self::PickupSender
                | Self::Idle
                | Self::Day
                | Self::Steady { .. }
        )
    }
}

/// The queues of a worker, named in several ways. Each of them selects all queues of `FillQueues`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Selectors {
    /// `*`
    All,
    /// One prefix.
    Prefix,
    /// Ten prefixes, each for a tenth of the queues.
    Prefixes,
}
