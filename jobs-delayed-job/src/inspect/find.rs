//! Finds rows by the ids of their jobs: by their numbers, or by the ids that Rust gave.

use std::collections::BTreeSet;

use jobs_core::{Error, ForeignId, JobId, JobRecord};

use crate::job::{StoredJob, uuid_of};
use crate::store::{StoreCore, read_row};

const DOING: &str = "find jobs";

/// How many ids are sought with one statement.
const IDS_MAX: usize = 1000;

/// How many rows a statement reads that seeks ids in handlers. No index has them.
const ROWS_AT_A_TIME: i64 = 10_000;

/// How many rows of a job are sought. One that was enqueued repeatedly may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sought {
    All,
    Newest,
}

impl StoreCore {
    /// The numbers of the rows of these jobs, in ascending order.
    pub(crate) async fn rows_of(&self, jobs: &[JobId], sought: Sought) -> Result<Vec<i64>, Error> {
        let mut found = BTreeSet::new();
        let numbers: Vec<i64> = jobs.iter().filter_map(|job| number_of(*job)).collect();
        let by_number = include_str!("../sql/ids.sql").replace("{conditions}", " WHERE id IN {ids}");
        for row in self.read_for(&by_number, &numbers, DOING).await? {
            found.insert(row.int(0)?);
        }
        // The table is read for them, so only for those whose own row did not answer.
        let is_missing = |job: &&JobId| number_of(**job).is_none_or(|number| !found.contains(&number));
        let uuids: Vec<String> = jobs.iter().filter(is_missing).map(|job| uuid_of(*job)).collect();
        let uuids: Vec<&str> = uuids.iter().map(String::as_str).collect();
        for part in uuids.chunks(IDS_MAX) {
            found.extend(self.rows_by_own_id(part, sought).await?);
        }
        Ok(found.into_iter().collect())
    }

    /// The rows with these ids in their handlers. They are read from the newest one down, in parts: no statement reads the whole
    /// table, and the newest rows of jobs are found without reading what is older.
    async fn rows_by_own_id(&self, uuids: &[&str], sought: Sought) -> Result<Vec<i64>, Error> {
        let mut missing: BTreeSet<&str> = uuids.iter().copied().collect();
        let (mut rows, mut below) = (Vec::new(), i64::MAX);
        let within = " WHERE id >= ? AND id < ? AND {own_id} IN {ids}";
        let (statement, ids) =
            self.statements.with_list(&include_str!("../sql/ids.sql").replace("{conditions}", within), uuids);
        while sought == Sought::All || !missing.is_empty() {
            let part = [below.into(), ROWS_AT_A_TIME.into()];
            let start = self.read(include_str!("../sql/part_start.sql"), &part, DOING).await?;
            let Some(start) = start.first().and_then(|row| row.int_or_null(0)) else { break };
            let values = [&[start.into(), below.into()], &ids[..]].concat();
            for row in self.read(&statement, &values, DOING).await? {
                rows.push(row.int(0)?);
                missing.remove(row.text(1)?);
            }
            below = start;
        }
        Ok(rows)
    }

    /// The jobs in these rows, in the order of the numbers.
    pub(crate) async fn jobs_in(&self, rows: &[i64]) -> Result<Vec<JobRecord>, Error> {
        let rows = self.read_for(include_str!("../sql/rows.sql"), rows, DOING).await?;
        rows.iter().map(|row| Ok(StoredJob::of(read_row(row)?).record(self.options.names))).collect()
    }
}

fn number_of(job: JobId) -> Option<i64> {
    match job.foreign() {
        Some(ForeignId::Number(number)) => Some(number),
        _ => None,
    }
}
