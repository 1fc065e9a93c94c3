//! Queries for single jobs, counts, queues and processes.

use jobs_core::{
    AttemptLog, Counts, JobId, JobRecord, Process, ProcessDetails, ProcessId, ProcessRecord, ProcessStatus,
    QueueListBuilder, QueueRecord, State, Timestamp,
};
use tokio_postgres::Row;

use crate::codec::bind::{Id, count, duration_between};
use crate::codec::error_record::add_errors_with_logs;
use crate::codec::nul_escape::unescape_nul;
use crate::codec::record::job;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

pub(crate) async fn find(session: &Session, id: JobId) -> Result<Option<JobRecord>> {
    session.snapshot(read(session, id)).await
}

async fn read(session: &Session, id: JobId) -> Result<Option<JobRecord>> {
    let found = session.query(Sql::Find, &[&Id(id)]).await?;
    let Some(mut found) = found.first().map(job).transpose()? else { return Ok(None) };
    add_errors_with_logs(session, &mut found).await?;
    if found.state == State::Finished {
        add_log(session, &mut found).await?;
    }
    Ok(Some(found))
}

/// Reads what the attempt logged that finished the job, and its process.
async fn add_log(session: &Session, job: &mut JobRecord) -> Result<()> {
    if let Some(row) = session.query(Sql::FinishedLogOf, &[&Id(job.id)]).await?.first() {
        job.log = AttemptLog::from_json(Some(row.try_get(0)?));
        job.finished_by = Some(ProcessId::new(row.try_get(1)?));
    }
    Ok(())
}

pub(crate) async fn counts(session: &Session) -> Result<Counts> {
    let row = session.query_one(Sql::Counts, &[]).await?;
    let mut counts = Counts::default();
    for (index, state) in State::ALL.into_iter().enumerate() {
        counts.add(state, count(row.try_get(index)?));
    }
    Ok(counts)
}

pub(crate) async fn queues(session: &Session, now: Option<i64>) -> Result<Vec<QueueRecord>> {
    let mut list = QueueListBuilder::default();
    for row in session.query(Sql::Queues, &[&now]).await? {
        let queue = unescape_nul(row.try_get(0)?);
        let counted = [State::Scheduled, State::Blocked, State::Ready, State::Claimed, State::Failed];
        for (index, state) in (1..).zip(counted) {
            list.add(queue.clone(), state, count(row.try_get(index)?));
        }
        list.waited(queue.clone(), duration_between(0, row.try_get(6)?));
        if row.try_get(7)? {
            list.pause(queue);
        }
    }
    Ok(list.finish())
}

pub(crate) async fn processes(session: &Session) -> Result<Vec<ProcessRecord>> {
    session.query(Sql::Processes, &[]).await?.iter().map(process).collect()
}

fn process(row: &Row) -> Result<ProcessRecord> {
    let id = ProcessId::new(row.try_get(0)?);
    let pid: i64 = row.try_get(3)?;
    let mut process = Process::new(id, text(row, 1)?, text(row, 2)?, pid.try_into().unwrap_or_default());
    process.phase = ProcessStatus::parse(row.try_get(4)?).unwrap_or(ProcessStatus::Running);
    process.details = ProcessDetails::from_json(row.try_get(9)?);
    Ok(ProcessRecord::new(
        process.with_slow_json(row.try_get(8)?),
        Timestamp::from_micros(row.try_get(5)?),
        Timestamp::from_micros(row.try_get(6)?),
        count(row.try_get(7)?),
    )
    .with_oldest_claim(row.try_get::<_, Option<i64>>(10)?.map(Timestamp::from_micros)))
}

fn text(row: &Row, index: usize) -> Result<String> {
    Ok(unescape_nul(row.try_get(index)?))
}
