//! Processes show that they live, and jobs become ready when their time has come.

use jobs_core::{Dispatched, Process, ProcessId, Pulse};
use tokio_postgres::Row;

use crate::bind::{between, rows};
use crate::error::Result;
use crate::session::Session;
use crate::statements::Sql;
use crate::text::stored;

pub(crate) async fn heartbeat(session: &Session, process: &Process, now: Option<i64>) -> Result<Pulse> {
    let (name, host, pid) = (stored(&process.name), stored(&process.host), i64::from(process.pid));
    let (id, phase) = (process.id.get(), process.phase.as_str());
    let row = session.query_one(Sql::Heartbeat, &[&now, &id, &&*name, &&*host, &pid, &phase]).await?;
    pulse(&row, 0)
}

/// One transaction, taken back if it fails.
pub(crate) async fn stop(session: &Session, process: ProcessId) -> Result<Pulse> {
    session
        .transaction(async {
            let stopped = session.query_one(Sql::Stop, &[&process.get()]).await?;
            if stopped.try_get(0)? {
                let all: Option<Vec<i64>> = None;
                session.query(Sql::ReturnClaimed, &[&process.get(), &all]).await?;
            }
            pulse(&stopped, 1)
        })
        .await
}

fn pulse(row: &Row, place: usize) -> Result<Pulse> {
    Ok(if row.try_get(place)? { Pulse::Revived } else { Pulse::Alive })
}

pub(crate) async fn dispatch(session: &Session, limit: usize, now: Option<i64>) -> Result<Dispatched> {
    let row = session.query_one(Sql::Dispatch, &[&now, &rows(limit)]).await?;
    let ready: i64 = row.try_get(0)?;
    let next: Option<i64> = row.try_get(1)?;
    let now: i64 = row.try_get(2)?;
    Ok(Dispatched::new(usize::try_from(ready).unwrap_or(0), next.map(|at| between(now, at))))
}
