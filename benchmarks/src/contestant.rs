//! The contestants.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use bench_protocol::{RailsTables, Selectors};

use crate::phase::{Phase, Work};

/// The kind of store. A run measures only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
    Redis,
    /// The tables of Solid Queue on `PostgreSQL`.
    SolidQueue,
    /// The table of Delayed Job on `PostgreSQL`.
    DelayedJob,
}

impl Store {
    /// The limit program to which the ratios refer.
    pub(crate) fn limit(self) -> &'static str {
        if matches!(self, Self::Sqlite | Self::Postgres) { "limit (keep)" } else { "limit (100)" }
    }

    /// The tables, if they are those of Rails.
    pub(crate) fn tables(self) -> Option<RailsTables> {
        match self {
            Self::SolidQueue => Some(RailsTables::SolidQueue),
            Self::DelayedJob => Some(RailsTables::DelayedJob),
            _ => None,
        }
    }

    /// Whether it is a database of `PostgreSQL`.
    pub(crate) fn is_on_postgres(self) -> bool {
        self == Self::Postgres || self.tables().is_some()
    }
}

impl FromStr for Store {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" => Ok(Self::Postgres),
            "redis" => Ok(Self::Redis),
            "solid-queue" => Ok(Self::SolidQueue),
            "delayed-job" => Ok(Self::DelayedJob),
            other => Err(format!(
                "there is no store `{other}`, only `sqlite`, `postgres`, `redis`, `solid-queue` and `delayed-job`"
            )),
        }
    }
}

/// The program of a contestant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// This contestant.
    This,
    /// A folder beside this one with its own workspace.
    Beside(&'static str),
    /// `sidekiq/main.rb` in the tree of this Debian release, with the genuine Sidekiq.
    Ruby(&'static str),
}

impl Program {
    /// The tree of the Debian release that it needs, which `bin/ruby` makes.
    pub(crate) fn tree(self) -> Option<PathBuf> {
        let Self::Ruby(release) = self else { return None };
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/ruby");
        Some(std::env::var_os("JOBS_RUBY_TREES").map_or(kept, PathBuf::from).join(release))
    }
}

/// One contestant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    pub(crate) program: Program,
    pub(crate) store: Store,
}

/// All contestants on one store, in the order of the tables.
pub(crate) fn all(store: Store) -> &'static [Contestant] {
    match store {
        Store::Sqlite => &SQLITE,
        Store::Postgres => &POSTGRES,
        Store::Redis => &REDIS,
        Store::SolidQueue => &SOLID_QUEUE,
        Store::DelayedJob => &DELAYED_JOB,
    }
}

const fn sqlite(name: &'static str, program: Program) -> Contestant {
    Contestant { name, program, store: Store::Sqlite }
}

const fn postgres(name: &'static str, program: Program) -> Contestant {
    Contestant { name, program, store: Store::Postgres }
}

const fn redis(name: &'static str, program: Program) -> Contestant {
    Contestant { name, program, store: Store::Redis }
}

const SQLITE: [Contestant; 9] = [
    sqlite("limit (keep)", Program::This),
    sqlite("limit (forget)", Program::This),
    sqlite("limit (keep) 1000", Program::This),
    sqlite("jobs", Program::This),
    sqlite("effectum", Program::Beside("effectum")),
    sqlite("effectum (tuned)", Program::Beside("effectum")),
    sqlite("effectum (tuned, log)", Program::Beside("effectum")),
    sqlite("apalis-sqlite", Program::Beside("apalis")),
    sqlite("apalis-sqlite (tuned)", Program::Beside("apalis")),
];

const POSTGRES: [Contestant; 13] = [
    postgres("limit (bare)", Program::This),
    postgres("limit (forget)", Program::This),
    postgres("limit (keep)", Program::This),
    postgres("limit (keep) 1000", Program::This),
    postgres("jobs", Program::This),
    postgres("graphile", Program::Beside("graphile")),
    postgres("graphile (500 × 2)", Program::Beside("graphile")),
    postgres("graphile (1000 × 4)", Program::Beside("graphile")),
    postgres("apalis-postgres", Program::Beside("apalis-postgres")),
    postgres("apalis-postgres (tuned)", Program::Beside("apalis-postgres")),
    postgres("awa", Program::Beside("awa")),
    postgres("awa (tuned)", Program::Beside("awa")),
    postgres("underway", Program::Beside("underway")),
];

