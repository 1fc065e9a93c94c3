//! Interleaved rounds: A, B, C; then B, C, A; and so on, so that a slow minute of the machine hits all alike.

use std::fs::File;
use std::path::Path;

use bench_protocol::{Outcome, Report, Step, Task};

use crate::children::Programs;
use crate::contestant::{ALL, Contestant, measured_step};
use crate::options::Options;
use crate::phase::Phase;
use crate::results::Results;

/// Runs everything. A contestant that fails ends the run: a number without its check is worth nothing.
pub(crate) fn run(options: &Options, programs: &Programs) -> Outcome<Results> {
    let mut results = Results::default();
    for phase in options.phases() {
        let mut contestants: Vec<Contestant> =
            ALL.into_iter().filter(|one| options.wants(one.name) && one.does(phase)).collect();
        for round in 0..options.rounds {
            for contestant in &contestants {
                let report = measure(*contestant, phase, programs)?;
                eprintln!("round {} {:<17} {:<22} {}", round + 1, phase.name(), contestant.name, words(phase, &report));
                results.add(*contestant, phase, report);
            }
            let turn = 1.min(contestants.len());
            contestants.rotate_left(turn);
        }
    }
    Ok(results)
}

fn measure(contestant: Contestant, phase: Phase, programs: &Programs) -> Outcome<Report> {
    let folder = tempfile::tempdir()?;
    let task = Task {
        contestant: contestant.name.to_owned(),
        step: measured_step(phase),
        folder: folder.path().to_owned(),
        jobs: phase.jobs(),
        backlog: phase.backlog(),
    };
    if task.backlog > 0 {
        programs.run(contestant, &Task { step: Step::Fill, ..task.clone() })?;
        settle(folder.path())?;
    }
    if phase == Phase::PickupAcross { programs.run_across(contestant, &task) } else { programs.run(contestant, &task) }
}

/// Waits until the backlog is on the disk, so that the system does not write it out during the drain.
fn settle(folder: &Path) -> Outcome<()> {
    for entry in std::fs::read_dir(folder)? {
        File::open(entry?.path())?.sync_all()?;
    }
    Ok(())
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
            format!("{:.0} jobs/s{cut}, peak {} MiB", rate(report), mebibytes(report.peak_kib))
        }
    }
}

/// Jobs a second.
#[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
pub(crate) fn rate(report: &Report) -> f64 {
    report.jobs as f64 / report.seconds
}
