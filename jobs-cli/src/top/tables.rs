//! The lists of the view as tables.

use std::collections::BTreeMap;

use jobs::Timestamp;
use jobs::store::{JobRecord, ProcessId};
use jobs_core::short_class;
use ratatui::layout::Constraint;
use ratatui::widgets::{Cell, Row, Table};

use crate::output::{format_duration, one_line, relative_time};
use crate::top::palette::Palette;
use crate::top::snapshot::{ShownJob, Snapshot};
use crate::top::view::Tab;

/// The table of a tab, with its selected row highlighted.
pub(crate) fn table(tab: Tab, snapshot: &Snapshot, palette: Palette) -> Table<'static> {
    let (head, widths, rows) = match tab {
        Tab::Queues => queues(snapshot, palette),
        Tab::Processes => processes(snapshot),
        Tab::Running => running(snapshot),
        Tab::Failed => failed(snapshot),
    };
    let head = Row::new(head).style(Palette::HEAD);
    Table::new(rows, widths).header(head).column_spacing(2).row_highlight_style(Palette::SELECTED)
}

type TableParts = (Vec<&'static str>, Vec<Constraint>, Vec<Row<'static>>);

fn queues(snapshot: &Snapshot, palette: Palette) -> TableParts {
    let rows = snapshot.stats.queues.iter().map(|queue| {
        let paused = if queue.paused { Cell::new("paused").style(palette.attention()) } else { Cell::default() };
        let cells = [cell(&queue.name), cell(&queue.ready.to_string()), cell(&format_duration(queue.latency)), paused];
        Row::new(cells)
    });
    let widths = vec![Constraint::Fill(1), Constraint::Length(10), Constraint::Length(10), Constraint::Length(8)];
    (vec!["QUEUE", "READY", "LATENCY", ""], widths, rows.collect())
}

fn processes(snapshot: &Snapshot) -> TableParts {
    let rows = snapshot.stats.processes.iter().map(|record| {
        let process = &record.process;
        let host = format!("{}:{}", process.host, process.pid);
        let last_seen = relative_time(snapshot.stats.at, record.heartbeat_at);
        let runs = runs(&snapshot.running, process.id);
        let cells = [&process.name, &host, process.phase.as_str(), &record.claimed.to_string(), &last_seen, &runs];
        Row::new(cells.map(cell))
    });
    let widths = vec![
        Constraint::Length(8),
        Constraint::Length(16),
        Constraint::Length(8),
        Constraint::Length(4),
        Constraint::Length(9),
        Constraint::Fill(1),
    ];
    (vec!["NAME", "HOST:PID", "PHASE", "JOBS", "LAST SEEN", "RUNS"], widths, rows.collect())
}

/// The names of the jobs that a process has claimed, each with its number.
fn runs(running: &[ShownJob], process: ProcessId) -> String {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for ShownJob { job, .. } in running.iter().filter(|shown| shown.job.claimed_by == Some(process)) {
        *names.entry(&job.name).or_default() += 1;
    }
    let names = names.into_iter().map(|(name, count)| if count > 1 { format!("{name} {count}×") } else { name.into() });
    names.collect::<Vec<_>>().join(", ")
}

fn running(snapshot: &Snapshot) -> TableParts {
    let rows = snapshot.running.iter().map(|ShownJob { job, .. }| {
        let process = job.claimed_by.and_then(|id| snapshot.stats.processes.iter().find(|one| one.process.id == id));
        let process = process.map(|one| format!("{}:{}", one.process.host, one.process.pid)).unwrap_or_default();
        Row::new(
            [&job.name, &job.queue, &attempt(job), &enqueued(snapshot.stats.at, job), &process].map(|text| cell(text)),
        )
    });
    let widths = vec![
        Constraint::Fill(2),
        Constraint::Fill(1),
        Constraint::Length(8),
        Constraint::Length(12),
        Constraint::Length(18),
    ];
    (vec!["JOB", "QUEUE", "ATTEMPT", "ENQUEUED", "PROCESS"], widths, rows.collect())
}

fn failed(snapshot: &Snapshot) -> TableParts {
    let rows = snapshot.failed.iter().map(|ShownJob { job, .. }| {
        let error = job
            .errors
            .last()
            .map(|error| format!("{}: {}", short_class(&error.class), error.message))
            .unwrap_or_default();
        let cells = [&job.name, &job.queue, &job.attempts.to_string(), &enqueued(snapshot.stats.at, job), &error];
        Row::new(cells.map(|text| cell(text)))
    });
    let widths = vec![
        Constraint::Fill(2),
        Constraint::Fill(1),
        Constraint::Length(8),
        Constraint::Length(12),
        Constraint::Fill(4),
    ];
    (vec!["JOB", "QUEUE", "ATTEMPTS", "ENQUEUED", "LAST ERROR"], widths, rows.collect())
}

/// The number of the running attempt: one more than those that ended.
fn attempt(job: &JobRecord) -> String {
    job.attempts.saturating_add(1).to_string()
}

fn enqueued(now: Timestamp, job: &JobRecord) -> String {
    relative_time(now, job.enqueued_at)
}

/// Escapes the text, which may come from a user's error and contain commands to the terminal.
fn cell(text: &str) -> Cell<'static> {
    Cell::new(one_line(text))
}
