//! All phases, and the groups that they form.

use std::str::FromStr;

use bench_protocol::Selectors;

use super::{Phase, Work};

/// Phases that run together, interleaved with each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) phases: &'static [Phase],
    /// Whether it runs only if it is asked for by name, because it takes long or needs a size of its own.
    pub(crate) only_by_name: bool,
}

/// All groups, in the order in which they run.
pub(crate) const ALL: [Group; 17] = [
    usual("enqueue-one", &[Phase::EnqueueOne]),
    usual("enqueue-bulk", &[Phase::EnqueueBulk]),
    usual("drain-20k", &[Phase::Drain20k]),
    usual("drain-100k", &[Phase::Drain100k]),
    usual("drain-100k-of-1m", &[Phase::DrainOfMillion]),
    usual("pickup", &[Phase::Pickup]),
    usual("pickup-across", &[Phase::PickupAcross]),
    usual("idle-memory", &[Phase::IdleMemory]),
    usual("day", &[Phase::Day]),
    usual("day-snapshot", &[Phase::DaySnapshot]),
    by_name("queues", &QUEUES),
    by_name("snapshot", &[Phase::Steady, Phase::SteadySnapshot]),
    by_name("weights", &WEIGHTS),
    by_name("recurring", &[Phase::Recurring(500), Phase::Recurring(5_000)]),
    by_name("lost-node", &[Phase::LostNode]),
    by_name("mixed-day", &[Phase::MixedDay]),
    by_name("network", &NETWORK),
];

const QUEUES: [Phase; 22] = [
    Phase::Queues(1, Selectors::All),
    Phase::Queues(10, Selectors::All),
    Phase::Queues(100, Selectors::All),
    Phase::Queues(1_000, Selectors::All),
    Phase::Queues(10_000, Selectors::All),
    Phase::Queues(1, Selectors::Prefix),
    Phase::Queues(10, Selectors::Prefix),
    Phase::Queues(100, Selectors::Prefix),
    Phase::Queues(1_000, Selectors::Prefix),
    Phase::Queues(10_000, Selectors::Prefix),
    Phase::Queues(1, Selectors::Prefixes),
    Phase::Queues(10, Selectors::Prefixes),
    Phase::Queues(100, Selectors::Prefixes),
    Phase::Queues(1_000, Selectors::Prefixes),
    Phase::Queues(10_000, Selectors::Prefixes),
    Phase::ClaimTime(1, Selectors::All),
    Phase::ClaimTime(10_000, Selectors::All),
    Phase::ClaimTime(1, Selectors::Prefix),
    Phase::ClaimTime(10_000, Selectors::Prefix),
    Phase::ClaimTime(1, Selectors::Prefixes),
    Phase::ClaimTime(10_000, Selectors::Prefixes),
    Phase::IdleQueues,
];

const WEIGHTS: [Phase; 4] = [
    Phase::Weights([9, 1, 0], 0),
    Phase::Weights([9, 1, 0], 10),
    Phase::Weights([5, 3, 1], 0),
    Phase::Weights([5, 3, 1], 10),
];

const NETWORK: [Phase; 9] = [
    Phase::Network(Work::Drain, 0),
    Phase::Network(Work::Drain, 500),
    Phase::Network(Work::Drain, 2_000),
    Phase::Network(Work::EnqueueOne, 0),
    Phase::Network(Work::EnqueueOne, 500),
    Phase::Network(Work::EnqueueOne, 2_000),
    Phase::Network(Work::Pickup, 0),
    Phase::Network(Work::Pickup, 500),
    Phase::Network(Work::Pickup, 2_000),
];

const fn usual(name: &'static str, phases: &'static [Phase]) -> Group {
    Group { name, phases, only_by_name: false }
}

const fn by_name(name: &'static str, phases: &'static [Phase]) -> Group {
    Group { name, phases, only_by_name: true }
}

impl FromStr for Group {
    type Err = String;

    /// The group with this name, or the phase with this name as a group of its own.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(group) = ALL.into_iter().find(|group| group.name == text) {
            return Ok(group);
        }
        let split = |group: Group| group.phases.chunks(1).map(move |phases| Self { phases, ..group });
        let mut single = ALL.into_iter().flat_map(split);
        let named = |group: &Self| group.phases.iter().any(|phase| phase.name() == text);
        single.find(named).ok_or_else(|| format!("there is no phase `{text}`; see --list"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ALL, Group};

    #[test]
    fn each_phase_is_found_by_its_name_which_no_other_has() {
        let mut names = HashSet::new();
        for phase in ALL.into_iter().flat_map(|group| group.phases) {
            assert!(names.insert(phase.name()), "{}", phase.name());
            assert!(phase.name().parse::<Group>().unwrap().phases.contains(phase));
        }
        assert!("drain".parse::<Group>().is_err());
    }
}
