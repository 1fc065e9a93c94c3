//! The lists as tables.

use std::collections::BTreeMap;

use jobs::{JobRecord, ProcessId, Timestamp};
use ratatui::layout::Constraint;
use ratatui::widgets::{Cell, Row, Table};

use crate::output::one_line;
use crate::spans::{seen_from, spoken};
use crate::top::look::{Look, Seen};
use crate::top::palette::Palette;
use crate::top::view::Tab;

/// The list of a tab, with its chosen line set apart.
pub(crate) fn table(tab: Tab, look: &Look, palette: Palette) -> Table<'static> {
    let (head, widths, rows) = match tab {
        Tab::Queues => queues(look, palette),
        Tab::Processes => processes(look),
        Tab::Running => running(look),
        Tab::Failed => failed(look),
    };
    let head = Row::new(head).style(Palette::HEAD);
    Table::new(rows, widths).header(head).column_spacing(2).row_highlight_style(Palette::CHOSEN)
}

type Parts = (Vec<&'static str>, Vec<Constraint>, Vec<Row<'static>>);

fn queues(look: &Look, palette: Palette) -> Parts {
    let rows = look.stats.queues.iter().map(|queue| {
        let paused = if queue.paused { Cell::new("paused").style(palette.asking()) } else { Cell::default() };
        let cells = [cell(&queue.name), cell(&queue.ready.to_string()), cell(&spoken(queue.latency)), paused];
        Row::new(cells)
    });
    let widths = vec![Constraint::Fill(1), Constraint::Length(10), Constraint::Length(10), Constraint::Length(8)];
    (vec!["QUEUE", "READY", "LATENCY", ""], widths, rows.collect())
}

fn processes(look: &Look) -> Parts {
    let rows = look.stats.processes.iter().map(|record| {
        let process = &record.process;
        let place = format!("{}:{}", process.host, process.pid);
        let seen = seen_from(look.stats.at, record.heartbeat_at);
        let runs = runs(&look.running, process.id);
        let cells = [&process.name, &place, process.phase.as_str(), &record.claimed.to_string(), &seen, &runs];
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

/// The names of the jobs that a process holds, each with how often.
fn runs(running: &[Seen], process: ProcessId) -> String {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for Seen { job, .. } in running.iter().filter(|seen| seen.job.claimed_by == Some(process)) {
        *names.entry(&job.name).or_default() += 1;
    }
    let names = names.into_iter().map(|(name, count)| if count > 1 { format!("{name} {count}×") } else { name.into() });
    names.collect::<Vec<_>>().join(", ")
}

fn running(look: &Look) -> Parts {
    let rows = look.running.iter().map(|Seen { job, .. }| {
        let holder = job.claimed_by.and_then(|id| look.stats.processes.iter().find(|one| one.process.id == id));
        let holder = holder.map(|one| format!("{}:{}", one.process.host, one.process.pid)).unwrap_or_default();
        Row::new([&job.name, &job.queue, &attempt(job), &since(look.stats.at, job), &holder].map(|text| cell(text)))
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

fn failed(look: &Look) -> Parts {
    let rows = look.failed.iter().map(|Seen { job, .. }| {
        let error = job.errors.last().map(|error| format!("{}: {}", error.class, error.message)).unwrap_or_default();
        let cells = [&job.name, &job.queue, &job.attempts.to_string(), &since(look.stats.at, job), &error];
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

/// Attempts that are over, and the one that runs.
fn attempt(job: &JobRecord) -> String {
    job.attempts.saturating_add(1).to_string()
}

fn since(now: Timestamp, job: &JobRecord) -> String {
    seen_from(now, job.enqueued_at)
}

/// What stands in it may come from a user's error, and is not to steer the terminal.
fn cell(text: &str) -> Cell<'static> {
    Cell::new(one_line(text))
}
