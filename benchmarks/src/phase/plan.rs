//! What a phase asks of a contestant: its steps and their sizes.

use bench_protocol::{Selectors, Step};

use super::{Phase, Work};
use crate::contestant::Contestant;

/// The sizes that the command line gives.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sizes {
    /// The number of jobs in a day.
    pub(crate) day: u64,
    /// The size of the phases that run only by name; what it counts depends on the phase.
    pub(crate) size: Option<u64>,
    /// Jobs per second that come at an even rate.
    pub(crate) rate: u64,
}

/// The steps of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The step that comes first, in a process of its own.
    pub(crate) fill: Option<Step>,
    /// The measured step.
    pub(crate) measured: Step,
    /// The number of jobs that are enqueued, drained or picked up.
    pub(crate) jobs: u64,
    /// The number of jobs that wait at first; in a day, the maximum number of waiting jobs.
    pub(crate) backlog: u64,
}

impl Plan {
    const fn new(measured: Step, jobs: u64) -> Self {
        Self { fill: None, measured, jobs, backlog: 0 }
    }

    const fn drain(jobs: u64, backlog: u64) -> Self {
        Self { fill: Some(Step::Fill), measured: Step::Drain, jobs, backlog }
    }

    const fn day(measured: Step, jobs: u64) -> Self {
        Self { backlog: 5_000, ..Self::new(measured, jobs) }
    }
}

impl Phase {
    /// Its steps for this contestant.
    pub(crate) fn plan(self, contestant: Contestant, sizes: &Sizes) -> Plan {
        let size = |default| sizes.size.unwrap_or(default);
        match self {
            // On PostgreSQL each call waits for the disk.
            Self::EnqueueOne if contestant.store.is_on_postgres() => Plan::new(Step::EnqueueOne, 4_000),
            Self::EnqueueOne => Plan::new(Step::EnqueueOne, 20_000),
            Self::EnqueueBulk => Plan::new(Step::EnqueueBulk, 50_000),
            Self::Drain20k => Plan::drain(20_000, 20_000),
            Self::Drain100k => Plan::drain(100_000, 100_000),
            Self::DrainOfMillion => Plan::drain(100_000, 1_000_000),
            Self::Pickup => Plan::new(Step::Pickup, 300),
            Self::PickupAcross => Plan::new(Step::PickupWorker, 300),
            Self::IdleMemory => Plan::new(Step::Idle, 0),
            Self::Day | Self::DaySnapshot => Plan::day(Step::Day, sizes.day),
            Self::Queues(queues, selectors) => drain_queues(contestant, queues, selectors, size(100_000)),
            Self::ClaimTime(queues, selectors) => {
                let claims = Plan::new(Step::ClaimTimes { selectors }, size(100_000) / 20);
                Plan { fill: Some(Step::FillQueues { queues }), backlog: size(100_000), ..claims }
            }
            Self::IdleQueues => {
                let idle = Plan::new(Step::IdleQueues { workers: 32, seconds: 20 }, 0);
                Plan { fill: Some(Step::FillQueues { queues: 500 }), backlog: size(100_000) / 100, ..idle }
            }
            Self::Steady | Self::SteadySnapshot => {
                Plan::new(Step::Steady { rate: sizes.rate, seconds: size(600) }, sizes.rate * size(600))
            }
            Self::Weights(weights, millis) => Plan::new(Step::Weights { weights, millis }, size(10_000)),
            Self::Recurring(tasks) => Plan::new(Step::Recurring { schedulers: 4 }, size(tasks)),
            Self::LostNode => Plan::new(Step::LostNode { millis: size(10_000), nodes: 5, slots: 10 }, 100),
            Self::MixedDay => Plan::day(Step::MixedDay, size(10_000_000)),
            Self::Network(Work::Drain, _) => Plan::drain(size(20_000), size(20_000)),
            Self::Network(Work::EnqueueOne, _) => Plan::new(Step::EnqueueOne, size(20_000) / 5),
            Self::Network(Work::Pickup, _) => Plan::new(Step::Pickup, size(20_000).div_ceil(100)),
        }
    }
}

/// Peers and the limit program have one queue.
fn drain_queues(contestant: Contestant, queues: u64, selectors: Selectors, jobs: u64) -> Plan {
    if contestant.is_ours() {
        let drain = Plan::new(Step::DrainQueues { selectors }, jobs);
        Plan { fill: Some(Step::FillQueues { queues }), backlog: jobs, ..drain }
    } else {
        Plan::drain(jobs, jobs)
    }
}
