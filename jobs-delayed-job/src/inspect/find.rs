//! Finds rows by the ids of their jobs: by their numbers, or by the ids that Rust gave.

use std::collections::BTreeSet;

use jobs_core::{Error, ForeignId, JobId, JobRecord};
use jobs_sql::SqlRow;

use crate::job::{StoredJob, uuid_of};
use crate::store::{StoreCore, read_row};

const DOING: &str = "find jobs";

/// How many ids are sought with one statement, which reads the whole table.
const IDS_MAX: usize = 1000;

impl StoreCore {
    /// The numbers of the rows of these jobs, in ascending order.
    pub(crate) async fn rows_of(&self, jobs: &[JobId]) -> Result<Vec<i64>, Error> {
        let mut found = BTreeSet::new();
        let numbers: Vec<i64> = jobs.iter().filter_map(|job| number_of(*job)).collect();
        let select = include_str!("../sql/ids.sql");
        let by_number = select.replace("{conditions}", " WHERE id IN {ids}");
        found.extend(numbers_in(&self.read_for(&by_number, &numbers, DOING).await?)?);
        // The whole table is read for them, so only for those whose own row did not answer.
        let is_missing = |job: &&JobId| number_of(**job).is_none_or(|number| !found.contains(&number));
        let uuids: Vec<String> = jobs.iter().filter(is_missing).map(|job| uuid_of(*job)).collect();
        let uuids: Vec<&str> = uuids.iter().map(String::as_str).collect();
        let by_id = select.replace("{conditions}", " WHERE {own_id} IN {ids}");
        for part in uuids.chunks(IDS_MAX) {
            found.extend(numbers_in(&self.read_for(&by_id, part, DOING).await?)?);
        }
        Ok(found.into_iter().collect())
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

fn numbers_in(rows: &[SqlRow]) -> Result<Vec<i64>, Error> {
    rows.iter().map(|row| row.int(0)).collect()
}
