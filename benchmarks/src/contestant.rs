//! Who takes part.

use bench_protocol::Step;

use crate::phase::Phase;

/// The program that a contestant lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// This one.
    This,
    /// A folder beside this one with a workspace of its own.
    Beside(&'static str),
}

/// One contestant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    pub(crate) program: Program,
}

/// All, in the order of the tables.
pub(crate) const ALL: [Contestant; 10] = [
    Contestant { name: "limit (keep)", program: Program::This },
    Contestant { name: "limit (forget)", program: Program::This },
    Contestant { name: "limit (keep) 1000", program: Program::This },
    Contestant { name: "jobs", program: Program::This },
    Contestant { name: "jobs (keep nothing)", program: Program::This },
    Contestant { name: "effectum", program: Program::Beside("effectum") },
    Contestant { name: "effectum (tuned)", program: Program::Beside("effectum") },
    Contestant { name: "effectum (tuned, log)", program: Program::Beside("effectum") },
    Contestant { name: "apalis-sqlite", program: Program::Beside("apalis") },
    Contestant { name: "apalis-sqlite (tuned)", program: Program::Beside("apalis") },
];

impl Contestant {
    /// Whether it can do this phase.
    pub(crate) fn does(self, phase: Phase) -> bool {
        let drains = matches!(phase, Phase::Drain20k | Phase::Drain100k | Phase::DrainOfMillion);
        match phase {
            // It differs from `limit (keep)` only there.
            _ if self.name == "limit (keep) 1000" => drains,
            Phase::EnqueueOne | Phase::EnqueueBulk | Phase::Drain20k | Phase::Drain100k => true,
            Phase::DrainOfMillion => self.is_ours() || self.is_limit(),
            // Finished rows have no part in these.
            Phase::PickupAcross => self.name == "jobs",
            Phase::Pickup | Phase::IdleMemory => !self.is_limit(),
        }
    }

    pub(crate) fn is_limit(self) -> bool {
        self.name.starts_with("limit")
    }

    pub(crate) fn is_ours(self) -> bool {
        self.name.starts_with("jobs")
    }

    pub(crate) fn is_peer(self) -> bool {
        !self.is_limit() && !self.is_ours()
    }

    /// Whether it was made faster by other means than its own settings.
    pub(crate) fn is_altered(self) -> bool {
        self.name.ends_with(", log)")
    }
}

/// What a phase asks of the process that is measured.
pub(crate) fn measured_step(phase: Phase) -> Step {
    match phase {
        Phase::EnqueueOne => Step::EnqueueOne,
        Phase::EnqueueBulk => Step::EnqueueBulk,
        Phase::Drain20k | Phase::Drain100k | Phase::DrainOfMillion => Step::Drain,
        Phase::Pickup => Step::Pickup,
        Phase::PickupAcross => Step::PickupWorker,
        Phase::IdleMemory => Step::Idle,
    }
}
