//! Interleaved rounds: A, B, C; then B, C, A; and so on, so that a slow minute of the machine affects all contestants
//! equally.

use std::fs::File;

use bench_protocol::{Cost, Outcome, Report, Step, Task};

use crate::children::Programs;
use crate::contestant::{Contestant, Store, measured_step};
use crate::options::Options;
use crate::phase::Phase;
use crate::postgres::Host;
use crate::results::Results;

/// Runs everything. The run ends at the first contestant that fails, because a number is worthless without its check.
pub(crate) fn run(options: &Options, programs: &Programs) -> Outcome<Results> {
    let mut results = Results::on(options.store);
    let host = if options.store == Store::Postgres { Some(Host::open()?) } else { None };
    if let Some(host) = &host {
        eprintln!("PostgreSQL {}", host.version()?);
    }
    for phase in options.phases() {
        let mut contestants: Vec<Contestant> = options.contestants().filter(|one| one.does(phase)).collect();
        for round in 0..options.rounds {
            for contestant in &contestants {
                let turn = Turn { contestant: *contestant, phase, programs, day: options.day };
                let report = match &host {
                    Some(host) => turn.on(host)?,
                    None => turn.in_a_folder()?,
                };
                eprintln!("round {} {:<17} {:<22} {}", round + 1, phase.name(), contestant.name, words(phase, &report));
                results.add(*contestant, phase, report);
            }
            let turn = 1.min(contestants.len());
            contestants.rotate_left(turn);
        }
    }
    Ok(results)
}

/// Runs one phase of one contestant once.
struct Turn<'a> {
    contestant: Contestant,
    phase: Phase,
    programs: &'a Programs,
    day: u64,
}

impl Turn<'_> {
    /// Runs it on files in a new folder.
    fn in_a_folder(&self) -> Outcome<Report> {
        let folder = tempfile::tempdir()?;
        let task = self.task(folder.path().display().to_string());
        if self.phase.is_drain() {
            self.programs.run(self.contestant, &Task { step: Step::Fill, ..task.clone() })?;
            // Wait until the backlog is on the disk, so that the system does not write it during the drain.
            for entry in std::fs::read_dir(folder.path())? {
                File::open(entry?.path())?.sync_all()?;
            }
        }
        self.run(&task)
    }

    /// Runs it in a new database.
    fn on(&self, host: &Host) -> Outcome<Report> {
        let database = host.database("jobs_benchmark".to_owned())?;
        let task = self.task(database.url().to_owned());
        if self.phase.is_drain() {
            self.programs.run(self.contestant, &Task { step: Step::Fill, ..task.clone() })?;
        }
        let step = || self.run(&task);
        let (report, cost) = database.measured(|| match self.phase {
            Phase::DaySnapshot => database.beside_a_snapshot(step),
            _ => step(),
        })?;
        Ok(Report { server: Some(cost), ..report })
    }

    fn run(&self, task: &Task) -> Outcome<Report> {
        match self.phase {
            Phase::PickupAcross => self.programs.run_across(self.contestant, task),
            _ => self.programs.run(self.contestant, task),
        }
    }

    fn task(&self, place: String) -> Task {
        Task {
            contestant: self.contestant.name.to_owned(),
            step: measured_step(self.phase),
            place,
            jobs: self.phase.jobs(self.contestant.store, self.day),
            backlog: self.phase.backlog(),
        }
    }
}

fn words(phase: Phase, report: &Report) -> String {
    let mebibytes = |kib: Option<u64>| kib.unwrap_or(0) / 1024;
    match phase {
        Phase::Pickup | Phase::PickupAcross => {
            format!("p50 {} µs, p99 {} µs", report.p50_us.unwrap_or(0), report.p99_us.unwrap_or(0))
        }
        Phase::IdleMemory => format!("{} MiB", mebibytes(report.resident_kib)),
        _ => {
            let cut = if report.cut_off { " (cut off)" } else { "" };
            let cost = report.server.map(|cost| costs(report, cost));
            let cost = cost.unwrap_or_default();
            format!("{:.0} jobs/s{cut}, peak {} MiB{cost}", rate(report), mebibytes(report.peak_kib))
        }
    }
}

/// The cost of a job: processor time of the server and of the program, write-ahead log and dead rows.
#[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
fn costs(report: &Report, cost: Cost) -> String {
    let each = |whole: f64| whole / report.jobs as f64;
    let (server, own) = (each(cost.cpu_seconds * 1e6), each(report.cpu_seconds.unwrap_or(0.0) * 1e6));
    let (log, dead) = (each(cost.wal_bytes as f64), each(cost.dead_rows as f64));
    format!(", {server:.1} + {own:.1} µs CPU, {log:.0} B log, {dead:.2} dead")
}

/// Jobs per second.
#[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
pub(crate) fn rate(report: &Report) -> f64 {
    report.jobs as f64 / report.seconds
}