const REDIS: [Contestant; 10] = [
    redis("limit (100)", Program::This),
    redis("limit (500)", Program::This),
    redis("jobs", Program::This),
    redis("sidekiq 7.3 (10)", Program::Ruby("trixie")),
    redis("sidekiq 7.3 (25)", Program::Ruby("trixie")),
    redis("sidekiq 8.1 (10)", Program::Ruby("forky")),
    redis("sidekiq 8.1 (25)", Program::Ruby("forky")),
    redis("rusty-sidekiq", Program::Beside("rusty-sidekiq")),
    redis("rusty-sidekiq (25)", Program::Beside("rusty-sidekiq")),
    redis("rusty-sidekiq (100)", Program::Beside("rusty-sidekiq")),
];

const SOLID_QUEUE: [Contestant; 3] = on_rails(Store::SolidQueue);

const DELAYED_JOB: [Contestant; 3] = on_rails(Store::DelayedJob);

const fn on_rails(store: Store) -> [Contestant; 3] {
    let program = Program::This;
    [
        Contestant { name: "limit (100)", program, store },
        Contestant { name: "limit (500)", program, store },
        Contestant { name: "jobs", program, store },
    ]
}

impl Contestant {
    /// Whether the contestant supports this phase.
    pub(crate) fn does(self, phase: Phase) -> bool {
        match phase {
            // These contestants differ from others of their kind only in their workers.
            Phase::EnqueueOne | Phase::EnqueueBulk if self.differs_at_work() => false,
            // It has no bulk call.
            Phase::EnqueueBulk if self.name.starts_with("rusty-sidekiq") => false,
            Phase::EnqueueOne | Phase::EnqueueBulk | Phase::Drain20k | Phase::Drain100k => true,
            Phase::DrainOfMillion => self.is_ours() || (self.is_limit() && self.name != "limit (keep) 1000"),
            // Finished rows do not matter in these steps.
            Phase::PickupAcross => self.name == "jobs",
            // Its tree has no `/proc`.
            Phase::IdleMemory if self.program.tree().is_some() => false,
            Phase::Pickup | Phase::IdleMemory => !self.is_limit(),
            Phase::Day | Phase::DaySnapshot | Phase::Steady | Phase::SteadySnapshot => self.lasts(),
            Phase::Queues(1, Selectors::All) if matches!(self.store, Store::Sqlite | Store::Postgres) => {
                self.is_ours() || self.is_limit() || self.lasts()
            }
            Phase::MixedDay => self.is_ours() && self.store == Store::Postgres,
            Phase::Network(work, _) => self.store == Store::Postgres && self.does_over_a_network(work),
            Phase::Queues(..)
            | Phase::ClaimTime(..)
            | Phase::IdleQueues
            | Phase::Weights(..)
            | Phase::Recurring(_)
            | Phase::LostNode => self.is_ours() && matches!(self.store, Store::Sqlite | Store::Postgres),
        }
    }

    /// The best settings of each peer in the phase without a network, and the limit programs that keep what `jobs` keeps.
    fn does_over_a_network(self, work: Work) -> bool {
        match work {
            Work::Drain => {
                self.lasts() || self.name.starts_with("limit (keep)") || self.name == "apalis-postgres (tuned)"
            }
            Work::EnqueueOne => {
                self.does(Phase::EnqueueOne) && !["limit (bare)", "limit (forget)"].contains(&self.name)
            }
            Work::Pickup => self.lasts() || self.name == "apalis-postgres (tuned)",
        }
    }

    fn differs_at_work(self) -> bool {
        let same_calls = ["limit (keep) 1000", "limit (500)", "sidekiq 7.3 (25)", "sidekiq 8.1 (25)"];
        same_calls.contains(&self.name)
            || self.name.starts_with("rusty-sidekiq (")
            || self.name.starts_with("graphile (")
            || self.name == "awa (tuned)"
    }

    /// Whether it takes part in the long phases: `jobs`, and the two peers that are designed for such loads.
    fn lasts(self) -> bool {
        let peers = ["graphile (500 × 2)", "graphile (1000 × 4)", "awa (tuned)"];
        self.store == Store::Postgres && (self.is_ours() || peers.contains(&self.name))
    }

    /// Whether its program can run here: the genuine Sidekiq needs its tree, and root for `chroot`.
    pub(crate) fn is_here(self) -> bool {
        let is_root = || std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
        self.program.tree().is_none_or(|tree| is_root() && tree.join("usr/bin/ruby").exists())
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
