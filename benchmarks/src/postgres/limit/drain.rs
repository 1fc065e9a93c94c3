//! Finishes 100 jobs and claims 100 more, until enough jobs are finished.

use bench_protocol::{Outcome, Report, Stopwatch, Task, now_micros};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::enqueue::Id;
use super::schema::{Kind, Place, check};

/// The number of jobs that a statement finishes, and that it claims.
fn batch(task: &Task) -> u64 {
    if task.contestant.ends_with("1000") { 1000 } else { 100 }
}

/// The claimed jobs, by the tokens that finish them.
struct AfterCommit<I> {
    ids: Vec<I>,
    claims: Vec<i64>,
}

/// Drains over one connection.
pub(super) async fn drain(task: &Task) -> Outcome<Report> {
    if Kind::of(task) == Kind::Bare { drain_by::<i64>(task).await } else { drain_by::<Id>(task).await }
}

async fn drain_by<I>(task: &Task) -> Outcome<Report>
where
    I: for<'a> tokio_postgres::types::FromSql<'a> + ToSql + Sync,
{
    let watch = Stopwatch::start();
    let place = Place::open(task).await?;
    let mut held = AfterCommit::<I> { ids: Vec::new(), claims: Vec::new() };
    let (mut finished, mut claimed) = (0, 0);
    loop {
        let limit = i64::try_from(batch(task).min(task.jobs - claimed))?;
        let now = i64::try_from(now_micros())?;
        let rows = place.client.query(&place.work, &[&held.ids, &held.claims, &limit, &now]).await?;
        finished += held.ids.len() as u64;
        held = read(&rows)?;
        claimed += held.ids.len() as u64;
        if held.ids.is_empty() {
            break;
        }
    }
    let report = Report::timed(finished, watch);
    let report = Report { performed_seconds: Some(report.seconds), ..report };
    check(task, finished, task.backlog - finished).await?;
    Ok(report)
}

/// Reads the claimed rows with their texts, because a worker needs them.
fn read<I>(rows: &[Row]) -> Outcome<AfterCommit<I>>
where
    I: for<'a> tokio_postgres::types::FromSql<'a>,
{
    let mut held = AfterCommit { ids: Vec::with_capacity(rows.len()), claims: Vec::with_capacity(rows.len()) };
    for row in rows {
        held.ids.push(row.try_get(0)?);
        held.claims.push(row.try_get(1)?);
        std::hint::black_box(row.try_get::<_, String>(2)?);
    }
    Ok(held)
}
