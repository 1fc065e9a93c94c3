//! Lists of values, one for each column of a statement. A list whose tail is all `NULL` ends before it, as `unnest`
//! goes on with `NULL` where a list is too short.

use jobs_core::{Decision, Error, ErrorRecord, NewJob, Settlement, Timestamp};

use crate::bind::{Id, micros, moment};
use crate::error::Result;
use crate::parameter::Parameter;
use crate::record;
use crate::text::stored;

/// One column.
pub(crate) struct Column<T>(pub(crate) Vec<Option<T>>);

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Column<T> {
    /// Sets the value of a row; rows before it that were not set are `NULL`.
    fn set(&mut self, row: usize, value: Option<T>) {
        if value.is_some() {
            self.0.resize_with(row, || None);
            self.0.push(value);
        }
    }

    /// The value of a row.
    pub(crate) fn of(&self, row: usize) -> Option<&T> {
        self.0.get(row)?.as_ref()
    }
}

/// A column in which most often all rows are alike. Then its list has one value, which stands for all.
pub(crate) struct Even<T> {
    pub(crate) values: Vec<T>,
    rows: usize,
}

impl<T> Default for Even<T> {
    fn default() -> Self {
        Self { values: Vec::new(), rows: 0 }
    }
}

impl<T: Clone> Even<T> {
    fn push<V: Into<T>>(&mut self, value: V)
    where
        T: PartialEq<V>,
    {
        let before = self.rows;
        self.rows += 1;
        if let [all] = self.values.as_slice() {
            if *all == value {
                return;
            }
            let all = all.clone();
            self.values.resize(before, all);
        }
        self.values.push(value.into());
    }
}

impl<T> Even<T> {
    /// The value of a row.
    pub(crate) fn of(&self, row: usize) -> Option<&T> {
        self.values.get(row).or(self.values.first())
    }
}

fn words(column: &mut Column<String>, row: usize, value: Option<&str>) {
    column.set(row, value.map(|text| stored(text).into_owned()));
}

/// The columns of `enqueue`.
#[derive(Default)]
pub(crate) struct NewJobs {
    /// `NULL` for a job that is not to be stored.
    pub(crate) ids: Vec<Option<Id>>,
    pub(crate) due: Column<i64>,
    pub(crate) waits: Even<i64>,
    pub(crate) priorities: Even<i32>,
    pub(crate) expires: Column<i64>,
    pub(crate) versions: Even<i64>,
    pub(crate) queues: Even<String>,
    pub(crate) names: Even<String>,
    pub(crate) unique_keys: Column<String>,
    pub(crate) concurrency_keys: Column<String>,
    pub(crate) batches: Column<String>,
    pub(crate) metas: Column<String>,
    pub(crate) arguments: Vec<String>,
}

impl NewJobs {
    pub(crate) fn of<'a>(jobs: impl Iterator<Item = &'a NewJob>) -> Self {
        let mut columns = Self::default();
        for (row, job) in jobs.enumerate() {
            columns.push(row, job);
        }
        columns
    }

    /// What the statement takes, in its order. The ids are given apart: some may not be stored.
    pub(crate) fn parameters<'a>(
        &'a self,
        ids: &'a Vec<Option<Id>>,
        now: &'a dyn Parameter,
    ) -> [&'a dyn Parameter; 14] {
        [
            now,
            ids,
            &self.due.0,
            &self.waits.values,
            &self.priorities.values,
            &self.expires.0,
            &self.versions.values,
            &self.queues.values,
            &self.names.values,
            &self.unique_keys.0,
            &self.concurrency_keys.0,
            &self.batches.0,
            &self.metas.0,
            &self.arguments,
        ]
    }

    /// When this row is due, if a store takes it at `now`.
    pub(crate) fn due_at(&self, row: usize, now: i64) -> i64 {
        self.due.of(row).copied().unwrap_or_else(|| now + self.waits.of(row).copied().unwrap_or_default())
    }

    fn push(&mut self, row: usize, job: &NewJob) {
        let (due, wait) = moment(job.due);
        self.ids.push(Some(Id(job.id)));
        self.due.set(row, due);
        self.waits.push(wait);
        self.priorities.push(job.priority);
        self.expires.set(row, job.expires_at.map(Timestamp::as_micros));
        self.versions.push(i64::from(job.version));
        self.queues.push(stored(&job.queue));
        self.names.push(stored(&job.name));
        self.unique_keys.set(row, job.unique_key.map(|key| key.to_string()));
        words(&mut self.concurrency_keys, row, job.concurrency_key.as_deref());
        words(&mut self.batches, row, job.batch_id.as_deref());
        words(&mut self.metas, row, job.meta.as_deref());
        self.arguments.push(stored(&job.arguments).into_owned());
    }
}

