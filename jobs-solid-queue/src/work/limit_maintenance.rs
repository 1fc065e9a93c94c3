//! Looks after the permits of concurrency limits, as a dispatcher of Ruby does: those of running jobs are renewed, those that
//! ran out are free again, and jobs that wait for a free permit get it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs_core::{Error, Timestamp};
use jobs_sql::SqlRow;

use super::process_row::NAMES;
use crate::SolidQueueStore;
use crate::lists;
use crate::payload::storable;

const DELETE_EXPIRED: &str = include_str!("../sql/semaphore/delete_expired.sql");
const DELETE_EXPIRED_OF: &str = include_str!("../sql/semaphore/delete_expired_of.sql");
const WAITING_KEYS: &str = include_str!("../sql/semaphore/waiting_keys.sql");
const WAIT_ON: &str = include_str!("../sql/semaphore/wait_on.sql");
const HELD_ROWS: &str = include_str!("../sql/semaphore/held_rows.sql");
const RENEW: &str = include_str!("../sql/semaphore/renew.sql");

const DOING: &str = "look after concurrency limits";

/// How often the jobs that run and those that wait are looked at. Ruby does it every ten minutes; the row of a job that waits too
/// long for a permit, of a class that Ruby does not know, ends Ruby's pass with an error, so it is to be moved on before.
const INTERVAL: Duration = Duration::from_secs(30);

/// How often all permits that ran out are deleted, those of jobs that Ruby runs too: as often as each dispatcher of Ruby
/// does it, so that its jobs hold them no shorter.
const CLEANING_INTERVAL: Duration = Duration::from_secs(10 * 60);

/// How many keys are read at once.
const KEYS_AT_ONCE: usize = 500;

/// When it was done last.
#[derive(Debug, Default)]
pub(crate) struct LastMaintenance(Mutex<Option<Timestamp>>);

impl LastMaintenance {
    /// Whether it is time again.
    fn is_due(&self, now: Timestamp, interval: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|last| now < last || now >= last + interval)
    }

    fn done(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}

impl SolidQueueStore {
    /// Looks after limits, if it is time. The first call does.
    pub(crate) async fn maintain_limits(&self) -> Result<(), Error> {
        let now = self.queue.now();
        if !self.maintained.is_due(now, INTERVAL) {
            return Ok(());
        }
        self.maintained.done(now);
        self.renew_held(now).await?;
        if self.queue.options.limits.is_empty() {
            return Ok(());
        }
        if self.cleaned.is_due(now, CLEANING_INTERVAL) {
            let mut transaction = self.queue.begin(DOING).await?;
            transaction.execute(DELETE_EXPIRED, &[now.into()]).await?;
            transaction.commit().await?;
            self.cleaned.done(now);
        }
        self.release_all_waiting(now, storable(now + INTERVAL * 2)).await
    }

    /// Looks at all keys for which jobs of our classes wait: those of classes that another program knows stay where they are.
    async fn release_all_waiting(&self, now: Timestamp, soon: Timestamp) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let keys = self.waiting_keys(&after, soon).await?;
            for row in keys.iter().map(|row| row.int(1)).collect::<Result<Vec<_>, _>>()? {
                self.release_waiting(row, now, soon).await?;
            }
            match keys.last() {
                Some(last) if keys.len() >= KEYS_AT_ONCE => last.text(0)?.clone_into(&mut after),
                _ => return Ok(()),
            }
        }
    }

    /// The next keys, each with the row of a job that waits for its permit.
    async fn waiting_keys(&self, after: &str, soon: Timestamp) -> Result<Vec<SqlRow>, Error> {
        let classes: Vec<&str> = self.queue.options.limits.classes().collect();
        let statement = WAITING_KEYS.replace("{limit}", &KEYS_AT_ONCE.to_string());
        let mut transaction = self.queue.begin(DOING).await?;
        let keys = lists::query_with(&mut transaction, &statement, &[soon.into(), after.into()], &classes).await?;
        transaction.commit().await?;
        Ok(keys)
    }

    /// Renews the permits of the jobs that processes of Rust run.
    async fn renew_held(&self, now: Timestamp) -> Result<(), Error> {
        let held = self.queue.query(HELD_ROWS, &[NAMES.into()], DOING).await?;
        let rows = held.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
        let mut transaction = self.queue.begin(DOING).await?;
        let mut jobs = self.limited(&mut transaction, &rows).await?;
        transaction.commit().await?;
        jobs.dedup_by(|one, other| one.key == other.key);
        // One transaction for each key, so that two programs do not wait for each other.
        for job in jobs {
            let mut transaction = self.queue.begin(DOING).await?;
            let expires = job.expires(now);
            let values = [expires.into(), now.into(), job.key.as_str().into(), expires.into()];
            transaction.execute(RENEW, &values).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Makes a job ready for each free permit of the key of this job; the others wait on.
    async fn release_waiting(&self, row: i64, now: Timestamp, soon: Timestamp) -> Result<(), Error> {
        let mut transaction = self.queue.begin(DOING).await?;
        for job in self.limited(&mut transaction, &[row]).await? {
            // First the blocked rows are locked, then the permits.
            let expires = job.expires(now).max(soon);
            transaction.execute(WAIT_ON, &[expires.into(), job.key.as_str().into(), soon.into()]).await?;
            transaction.execute(DELETE_EXPIRED_OF, &[job.key.as_str().into(), now.into()]).await?;
            while job.release_next(&mut transaction, now).await? {}
        }
        transaction.commit().await
    }
}
