//! The names of the phases.

use std::borrow::Cow;

use bench_protocol::Selectors;

use super::{Phase, Work};

impl Phase {
    /// Its name on the command line and in the tables.
    pub(crate) fn name(self) -> Cow<'static, str> {
        match self {
            Self::EnqueueOne => "enqueue-one".into(),
            Self::EnqueueBulk => "enqueue-bulk".into(),
            Self::Drain20k => "drain-20k".into(),
            Self::Drain100k => "drain-100k".into(),
            Self::DrainOfMillion => "drain-100k-of-1m".into(),
            Self::Pickup => "pickup".into(),
            Self::PickupAcross => "pickup-across".into(),
            Self::IdleMemory => "idle-memory".into(),
            Self::Day => "day".into(),
            Self::DaySnapshot => "day-snapshot".into(),
            Self::Queues(queues, selectors) => format!("queues-{queues}-{}", by(selectors)).into(),
            Self::ClaimTime(queues, selectors) => format!("claim-{queues}-{}", by(selectors)).into(),
            Self::IdleQueues => "queues-idle".into(),
            Self::Steady => "steady".into(),
            Self::SteadySnapshot => "steady-snapshot".into(),
            Self::Weights(weights, millis) => format!("weights-{}-{millis}ms", ratio(weights)).into(),
            Self::Recurring(tasks) => format!("recurring-{tasks}").into(),
            Self::LostNode => "lost-node".into(),
            Self::MixedDay => "mixed-day".into(),
            Self::Network(work, micros) => format!("network-{}-{micros}us", over(work)).into(),
        }
    }
}

fn by(selectors: Selectors) -> &'static str {
    match selectors {
        Selectors::All => "all",
        Selectors::Prefix => "prefix",
        Selectors::Prefixes => "list",
    }
}

fn ratio(weights: [u32; 3]) -> String {
    let given: Vec<_> = weights.into_iter().filter(|weight| *weight > 0).map(|weight| weight.to_string()).collect();
    given.join(":")
}

fn over(work: Work) -> &'static str {
    match work {
        Work::Drain => "drain",
        Work::EnqueueOne => "one",
        Work::Pickup => "pickup",
    }
}