/// The columns of `settle`.
#[derive(Default)]
pub(crate) struct Settlements {
    pub(crate) ids: Vec<Id>,
    pub(crate) processes: Vec<i64>,
    pub(crate) claims: Vec<i64>,
    pub(crate) kinds: Vec<i16>,
    pub(crate) waits: Column<i64>,
    pub(crate) queues: Column<String>,
    pub(crate) priorities: Column<i32>,
    pub(crate) metas: Column<String>,
    pub(crate) errors: Column<String>,
}

impl Settlements {
    /// What the statement takes, in its order.
    pub(crate) fn parameters<'a>(&'a self, now: &'a dyn Parameter) -> [&'a dyn Parameter; 10] {
        [
            now,
            &self.ids,
            &self.processes,
            &self.claims,
            &self.kinds,
            &self.waits.0,
            &self.queues.0,
            &self.priorities.0,
            &self.metas.0,
            &self.errors.0,
        ]
    }

    pub(crate) fn push(&mut self, settlement: &Settlement) -> Result<()> {
        let row = self.ids.len();
        match &settlement.decision {
            Decision::Finish { keep } => self.kinds.push(i16::from(!*keep)),
            Decision::Discard { error } => {
                self.kinds.push(2);
                self.errors.set(row, error.as_ref().map(record::stored));
            }
            Decision::Retry { wait, queue, priority, meta, error } => {
                self.kinds.push(3);
                self.waits.set(row, Some(micros(*wait)));
                words(&mut self.queues, row, queue.as_deref());
                self.priorities.set(row, *priority);
                self.failed(row, meta.as_deref(), error);
            }
            Decision::Continue { wait, meta } => {
                self.kinds.push(4);
                self.waits.set(row, Some(micros(*wait)));
                words(&mut self.metas, row, meta.as_deref());
            }
            Decision::Fail { meta, error } => {
                self.kinds.push(5);
                self.failed(row, meta.as_deref(), error);
            }
            Decision::Release => self.kinds.push(6),
            other => {
                let words = format!("this version of `jobs-postgres` does not know {other:?}; update it");
                return Err(Error::other(words).into());
            }
        }
        self.token(settlement);
        Ok(())
    }

    /// Puts an unreadable job aside.
    pub(crate) fn put_aside(&mut self, unreadable: &record::Unreadable) {
        let message = format!(
            "the stored job cannot be read and is kept as failed: {}. Repair its row and retry it by hand, or discard it",
            unreadable.why
        );
        self.errors.set(self.ids.len(), Some(record::stored(&ErrorRecord::new(record::CORRUPT_CLASS, message))));
        self.kinds.push(7);
        self.token(&Settlement::new(unreadable.token, Decision::Release));
    }

    fn failed(&mut self, row: usize, meta: Option<&str>, error: &ErrorRecord) {
        words(&mut self.metas, row, meta);
        self.errors.set(row, Some(record::stored(error)));
    }

    fn token(&mut self, settlement: &Settlement) {
        self.ids.push(Id(settlement.token.job));
        self.processes.push(settlement.token.process.get());
        self.claims.push(settlement.token.claim);
    }
}

#[cfg(test)]
mod tests {
    use super::Even;

    fn sent(rows: &[i64]) -> Vec<i64> {
        let mut column = Even::<i64>::default();
        for row in rows {
            column.push(*row);
        }
        column.values
    }

    #[test]
    fn one_value_stands_for_all_rows_only_if_all_are_alike() {
        assert!(sent(&[]).is_empty());
        assert_eq!(sent(&[7]), [7]);
        assert_eq!(sent(&[7, 7, 7]), [7]);
        assert_eq!(sent(&[7, 7, 8]), [7, 7, 8]);
        assert_eq!(sent(&[7, 8, 7, 7]), [7, 8, 7, 7]);
    }
}
