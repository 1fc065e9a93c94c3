//! Scheduled jobs that are due become ready.

use jobs_core::{Dispatched, Error, Timestamp};
use jobs_sql::{SqlValue, Transaction};

use super::semaphores::Admission;
use crate::SolidQueueStore;
use crate::lists;

const DUE: &str = include_str!("../sql/dispatch/due.sql");
const DELETE_SCHEDULED: &str = include_str!("../sql/dispatch/delete_scheduled.sql");
const NEXT: &str = include_str!("../sql/dispatch/next.sql");
const NOT_LEFT_TO_RUBY: &str = include_str!("../sql/dispatch/not_left_to_ruby.sql");
const MAKE_READY: &str = include_str!("../sql/settle/make_ready.sql");

const DOING: &str = "make due jobs ready";

/// A condition on the jobs that are dispatched, with its values; empty for all jobs.
#[derive(Debug, Default)]
struct DispatchCondition {
    text: String,
    values: Vec<SqlValue>,
}

impl DispatchCondition {
    fn fill(&self, statement: &str) -> String {
        statement.replace("{not_left_to_ruby}", &self.text)
    }

    /// The values of a statement, with those of the condition between them.
    fn values(&self, before: &[SqlValue], after: &[SqlValue]) -> Vec<SqlValue> {
        [before, &self.values, after].concat()
    }
}

impl SolidQueueStore {
    pub(crate) async fn dispatch_due(&self, limit: usize) -> Result<Dispatched, Error> {
        self.maintain_limits().await?;
        // How many jobs may run under a limit that is not declared here, only Ruby's dispatcher knows.
        let mut transaction = self.queue.begin(DOING).await?;
        let ruby_dispatches = self.ruby_dispatches(&mut transaction).await?;
        transaction.commit().await?;
        let condition = if ruby_dispatches { self.not_left_to_ruby() } else { DispatchCondition::default() };
        let ready = if limit == 0 { 0 } else { self.move_due(limit, &condition).await? };
        let next = self.queue.query(&condition.fill(NEXT), &condition.values, DOING).await?;
        let next = next.first().map(|row| row.time(0)).transpose()?;
        let now = self.queue.now();
        Ok(Dispatched::new(ready, next.map(|next| next.duration_since(now))))
    }

    fn not_left_to_ruby(&self) -> DispatchCondition {
        let (of_classes, values) = self.declared_classes();
        DispatchCondition { text: NOT_LEFT_TO_RUBY.replace("{of_classes}", &of_classes), values }
    }

    async fn move_due(&self, limit: usize, condition: &DispatchCondition) -> Result<usize, Error> {
        let now = self.queue.now();
        let call = self.dropped_dispatch.begin();
        let mut transaction = self.queue.begin(DOING).await?;
        let due = transaction
            .query(&call.locking(&condition.fill(DUE)), &condition.values(&[now.into()], &[limit.into()]))
            .await?;
        if due.is_empty() {
            call.finished();
            return Ok(0);
        }
        let numbers = |column| due.iter().map(|row| row.int(column)).collect::<Result<Vec<_>, _>>();
        let ready = self.admit_rows(&mut transaction, &numbers(1)?, now).await?;
        lists::execute(&mut transaction, DELETE_SCHEDULED, &[], &numbers(0)?).await?;
        transaction.commit().await?;
        call.finished();
        Ok(ready)
    }

    /// Makes jobs ready; those with a limit if they get a permit. Answers how many are ready or blocked.
    pub(crate) async fn admit_rows(
        &self,
        transaction: &mut Transaction,
        rows: &[i64],
        now: Timestamp,
    ) -> Result<usize, Error> {
        let limited = self.limited(transaction, rows).await?;
        let is_limited = |row: &&i64| limited.iter().any(|job| job.row == **row);
        let free: Vec<i64> = rows.iter().filter(|row| !is_limited(row)).copied().collect();
        lists::execute(transaction, MAKE_READY, &[now.into()], &free).await?;
        let mut moved = free.len();
        for job in limited {
            moved += usize::from(self.admit_limited(transaction, &job, now).await? != Admission::Discarded);
        }
        Ok(moved)
    }
}
