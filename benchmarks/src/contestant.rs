//! Who takes part.

use std::str::FromStr;

use bench_protocol::Step;

use crate::phase::Phase;

/// What the jobs are stored in. A run is about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

impl FromStr for Store {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" => Ok(Self::Postgres),
            other => Err(format!("there is no store `{other}`, only `sqlite` and `postgres`")),
        }
    }
}

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
    pub(crate) store: Store,
}

/// All on one store, in the order of the tables.
pub(crate) fn all(store: Store) -> &'static [Contestant] {
    match store {
        Store::Sqlite => &SQLITE,
        Store::Postgres => &POSTGRES,
    }
}

const fn sqlite(name: &'static str, program: Program) -> Contestant {
    Contestant { name, program, store: Store::Sqlite }
}

const fn postgres(name: &'static str, program: Program) -> Contestant {
    Contestant { name, program, store: Store::Postgres }
}

const SQLITE: [Contestant; 10] = [
    sqlite("limit (keep)", Program::This),
    sqlite("limit (forget)", Program::This),
    sqlite("limit (keep) 1000", Program::This),
    sqlite("jobs", Program::This),
    sqlite("jobs (keep nothing)", Program::This),
    sqlite("effectum", Program::Beside("effectum")),
    sqlite("effectum (tuned)", Program::Beside("effectum")),
    sqlite("effectum (tuned, log)", Program::Beside("effectum")),
    sqlite("apalis-sqlite", Program::Beside("apalis")),
    sqlite("apalis-sqlite (tuned)", Program::Beside("apalis")),
];

const POSTGRES: [Contestant; 14] = [
    postgres("limit (bare)", Program::This),
    postgres("limit (forget)", Program::This),
    postgres("limit (keep)", Program::This),
    postgres("limit (keep) 1000", Program::This),
    postgres("jobs", Program::This),
    postgres("jobs (keep nothing)", Program::This),
    postgres("graphile", Program::Beside("graphile")),
    postgres("graphile (500 × 2)", Program::Beside("graphile")),
    postgres("graphile (1000 × 4)", Program::Beside("graphile")),
    postgres("apalis-postgres", Program::Beside("apalis-postgres")),
    postgres("apalis-postgres (tuned)", Program::Beside("apalis-postgres")),
    postgres("awa", Program::Beside("awa")),
    postgres("awa (tuned)", Program::Beside("awa")),
    postgres("underway", Program::Beside("underway")),
];

impl Contestant {
    /// Whether it can do this phase.
    pub(crate) fn does(self, phase: Phase) -> bool {
        match phase {
            // They differ from others of their kind only in how they work.
            Phase::EnqueueOne | Phase::EnqueueBulk if self.differs_at_work() => false,
            Phase::EnqueueOne | Phase::EnqueueBulk | Phase::Drain20k | Phase::Drain100k => true,
            Phase::DrainOfMillion => self.is_ours() || (self.is_limit() && self.name != "limit (keep) 1000"),
            // Finished rows have no part in these.
            Phase::PickupAcross => self.name == "jobs",
            Phase::Pickup | Phase::IdleMemory => !self.is_limit(),
            Phase::Day | Phase::DaySnapshot => self.lasts(),
        }
    }

    fn differs_at_work(self) -> bool {
        self.name == "limit (keep) 1000" || self.name.starts_with("graphile (") || self.name == "awa (tuned)"
    }

    /// Whether it takes part in the long phases: ours, and the two peers that are made for such days.
    fn lasts(self) -> bool {
        let peers = ["graphile (500 × 2)", "graphile (1000 × 4)", "awa (tuned)"];
        self.store == Store::Postgres && (self.is_ours() || peers.contains(&self.name))
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
        Phase::Day | Phase::DaySnapshot => Step::Day,
    }
}
