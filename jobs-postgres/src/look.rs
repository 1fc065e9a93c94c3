//! What is looked up.

use jobs_core::{Counts, JobId, JobRecord, Phase, Process, ProcessId, ProcessRecord, QueueRecord, State, Timestamp};
use tokio_postgres::Row;

use crate::bind::{Id, between, number};
use crate::error::Result;
use crate::record::job;
use crate::session::Session;
use crate::statements::Sql;
use crate::text;

pub(crate) async fn find(session: &Session, id: JobId) -> Result<Option<JobRecord>> {
    let found = session.query(Sql::Find, &[&Id(id)]).await?;
    found.first().map(job).transpose()
}

pub(crate) async fn counts(session: &Session) -> Result<Counts> {
    let row = session.query_one(Sql::Counts, &[]).await?;
    let mut counts = Counts::default();
    for (place, state) in State::ALL.into_iter().enumerate() {
        counts.add(state, number(row.try_get(place)?));
    }
    Ok(counts)
}

pub(crate) async fn queues(session: &Session, now: Option<i64>) -> Result<Vec<QueueRecord>> {
    let found = session.query(Sql::Queues, &[&now]).await?;
    let queue = |row: &Row| {
        Ok(QueueRecord::new(
            text::read(row.try_get(0)?),
            number(row.try_get(1)?),
            between(0, row.try_get(2)?),
            row.try_get(3)?,
        ))
    };
    found.iter().map(queue).collect()
}

pub(crate) async fn processes(session: &Session) -> Result<Vec<ProcessRecord>> {
    session.query(Sql::Processes, &[]).await?.iter().map(process).collect()
}

pub(crate) fn process(row: &Row) -> Result<ProcessRecord> {
    let id = ProcessId::new(row.try_get(0)?);
    let pid: i64 = row.try_get(3)?;
    let mut process = Process::new(id, read(row, 1)?, read(row, 2)?, pid.try_into().unwrap_or_default());
    process.phase = if row.try_get::<_, &str>(4)? == Phase::Quiet.as_str() { Phase::Quiet } else { Phase::Running };
    Ok(ProcessRecord::new(
        process,
        Timestamp::from_micros(row.try_get(5)?),
        Timestamp::from_micros(row.try_get(6)?),
        number(row.try_get(7)?),
    ))
}

fn read(row: &Row, place: usize) -> Result<String> {
    Ok(text::read(row.try_get(place)?))
}
