//! The lists of the view as tables.

use std::collections::BTreeMap;

use jobs::Timestamp;
use jobs::store::{JobRecord, ProcessId};
use jobs_core::short_class;
use ratatui::layout::Constraint;
use ratatui::widgets::{Cell, Row, Table};

use crate::output::{format_duration, jobs_held, one_line, relative_time};
use crate::top::palette::Palette;
use crate::top::snapshot::{ShownJob, Snapshot};
use crate::top::tab::Tab;
use crate::top::view::View;

/// The table of the visible list, with its selected row highlighted, in so many columns of the terminal.
pub(crate) fn table(view: &View, snapshot: &Snapshot, palette: Palette, width: u16) -> Table<'static> {
    let (columns, rows) = match view.tab {
        Tab::Queues => queues(snapshot, palette),
        Tab::Processes => processes(snapshot),
        Tab::Running => running(view, snapshot),
        Tab::Failed => failed(view, snapshot),
        Tab::Jobs => jobs(view, snapshot),
    };
    let shown = |column: &ListColumn| width >= column.from;
    let head = Row::new(columns.iter().filter(|column| shown(column)).map(|column| column.head)).style(Palette::HEAD);
    let widths: Vec<_> = columns.iter().filter(|column| shown(column)).map(|column| column.width).collect();
    let rows = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().zip(&columns).filter(|(_, column)| shown(column));
        Row::new(cells.map(|(cell, _)| cell))
    });
    Table::new(rows, widths).header(head).column_spacing(2).row_highlight_style(Palette::SELECTED)
}

/// A column, which only terminals of a width show.
struct ListColumn {
    head: &'static str,
    width: Constraint,
    from: u16,
}

type TableParts = (Vec<ListColumn>, Vec<Vec<Cell<'static>>>);

const fn fill(head: &'static str, share: u16, from: u16) -> ListColumn {
    ListColumn { head, width: Constraint::Fill(share), from }
}

const fn fixed(head: &'static str, width: u16, from: u16) -> ListColumn {
    ListColumn { head, width: Constraint::Length(width), from }
}

/// A column that is as wide as the longest of its texts, within limits.
fn fitting<'a>(head: &'static str, texts: impl Iterator<Item = &'a str>, most: u16, from: u16) -> ListColumn {
    let longest = texts.map(|text| text.chars().count()).max().unwrap_or(0).max(head.len());
    fixed(head, u16::try_from(longest).map_or(most, |longest| longest.min(most)), from)
}

fn queues(snapshot: &Snapshot, palette: Palette) -> TableParts {
    let rows = snapshot.stats.queues.iter().map(|queue| {
        let paused = if queue.paused { Cell::new("paused").style(palette.attention()) } else { Cell::default() };
        vec![cell(&queue.name), cell(&queue.ready.to_string()), cell(&format_duration(queue.latency)), paused]
    });
    let columns = vec![fill("QUEUE", 1, 0), fixed("READY", 10, 0), fixed("LATENCY", 10, 50), fixed("", 8, 0)];
    (columns, rows.collect())
}

fn processes(snapshot: &Snapshot) -> TableParts {
    let records = &snapshot.stats.processes;
    let hosts: Vec<_> = records.iter().map(|one| format!("{}:{}", one.process.host, one.process.pid)).collect();
    let rows = records.iter().zip(&hosts).map(|(record, host)| {
        let process = &record.process;
        let last_seen = relative_time(snapshot.stats.at, record.heartbeat_at);
        let runs = runs(snapshot.jobs(), process.id);
        [&process.name, host, process.phase.as_str(), &jobs_held(record), &last_seen, &runs].map(cell).into()
    });
    let columns = vec![
        fitting("NAME", records.iter().map(|one| one.process.name.as_str()), 24, 0),
        fitting("HOST:PID", hosts.iter().map(String::as_str), 28, 60),
        fixed("PHASE", 8, 40),
        fixed("JOBS", if records.iter().any(|one| one.slots().is_some()) { 9 } else { 4 }, 0),
        fixed("LAST SEEN", 9, 50),
        fill("RUNS", 1, 70),
    ];
    (columns, rows.collect())
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

fn running(view: &View, snapshot: &Snapshot) -> TableParts {
    let rows = snapshot.jobs().iter().map(|ShownJob { job, .. }| {
        let process = job.claimed_by.and_then(|id| snapshot.stats.processes.iter().find(|one| one.process.id == id));
        let process = process.map(|one| format!("{}:{}", one.process.host, one.process.pid)).unwrap_or_default();
        [&name(view, job), &job.queue, &attempt(snapshot, job), &enqueued(snapshot.stats.at, job), &process]
            .map(|text| cell(text))
            .into()
    });
    let columns = vec![
        fill("JOB", 2, 0),
        fill("QUEUE", 1, 40),
        fixed("ATTEMPT", 8, 60),
        fixed("ENQUEUED", 12, 0),
        fixed("PROCESS", 18, 70),
    ];
    (columns, rows.collect())
}

fn failed(view: &View, snapshot: &Snapshot) -> TableParts {
    let rows = snapshot.jobs().iter().map(|ShownJob { job, .. }| {
        let cells = [
            &name(view, job),
            &job.queue,
            &job.attempts.to_string(),
            &enqueued(snapshot.stats.at, job),
            &last_error(job),
        ];
        cells.map(|text| cell(text)).into()
    });
    let columns = vec![
        fill("JOB", 2, 0),
        fill("QUEUE", 1, 60),
        fixed("ATTEMPTS", 8, 80),
        fixed("ENQUEUED", 12, 70),
        fill("LAST ERROR", 4, 0),
    ];
    (columns, rows.collect())
}

fn jobs(view: &View, snapshot: &Snapshot) -> TableParts {
    let rows = snapshot.jobs().iter().map(|ShownJob { job, .. }| {
        let cells =
            [&name(view, job), job.state.as_str(), &job.queue, &enqueued(snapshot.stats.at, job), &last_error(job)];
        cells.map(cell).into()
    });
    let columns = vec![
        fill("JOB", 2, 0),
        fixed("STATE", 9, 0),
        fill("QUEUE", 1, 50),
        fixed("ENQUEUED", 12, 60),
        fill("LAST ERROR", 2, 75),
    ];
    (columns, rows.collect())
}

/// The name of a job, with a mark if the user has chosen the job.
fn name(view: &View, job: &JobRecord) -> String {
    if view.chosen.contains(&job.id) { format!("× {}", job.name) } else { job.name.clone() }
}

fn last_error(job: &JobRecord) -> String {
    let text = job.errors.last().map(|error| format!("{}: {}", short_class(&error.class), error.message));
    text.unwrap_or_default()
}

/// The number of the running attempt, which is among the attempts of the job if its store counts them at the claim.
fn attempt(snapshot: &Snapshot, job: &JobRecord) -> String {
    job.attempts.saturating_add(u32::from(!snapshot.counts_at_claim)).to_string()
}

fn enqueued(now: Timestamp, job: &JobRecord) -> String {
    relative_time(now, job.enqueued_at)
}

/// Escapes the text, which may come from a user's error and contain commands to the terminal.
fn cell(text: &str) -> Cell<'static> {
    Cell::new(one_line(text))
}
