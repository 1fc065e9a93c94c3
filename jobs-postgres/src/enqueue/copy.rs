//! Inserts many jobs by `COPY`, which costs the server less than a statement with lists. `COPY` cannot skip a job that
//! is stored already, so a repeated enqueue fails here and must use the statement.

use std::pin::pin;

use futures_util::future::join;
use jobs_core::State;
use tokio_postgres::Statement;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

use super::new_jobs::NewJobColumns;
use super::number_blocks::NumberBlocks;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// The least number of jobs for which `COPY` is faster. It takes one round trip more than the statement.
pub(crate) const MIN_JOBS: usize = 250;

/// The columns of `enqueue_copy_numbered`. `enqueue_copy` lacks the last one, the number.
const TYPES: [Type; 14] = [
    Type::UUID,
    Type::INT2,
    Type::INT8,
    Type::INT8,
    Type::INT8,
    Type::INT8,
    Type::INT4,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::INT8,
];

/// The prepared `COPY` of a connection.
pub(crate) struct Copy<'a> {
    session: &'a Session,
    statement: &'a Statement,
    /// Whether the jobs get numbers of blocks; otherwise the server numbers them, because this user may not take numbers.
    is_numbered: bool,
}

impl<'a> Copy<'a> {
    /// `None` if nothing can be prepared on this connection.
    pub(crate) fn of(session: &'a Session) -> Option<Self> {
        let is_numbered = session.takes_numbers();
        let sql = if is_numbered { Sql::EnqueueCopyNumbered } else { Sql::EnqueueCopy };
        session.prepared(sql).map(|statement| Self { session, statement, is_numbered })
    }

    /// Inserts all the jobs, or none.
    pub(crate) async fn insert(&self, jobs: &NewJobColumns, now: Option<i64>) -> Result<()> {
        let session = self.session;
        let blocks = if self.is_numbered { NumberBlocks::needed(jobs.ids.len()) } else { 0 };
        session
            .transaction(async {
                let wanted: [&(dyn ToSql + Sync); 2] = [&now, &blocks];
                let (taken, copy) = join(session.query_one(Sql::EnqueueBegin, &wanted), self.begin()).await;
                let taken = taken?;
                let (now, numbers) = (taken.try_get(0)?, NumberBlocks::new(taken.try_get(2)?));
                let least_id: [&(dyn ToSql + Sync); 1] = [&jobs.ids.iter().flatten().min()];
                let (copied, may_be_done) =
                    join(self.write(copy?, jobs, now, &numbers), session.query_one(Sql::EnqueueMayBeDone, &least_id))
                        .await;
                copied?;
                if may_be_done?.try_get(0)? {
                    session.query(Sql::EnqueueUndoDone, &[&jobs.ids]).await?;
                }
                Ok(())
            })
            .await
    }

    async fn begin(&self) -> Result<BinaryCopyInWriter> {
        self.session.copy_in(self.statement, TYPES.get(..self.columns()).unwrap_or(&TYPES)).await
    }

    const fn columns(&self) -> usize {
        if self.is_numbered { TYPES.len() } else { TYPES.len() - 1 }
    }

    async fn write(
        &self,
        copy: BinaryCopyInWriter,
        jobs: &NewJobColumns,
        now: i64,
        numbers: &NumberBlocks,
    ) -> Result<()> {
        let mut copy = pin!(copy);
        for row in 0..jobs.ids.len() {
            let due = jobs.due_at(row, now);
            let state = if due > now { State::Scheduled } else { State::Ready } as i16;
            let values: [&(dyn ToSql + Sync); TYPES.len()] = [
                &jobs.ids.get(row),
                &state,
                &due,
                &now,
                &jobs.expires.get(row),
                &jobs.versions.get(row),
                &jobs.priorities.get(row),
                &jobs.queues.get(row),
                &jobs.names.get(row),
                &jobs.concurrency_keys.get(row),
                &jobs.batches.get(row),
                &jobs.metas.get(row),
                &jobs.arguments.get(row),
                &numbers.number(row),
            ];
            copy.as_mut().write(values.get(..self.columns()).unwrap_or(&values)).await?;
        }
        copy.finish().await?;
        Ok(())
    }
}
