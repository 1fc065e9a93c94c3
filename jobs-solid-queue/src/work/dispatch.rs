//! Scheduled jobs that are due become ready.

use jobs_core::{Dispatched, Error, Timestamp};
use jobs_sql::{SqlRow, Transaction};

use super::semaphores::Admission;
use crate::SolidQueueStore;
use crate::lists;
use crate::payload::storable;

const DUE: &str = include_str!("../sql/dispatch/due.sql");
const FIRST_DUE: &str = include_str!("../sql/dispatch/first_due.sql");
const LOCK_DUE: &str = include_str!("../sql/dispatch/lock_due.sql");
const DELETE_SCHEDULED: &str = include_str!("../sql/dispatch/delete_scheduled.sql");
const NEXT: &str = include_str!("../sql/dispatch/next.sql");
const MAKE_READY: &str = include_str!("../sql/settle/make_ready.sql");

const DOING: &str = "make due jobs ready";

/// Among so many due jobs those are looked for that are not left to Ruby: it moves the others before they are more.
const LOOKED_AT: usize = 2000;

impl SolidQueueStore {
    pub(crate) async fn dispatch_due(&self, limit: usize) -> Result<Dispatched, Error> {
        self.maintain_limits().await?;
        let mut transaction = self.queue.begin(DOING).await?;
        let ruby_dispatches = self.ruby_dispatches(&mut transaction).await?;
        transaction.commit().await?;
        let ready = if limit == 0 { 0 } else { self.move_due(limit, ruby_dispatches).await? };
        let now = self.queue.now();
        // What is due and still there was left to Ruby, unless there was more than the limit.
        let after = if ruby_dispatches && ready < limit { now } else { storable(Timestamp::default()) };
        let next = self.queue.query(NEXT, &[after.into()], DOING).await?;
        let next = next.first().map(|row| row.time(0)).transpose()?;
        Ok(Dispatched::new(ready, next.map(|next| next.duration_since(now))))
    }

    async fn move_due(&self, limit: usize, ruby_dispatches: bool) -> Result<usize, Error> {
        let now = self.queue.now();
        let call = self.dropped_dispatch.begin();
        let mut transaction = self.queue.begin(DOING).await?;
        let due = if ruby_dispatches {
            let ours = self.not_left_to_ruby(&mut transaction, now, limit).await?;
            lists::query(&mut transaction, &call.locking(LOCK_DUE), &ours).await?
        } else {
            transaction.query(&call.locking(DUE), &[now.into(), limit.into()]).await?
        };
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

    /// The first due jobs, without those whose limit is not declared here: how many of them may run, only Ruby's dispatcher knows.
    async fn not_left_to_ruby(
        &self,
        transaction: &mut Transaction,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<i64>, Error> {
        let first = transaction.query(FIRST_DUE, &[now.into(), limit.max(LOOKED_AT).into()]).await?;
        let limits = &self.queue.options.limits;
        let is_ours = |row: &&SqlRow| row.text_or_null(1).is_none_or(|class| limits.of(class).is_some());
        first.iter().filter(is_ours).take(limit).map(|row| row.int(0)).collect()
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
