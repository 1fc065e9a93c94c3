//! Heartbeats: a process registers itself, and keeps Ruby workers from its jobs by renewing their locks.

use std::sync::Arc;

use jobs_core::{Error, HeartbeatReply, HeartbeatSender, Heartbeats, Process, ProcessId, ProcessStatus, StoreFuture};
use jobs_sql::{Database, SqlValue, repeat_deadlocked};
use tokio::sync::OnceCell;

use super::claim_names::{pattern, process_of};
use super::processes::status_of;
use crate::DelayedJobStore;
use crate::store::StoreCore;

const DOING: &str = "send a heartbeat";

impl StoreCore {
    pub(crate) async fn beat(&self, process: &Process, database: &Database) -> Result<HeartbeatReply, Error> {
        if process.phase == ProcessStatus::Stopped {
            return repeat_deadlocked(|| Box::pin(self.stop(process.id, database))).await;
        }
        self.clock.measured(database.server_time().await?);
        let reply = repeat_deadlocked(|| Box::pin(self.register(process, database))).await?;
        self.held.remove_batches(process.id, &self.lost.of(process.id));
        let rows = self.held.to_renew(process.id, self.clock.now(), self.options.max_run_time);
        if !rows.is_empty() {
            repeat_deadlocked(|| Box::pin(self.renew(process.id, &rows, database))).await?;
        }
        Ok(reply)
    }

    async fn register(&self, process: &Process, database: &Database) -> Result<HeartbeatReply, Error> {
        let mut transaction = database.begin(DOING).await?;
        let find = self.statements.fill(include_str!("../sql/process_find.sql"));
        let found = transaction.query(&find, &[process.id.get().into()]).await?;
        let known =
            found.first().map(|row| Ok::<_, Error>((row.time(0)?, row.time_or_null(1), status_of(row.text(2)?))));
        let known = known.transpose()?;
        let now = self.clock.now();
        let was_recovered = known.is_some_and(|(_, recovered_at, _)| recovered_at.is_some());
        let started_at = known.filter(|_| !was_recovered).map_or(now, |(started_at, ..)| started_at);
        let asked = known.map_or(process.phase, |(.., asked)| asked.max(process.phase));
        let statement = match known {
            Some(_) => include_str!("../sql/process_write.sql"),
            None => include_str!("../sql/process_add.sql"),
        };
        let values = [
            process.name.as_str().into(),
            process.host.as_str().into(),
            process.pid.into(),
            asked.as_str().into(),
            self.statements.time(started_at),
            self.statements.time(now),
            SqlValue::Text(process.slow_json()),
            process.id.get().into(),
        ];
        transaction.execute(&self.statements.fill(statement), &values).await?;
        transaction.commit().await?;
        Ok(HeartbeatReply::new(was_recovered, process.phase, asked))
    }

    /// Renews the locks of the rows that the process holds, once a minute or oftener, but not those of lost claims: no Ruby worker takes a job whose lock is younger than
    /// its `max_run_time`.
    async fn renew(&self, process: ProcessId, rows: &[i64], database: &Database) -> Result<(), Error> {
        let mut transaction = database.begin("renew the locks of jobs").await?;
        let found = self.query_for(&mut transaction, include_str!("../sql/renew_find.sql"), rows).await?;
        let is_ours = |name: Option<&str>| name.and_then(process_of) == Some(process);
        let still: Vec<i64> =
            found.iter().filter(|row| is_ours(row.text_or_null(1))).filter_map(|row| row.int_or_null(0)).collect();
        let now = [self.statements.time(self.clock.now())];
        self.execute_for(&mut transaction, include_str!("../sql/renew.sql"), &now, &still).await?;
        transaction.commit().await
    }

    async fn stop(&self, process: ProcessId, database: &Database) -> Result<HeartbeatReply, Error> {
        let mut transaction = database.begin("stop a process").await?;
        let find = self.statements.fill(include_str!("../sql/process_find.sql"));
        let found = transaction.query(&find, &[process.get().into()]).await?;
        let was_recovered = found.first().is_some_and(|row| row.time_or_null(1).is_some());
        let forget = self.statements.fill(include_str!("../sql/process_forget.sql"));
        transaction.execute(&forget, &[process.get().into()]).await?;
        let release = self.statements.fill(include_str!("../sql/release_process.sql"));
        transaction.execute(&release, &[pattern(process).into()]).await?;
        transaction.commit().await?;
        self.changes.notify();
        self.held.forget(process);
        self.left_out.forget(process);
        Ok(HeartbeatReply::new(was_recovered, ProcessStatus::Stopped, ProcessStatus::Stopped))
    }
}

/// Heartbeats over connections of the runtime in which they are sent.
struct DelayedJobSender {
    core: Arc<StoreCore>,
    database: OnceCell<Database>,
}

impl Heartbeats for DelayedJobStore {
    fn sender(&self) -> Box<dyn HeartbeatSender + '_> {
        Box::new(DelayedJobSender { core: Arc::clone(&self.core), database: OnceCell::new() })
    }
}

impl HeartbeatSender for DelayedJobSender {
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(async move {
            let open = || Database::open(&self.core.options.database);
            self.core.beat(process, self.database.get_or_try_init(open).await?).await
        })
    }
}
