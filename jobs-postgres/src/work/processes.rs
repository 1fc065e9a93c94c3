//! Heartbeats of processes, what a person asks of them, and the dispatch of scheduled jobs that are due.

use jobs_core::{Dispatched, HeartbeatReply, JobId, Process, ProcessId, ProcessOrder, ProcessStatus, RefusedJobs};

use crate::codec::bind::{Id, duration_between};
use crate::codec::encoding::Encoding;
use crate::codec::nul_escape::escape_nul;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;
use crate::work::refusable::{Upkeep, UpkeepCall};

pub(crate) async fn heartbeat(
    session: &Session,
    process: &Process,
    encoding: Encoding,
    now: Option<i64>,
) -> Result<HeartbeatReply> {
    let (name, host) = (encoding.text(&process.name), encoding.text(&process.host));
    let (name, host, pid) = (escape_nul(&name), escape_nul(&host), i64::from(process.pid));
    let (id, phase) = (process.id.get(), process.phase.as_str());
    let json = |json: Option<String>| json.map(|json| encoding.json(&json).into_owned());
    let (slow, details) = (json(process.slow_json()), json(process.details.to_json()));
    let row = session.query_one(Sql::Heartbeat, &[&now, &id, &&*name, &&*host, &pid, &phase, &slow, &details]).await?;
    let asked = ProcessStatus::parse(row.try_get(1)?).unwrap_or(process.phase);
    Ok(HeartbeatReply::new(row.try_get(0)?, process.phase, asked))
}

/// Keeps an order in the row of the process until it follows it. Returns whether it is new.
pub(crate) async fn order(session: &Session, process: ProcessId, order: ProcessOrder) -> Result<bool> {
    let before = [ProcessStatus::Running, ProcessStatus::Quiet].into_iter().filter(|status| *status < order.status());
    let before: Vec<&str> = before.map(ProcessStatus::as_str).collect();
    let changed = session.query(Sql::ProcessOrder, &[&process.get(), &order.status().as_str(), &before]).await?;
    Ok(!changed.is_empty())
}

/// Keeps a request to cancel the current claim of a job. Returns the process that has claimed it, if it is known.
pub(crate) async fn cancel(session: &Session, job: JobId) -> Result<Option<ProcessId>> {
    let found = session.query(Sql::Cancel, &[&Id(job)]).await?;
    Ok(found.first().map(|row| row.try_get(0)).transpose()?.map(ProcessId::new))
}

/// The jobs of a process whose current claim is to be cancelled.
pub(crate) async fn cancelled(session: &Session, process: ProcessId) -> Result<Vec<JobId>> {
    let found = session.query(Sql::Cancelled, &[&process.get()]).await?;
    found.iter().map(|row| Ok(row.try_get::<_, Id>(0)?.0)).collect()
}

/// Stops a process and releases its jobs, in one transaction.
pub(crate) async fn stop(session: &Session, process: ProcessId) -> Result<HeartbeatReply> {
    session
        .transaction(async {
            let stopped = session.query_one(Sql::Stop, &[&process.get()]).await?;
            if stopped.try_get(0)? {
                let all: Option<Vec<i64>> = None;
                session.query(Sql::ReturnClaimed, &[&process.get(), &all]).await?;
            }
            let was_recovered = stopped.try_get(1)?;
            Ok(HeartbeatReply::new(was_recovered, ProcessStatus::Stopped, ProcessStatus::Stopped))
        })
        .await
}

pub(crate) async fn dispatch(
    session: &Session,
    limit: usize,
    now: Option<i64>,
    refused: &RefusedJobs,
) -> Result<Dispatched> {
    let done = UpkeepCall { session, upkeep: Upkeep::Dispatch, now, refused }.run(limit).await?;
    let next: Option<i64> = done.last.try_get(1)?;
    let now: i64 = done.last.try_get(2)?;
    let ready = usize::try_from(done.changed).unwrap_or(usize::MAX);
    let mut dispatched = Dispatched::new(ready, next.map(|at| duration_between(now, at)));
    dispatched.refused = done.refused;
    Ok(dispatched)
}
