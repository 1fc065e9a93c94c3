//! Counts, queues and processes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jobs_core::{Counts, Error, JobStats, Process, ProcessId, ProcessRecord, QueueRecord, Recurring, State};
use jobs_sql::{Dialect, SqlRow};

use crate::SolidQueueStore;
use crate::work::process_row::{Metadata, of_name};

const COUNTS: &str = include_str!("../sql/inspect/counts.sql");
const QUEUES: &str = include_str!("../sql/inspect/queues.sql");
const QUEUES_MYSQL: &str = include_str!("../sql/inspect/queues.mysql.sql");
const PAUSES: &str = include_str!("../sql/inspect/pauses.sql");
const PROCESSES: &str = include_str!("../sql/inspect/processes.sql");
const NEXT_DUE: &str = include_str!("../sql/inspect/next_due.sql");
const ROWS_POSTGRES: &str = include_str!("../sql/inspect/rows.postgres.sql");
const ROWS_MYSQL: &str = include_str!("../sql/inspect/rows.mysql.sql");
const ROWS_SQLITE: &str = include_str!("../sql/inspect/rows.sqlite.sql");
const DOING: &str = "read figures";

/// So many of the newest finished jobs are counted one by one.
const COUNTED: usize = 10_000;

impl SolidQueueStore {
    /// Of more finished jobs than [`COUNTED`], the number is what the database knows of the size of the table, and jobs that
    /// were discarded count among the newest alone.
    pub(crate) async fn read_counts(&self) -> Result<Counts, Error> {
        let rows = self.queue.query(COUNTS, &[COUNTED.into()], DOING).await?;
        let Some(row) = rows.first() else { return Ok(Counts::default()) };
        let number = |column| u64::try_from(row.int_or_null(column).unwrap_or(0)).unwrap_or(0);
        let mut counts = Counts::default();
        let states = [State::Scheduled, State::Blocked, State::Ready, State::Claimed, State::Failed];
        for (column, state) in states.into_iter().enumerate() {
            counts.add(state, number(column));
        }
        let (mut done, discarded) = (number(5), number(6));
        if done >= COUNTED as u64 {
            done = done.max(self.estimated_rows().await?.saturating_sub(counts.total()));
        }
        counts.add(State::Finished, done.saturating_sub(discarded));
        counts.add(State::Discarded, discarded);
        Ok(counts)
    }

    async fn estimated_rows(&self) -> Result<u64, Error> {
        let statement = match self.queue.dialect() {
            Dialect::Postgres => ROWS_POSTGRES,
            Dialect::MySql => ROWS_MYSQL,
            Dialect::Sqlite => ROWS_SQLITE,
        };
        let rows = self.queue.query(statement, &[], DOING).await?;
        Ok(rows.first().and_then(|row| u64::try_from(row.int_or_null(0)?).ok()).unwrap_or(0))
    }

    pub(crate) async fn read_queues(&self) -> Result<Vec<QueueRecord>, Error> {
        let statement = if self.queue.dialect() == Dialect::MySql { QUEUES_MYSQL } else { QUEUES };
        let rows = self.queue.query(statement, &[], DOING).await?;
        let paused = self.queue.query(PAUSES, &[], DOING).await?;
        let paused: BTreeSet<&str> = paused.iter().filter_map(|row| row.text_or_null(0)).collect();
        let now = self.queue.now();
        let mut queues = BTreeMap::new();
        for row in &rows {
            let name = row.text(0)?;
            let latency = row.time_or_null(2).map(|due| now.duration_since(due)).unwrap_or_default();
            let jobs = u64::try_from(row.int(1)?).unwrap_or(0);
            queues.insert(name.to_owned(), QueueRecord::new(name.to_owned(), jobs, latency, paused.contains(name)));
        }
        for name in paused {
            let empty = || QueueRecord::new(name.to_owned(), 0, Duration::ZERO, true);
            queues.entry(name.to_owned()).or_insert_with(empty);
        }
        Ok(queues.into_values().collect())
    }

    pub(crate) async fn read_processes(&self) -> Result<Vec<ProcessRecord>, Error> {
        let rows = self.queue.query(PROCESSES, &[], DOING).await?;
        let mut records = rows.iter().filter_map(|row| process(row).transpose()).collect::<Result<Vec<_>, _>>()?;
        self.show_orders_in(&mut records).await?;
        Ok(records)
    }

    pub(crate) async fn read_stats(&self) -> Result<JobStats, Error> {
        self.queue.read_clock(&self.queue.clock).await?;
        let now = self.queue.now();
        let mut stats = JobStats::at(now);
        (stats.counts, stats.queues) = (self.read_counts().await?, self.read_queues().await?);
        stats.processes = self.read_processes().await?;
        let next = self.queue.query(NEXT_DUE, &[], DOING).await?;
        let due = next.first().and_then(|row| row.time_or_null(0));
        stats.dispatch_latency = due.map(|due| now.duration_since(due)).unwrap_or_default();
        stats.late_tick = self.tasks().await?.late_tick();
        Ok(stats)
    }
}

/// A process of either side. One of ours is `None` before its first heartbeat.
fn process(row: &SqlRow) -> Result<Option<ProcessRecord>, Error> {
    let name = row.text_or_null(1).unwrap_or_default();
    let is_ours = of_name(name).is_some();
    let process =
        if is_ours { Metadata::parse(row.text_or_null(5)).process() } else { Some(process_of_ruby(row, name)?) };
    let claimed = u64::try_from(row.int_or_null(8).unwrap_or(0)).unwrap_or(0);
    let time = |column: usize| row.time_or_null(column).unwrap_or_default();
    let record = |process| ProcessRecord::new(process, time(6), time(7), claimed).taking_orders(is_ours);
    Ok(process.map(|process| record(process).with_oldest_claim(row.time_or_null(9))))
}

/// A process of Ruby has the number of its row. Its name begins with its kind.
fn process_of_ruby(row: &SqlRow, name: &str) -> Result<Process, Error> {
    let name = if name.is_empty() { row.text_or_null(2).unwrap_or_default() } else { name };
    let pid = row.int_or_null(4).and_then(|pid| u32::try_from(pid).ok()).unwrap_or(0);
    let mut process = Process::new(ProcessId::new(row.int(0)?), name, row.text_or_null(3).unwrap_or_default(), pid);
    process.details = Metadata::parse(row.text_or_null(5)).details();
    Ok(process)
}
