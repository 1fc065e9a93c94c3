//! One line on each step, which is printed while a run goes on.

use bench_protocol::{Cost, Report};

use crate::phase::Phase;
use crate::rounds::rate;

/// The figures of a step.
pub(crate) fn of(phase: Phase, report: &Report) -> String {
    let mebibytes = |kib: Option<u64>| kib.unwrap_or(0) / 1024;
    match phase {
        _ if phase.is_pickup() => {
            format!("p50 {} µs, p99 {} µs", report.p50_us.unwrap_or(0), report.p99_us.unwrap_or(0))
        }
        Phase::IdleQueues => idle(report),
        Phase::Weights(..) => {
            let (deviation, row) = (report.deviation_percent.unwrap_or(0.0), report.longest_row.unwrap_or(0));
            format!("{deviation:.1} % away from a weight, {row} of one queue in a row")
        }
        Phase::Recurring(_) => format!("{:.2} s", report.seconds),
        Phase::LostNode => {
            format!("{:.1} s, ideal are {:.1} s", report.seconds, report.ideal_seconds.unwrap_or(0.0))
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

fn idle(report: &Report) -> String {
    let idle = report.idle.unwrap_or_default();
    let server = idle.server.map(|percent| format!("{percent:.1} % of a processor for the server, "));
    format!("{}{:.1} % for the workers", server.unwrap_or_default(), idle.own)
}
