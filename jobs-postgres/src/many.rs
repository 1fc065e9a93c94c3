//! Many jobs in one transaction, by `COPY`: it costs the server less than a statement that stores lists. It
//! cannot pass by a job that is there already, so an enqueue that is repeated comes to nothing here, and goes on by
//! statement.

use std::pin::pin;

use futures_util::future::join;
use jobs_core::State;
use tokio_postgres::Statement;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

use crate::columns::NewJobs;
use crate::error::Result;
use crate::session::Session;
use crate::statements::Sql;

/// From how many jobs on. It takes one round trip more than the statement, which fewer jobs would not make up for.
pub(crate) const MANY: usize = 250;

/// The columns of `enqueue_many`.
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

/// Stores them all, or none.
pub(crate) async fn insert(session: &Session, copy: &Statement, jobs: &NewJobs, now: Option<i64>) -> Result<()> {
    session
        .transaction(async {
            let begin: [&(dyn ToSql + Sync); 1] = [&now];
            let (told, copy) = join(session.query_one(Sql::EnqueueBegin, &begin), session.copy_in(copy, &TYPES)).await;
            let now = told?.try_get(0)?;
            let first: [&(dyn ToSql + Sync); 1] = [&jobs.ids.iter().flatten().min()];
            let (copied, may_be_done) =
                join(write(copy?, jobs, now), session.query_one(Sql::EnqueueDone, &first)).await;
            copied?;
            if may_be_done?.try_get(0)? {
                session.query(Sql::EnqueueAgain, &[&jobs.ids]).await?;
            }
            Ok(())
        })
        .await
}

async fn write(copy: BinaryCopyInWriter, jobs: &NewJobs, now: i64) -> Result<()> {
    let mut copy = pin!(copy);
    for row in 0..jobs.ids.len() {
        let due = jobs.due_at(row, now);
        let state = if due > now { State::Scheduled } else { State::Ready } as i16;
        let values: [&(dyn ToSql + Sync); 13] = [
            &jobs.ids.get(row),
            &state,
            &due,
            &now,
            &jobs.expires.of(row),
            &jobs.versions.of(row),
            &jobs.priorities.of(row),
            &jobs.queues.of(row),
            &jobs.names.of(row),
            &jobs.concurrency_keys.of(row),
            &jobs.batches.of(row),
            &jobs.metas.of(row),
            &jobs.arguments.get(row),
        ];
        copy.as_mut().write(&values).await?;
    }
    copy.finish().await?;
    Ok(())
}
