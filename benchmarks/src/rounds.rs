//! Interleaved rounds: A, B, C; then B, C, A; and so on, so that a slow minute of the machine affects all contestants
//! equally.

use std::fs::File;
use std::time::Duration;

use bench_protocol::{Outcome, Report, Task};

use crate::children::Programs;
use crate::contestant::{Contestant, Store};
use crate::options::Options;
use crate::phase::{Group, Phase, Plan};
use crate::results::Results;
use crate::words;
use crate::{postgres, rails, redis};

/// Runs everything. The run ends at the first contestant that fails, because a number is worthless without its check.
pub(crate) fn run(options: &Options, programs: &Programs) -> Outcome<Results> {
    let mut results = Results::on(options.store);
    let host = Host::open(options.store)?;
    for group in options.groups() {
        let mut cases = cases(options, group);
        for round in 0..options.rounds {
            for (phase, contestant) in &cases {
                let plan = phase.plan(*contestant, &options.sizes);
                let turn = Turn { contestant: *contestant, phase: *phase, plan, programs };
                let report = match &host {
                    Host::Folder => turn.in_a_folder()?,
                    Host::Postgres(host) => turn.on_postgres(host)?,
                    Host::Redis(host) => turn.on_redis(host)?,
                };
                let (name, words) = (phase.name(), words::of(*phase, &report));
                eprintln!("round {} {name:<17} {:<22} {words}", round + 1, contestant.name);
                results.add(*contestant, *phase, report);
            }
            let turn = 1.min(cases.len());
            cases.rotate_left(turn);
        }
    }
    Ok(results)
}

/// Where the stores of a run are.
enum Host {
    Folder,
    Postgres(postgres::Host),
    Redis(redis::Host),
}

impl Host {
    fn open(store: Store) -> Outcome<Self> {
        match store {
            Store::Sqlite => Ok(Self::Folder),
            Store::Postgres | Store::SolidQueue | Store::DelayedJob => {
                let host = postgres::Host::open()?;
                eprintln!("PostgreSQL {}", host.version()?);
                Ok(Self::Postgres(host))
            }
            Store::Redis => {
                let host = redis::Host::open()?;
                eprintln!("Redis {}", host.version()?);
                Ok(Self::Redis(host))
            }
        }
    }
}

/// The phases of a group, each with the contestants that support it.
fn cases(options: &Options, group: Group) -> Vec<(Phase, Contestant)> {
    let with = |phase: Phase| options.contestants().filter(move |one| one.does(phase)).map(move |one| (phase, one));
    group.phases.iter().copied().flat_map(with).collect()
}

/// Runs one phase of one contestant once.
struct Turn<'a> {
    contestant: Contestant,
    phase: Phase,
    plan: Plan,
    programs: &'a Programs,
}

impl Turn<'_> {
    /// Runs it on files in a new folder.
    fn in_a_folder(&self) -> Outcome<Report> {
        let folder = tempfile::tempdir()?;
        let task = self.task(folder.path().display().to_string());
        self.fill(&task)?;
        if self.plan.fill.is_some() {
            // Wait until the backlog is on the disk, so that the system does not write it during the drain.
            for entry in std::fs::read_dir(folder.path())? {
                File::open(entry?.path())?.sync_all()?;
            }
        }
        self.run(&task)
    }

    /// Runs it in a new database.
    fn on_postgres(&self, host: &postgres::Host) -> Outcome<Report> {
        let database = host.database("jobs_benchmark".to_owned())?;
        let task = self.task(database.url().to_owned());
        if let Some(tables) = task.tables {
            database.run(rails::schema(tables))?;
        }
        self.fill(&task)?;
        let (report, cost) = database.measured(|| match Duration::from_micros(self.phase.delay()) {
            _ if self.phase.is_beside_a_snapshot() => database.beside_a_snapshot(|| self.run(&task)),
            Duration::ZERO => self.run(&task),
            delay => database.over_a_network(delay, |url| self.run(&Task { place: url.to_owned(), ..task.clone() })),
        })?;
        Ok(Report { server: Some(cost), ..report })
    }

    /// Runs it in an empty database of Redis.
    fn on_redis(&self, host: &redis::Host) -> Outcome<Report> {
        let task = self.task(host.empty()?.to_owned());
        self.fill(&task)?;
        let (report, cost) = host.measured(|| self.run(&task))?;
        Ok(Report { server: Some(cost), ..report })
    }

    fn fill(&self, task: &Task) -> Outcome<()> {
        if let Some(step) = self.plan.fill {
            self.programs.run(self.contestant, &task.with(step))?;
        }
        Ok(())
    }

    fn run(&self, task: &Task) -> Outcome<Report> {
        match self.phase {
            Phase::PickupAcross => self.programs.run_across(self.contestant, task),
            _ => self.programs.run(self.contestant, task),
        }
    }

    fn task(&self, place: String) -> Task {
        let Plan { measured, jobs, backlog, .. } = self.plan;
        let tables = self.contestant.store.tables();
        Task { contestant: self.contestant.name.to_owned(), step: measured, place, jobs, backlog, tables }
    }
}

/// Jobs per second.
#[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
pub(crate) fn rate(report: &Report) -> f64 {
    report.jobs as f64 / report.seconds
}
