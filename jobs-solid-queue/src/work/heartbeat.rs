//! Heartbeats: the row of a process is written, kept alive, and deleted at its end.

use jobs_core::{
    Error, HeartbeatReply, HeartbeatSender, Heartbeats, LogText, Process, ProcessId, ProcessStatus, StoreFuture,
};
use jobs_sql::{SqlValue, Transaction};
use tokio::sync::OnceCell;

use super::process_orders::{asked_status, forget_order};
use super::process_row::{Metadata, NAMES, name_of, takes_every_queue};
use crate::SolidQueueStore;
use crate::queue_database::QueueDatabase;

const ROW: &str = include_str!("../sql/process/row.sql");
const ROWS: &str = include_str!("../sql/process/rows.sql");
const INSERT: &str = include_str!("../sql/process/insert.sql");
const BEAT: &str = include_str!("../sql/process/beat.sql");
const DESCRIBE: &str = include_str!("../sql/process/describe.sql");
const OF_RUBY: &str = include_str!("../sql/process/of_ruby.sql");
const CLAIMS: &str = include_str!("../sql/process/claims.sql");
const DELETE: &str = include_str!("../sql/process/delete.sql");

impl SolidQueueStore {
    pub(crate) async fn beat(&self, process: &Process, queue: &QueueDatabase) -> Result<HeartbeatReply, Error> {
        if process.phase == ProcessStatus::Stopped {
            return self.stop(process, queue).await;
        }
        queue.read_clock(&self.queue.clock).await?;
        let mut transaction = queue.begin("send a heartbeat").await?;
        let is_registered = self.write_beat(&mut transaction, process).await?;
        let asked = asked_status(&mut transaction, process.id).await?.unwrap_or(process.phase);
        transaction.commit().await?;
        Ok(HeartbeatReply::new(self.view.registered(process, is_registered), process.phase, asked))
    }

    /// Answers whether an earlier heartbeat of the process is known.
    async fn write_beat(&self, transaction: &mut Transaction, process: &Process) -> Result<bool, Error> {
        let now = self.queue.now();
        let metadata = self.metadata_of(process.id, Some(process));
        let rows = transaction.query(ROWS, &[name_of(process.id).into()]).await?;
        let Some(row) = rows.first() else {
            self.insert_row(transaction, process, &metadata).await?;
            return Ok(false);
        };
        let (id, stored) = (row.int(0)?, Metadata::parse(row.text_or_null(1)));
        transaction.execute(BEAT, &[now.into(), id.into()]).await?;
        let is_registered = stored.clone().process().is_some();
        if stored != metadata {
            let since = if is_registered { row.time(2)? } else { now };
            let values = [pid(process), host(process), metadata.text().into(), since.into(), id.into()];
            transaction.execute(DESCRIBE, &values).await?;
        }
        Ok(is_registered)
    }

    async fn insert_row(
        &self,
        transaction: &mut Transaction,
        process: &Process,
        metadata: &Metadata,
    ) -> Result<i64, Error> {
        let now = self.queue.now();
        let of_ruby = transaction.query(OF_RUBY, &[NAMES.into()]).await?;
        if let Some(worker) = of_ruby.iter().find(|row| takes_every_queue(row.text_or_null(1))) {
            let worker = worker.text_or_null(0).unwrap_or_default();
            tracing::warn!(
                worker = %LogText::field(worker),
                "a worker of Ruby takes jobs from every queue, `*`, and fails those whose classes Ruby does not have; \
                 name the queues of Ruby in its `config/queue.yml`"
            );
        }
        let (pid, name) = (pid(process), name_of(process.id).into());
        transaction.insert(INSERT, &[now.into(), pid, host(process), metadata.text().into(), now.into(), name]).await
    }

    /// The row of a process, which stays until the transaction ends. A process that claims without one gets it: claims without the
    /// row of their process are taken for those of a dead one. If others have taken the row away, it is described as before, or
    /// its new claims would be taken away too before its next heartbeat.
    pub(crate) async fn row_of_process(&self, transaction: &mut Transaction, process: ProcessId) -> Result<i64, Error> {
        let rows = transaction.query(ROW, &[name_of(process).into()]).await?;
        if let Some(row) = rows.first() {
            return row.int(0);
        }
        let known = self.view.returns(process);
        let metadata = self.metadata_of(process, known.as_ref());
        let known = known.unwrap_or_else(|| Process::new(process, "", "", std::process::id()));
        self.insert_row(transaction, &known, &metadata).await
    }

    fn metadata_of(&self, id: ProcessId, process: Option<&Process>) -> Metadata {
        self.view.metadata(id, process).polling_every(self.queue.options.polling_interval)
    }

    /// Gives back what a process holds, and forgets it.
    async fn stop(&self, process: &Process, queue: &QueueDatabase) -> Result<HeartbeatReply, Error> {
        let mut transaction = queue.begin("stop a process").await?;
        let rows = transaction.query(ROWS, &[name_of(process.id).into()]).await?;
        let is_registered = rows.iter().any(|row| Metadata::parse(row.text_or_null(1)).process().is_some());
        for row in rows {
            let id = row.int(0)?;
            let claims = transaction.query(CLAIMS, &[id.into()]).await?;
            let numbers = |column| claims.iter().map(|row| row.int(column)).collect::<Result<Vec<_>, _>>();
            self.make_ready_again(&mut transaction, &numbers(0)?, &numbers(1)?).await?;
            transaction.execute(DELETE, &[id.into()]).await?;
        }
        forget_order(&mut transaction, process.id).await?;
        transaction.commit().await?;
        self.changes.notify();
        let was_registered = self.view.forget(process.id);
        Ok(HeartbeatReply::new(was_registered && !is_registered, process.phase, process.phase))
    }
}

/// The column holds no greater number; our own description has it.
fn pid(process: &Process) -> SqlValue {
    i32::try_from(process.pid).unwrap_or(i32::MAX).into()
}

fn host(process: &Process) -> SqlValue {
    process.host.as_str().into()
}

/// Heartbeats over a connection of their own, which is made in the runtime that sends them.
struct SolidQueueSender<'s> {
    store: &'s SolidQueueStore,
    queue: OnceCell<QueueDatabase>,
}

impl Heartbeats for SolidQueueStore {
    fn sender(&self) -> Box<dyn HeartbeatSender + '_> {
        Box::new(SolidQueueSender { store: self, queue: OnceCell::new() })
    }
}

impl HeartbeatSender for SolidQueueSender<'_> {
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(async move {
            let queue = self.queue.get_or_try_init(|| QueueDatabase::open(self.store.queue.options.clone())).await?;
            self.store.beat(process, queue).await
        })
    }
}
