//! Inserts many jobs by `COPY`, which costs the server less than a statement with lists. `COPY` cannot skip a job that
//! is stored already, so a repeated enqueue fails here and must use the statement.

use std::pin::pin;

use futures_util::future::join;
use jobs_core::State;
use tokio_postgres::Statement;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

use super::new_jobs::NewJobColumns;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// The least number of jobs for which `COPY` is faster. It takes one round trip more than the statement.
pub(crate) const MIN_JOBS: usize = 250;

/// The columns of `enqueue_copy`.
const TYPES: [Type; 13] = [
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
];

/// Inserts all the jobs, or none.
pub(crate) async fn insert(session: &Session, copy: &Statement, jobs: &NewJobColumns, now: Option<i64>) -> Result<()> {
    session
        .transaction(async {
            let begin: [&(dyn ToSql + Sync); 1] = [&now];
            let (time, copy) = join(session.query_one(Sql::EnqueueBegin, &begin), session.copy_in(copy, &TYPES)).await;
            let now = time?.try_get(0)?;
            let least_id: [&(dyn ToSql + Sync); 1] = [&jobs.ids.iter().flatten().min()];
            let (copied, may_be_done) =
                join(write(copy?, jobs, now), session.query_one(Sql::EnqueueMayBeDone, &least_id)).await;
            copied?;
            if may_be_done?.try_get(0)? {
                session.query(Sql::EnqueueUndoDone, &[&jobs.ids]).await?;
            }
            Ok(())
        })
        .await
}

async fn write(copy: BinaryCopyInWriter, jobs: &NewJobColumns, now: i64) -> Result<()> {
    let mut copy = pin!(copy);
    for row in 0..jobs.ids.len() {
        let due = jobs.due_at(row, now);
        let state = if due > now { State::Scheduled } else { State::Ready } as i16;
        let values: [&(dyn ToSql + Sync); 13] = [
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
        ];
        copy.as_mut().write(&values).await?;
    }
    copy.finish().await?;
    Ok(())
}
