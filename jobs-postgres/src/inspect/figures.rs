//! The capability to keep figures of attempts. `jobs-core` decides which rows change.

use jobs_core::{
    AttemptFigures, Deploy, FigureFilter, FigureRow, FigureRows, FigureStore, FigureUpdate, JobFigures, NewFigures,
    StoreFuture, TimeRange, Timestamp,
};
use tokio_postgres::Row;

use crate::PostgresStore;
use crate::codec::bind::count;
use crate::codec::nul_escape::{escape_nul, unescape_nul};
use crate::connection::retry_conflicts::retry_conflicts;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

impl FigureStore for PostgresStore {
    fn add<'a>(&'a self, new: &'a NewFigures) -> StoreFuture<'a, ()> {
        let (new, now, schema) = (new.clone(), self.now(), self.schema.clone());
        self.admin.call("add figures", move |session| async move {
            retry_conflicts(|| session.transaction(add(&session, &new, now, &schema))).await
        })
    }

    fn rows<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureRows> {
        let (filter, now) = (filter.clone(), self.now());
        self.admin.call("read figures", move |session| async move { read(&session, &filter, now).await })
    }
}

async fn add(session: &Session, new: &NewFigures, now: Option<i64>, schema: &str) -> Result<()> {
    session.query(Sql::FiguresLock, &[&schema]).await?;
    let now = current_time(session, now).await?;
    let (steps, starts) = columns(FigureUpdate::present(now).map(|(range, start)| (range, start.as_micros())));
    let known = session.query(Sql::FiguresPresent, &[&steps, &starts]).await?;
    let changed = FigureUpdate::new(now, rows(&known)?, &new.jobs).changed();
    if !changed.is_empty() {
        write(session, &changed).await?;
    }
    let kept = TimeRange::ALL.map(|range| range.kept(now));
    let [first, last] = [kept.map(|(first, _)| first.as_micros()), kept.map(|(_, last)| last.as_micros())];
    session.query(Sql::FiguresForget, &[&steps, &first.as_slice()]).await?;
    session.query(Sql::FiguresForgetLater, &[&steps, &last.as_slice()]).await?;
    match &new.started_version {
        Some(version) => write_deploys(session, Deploy::after_start(deploys(session).await?, version, now)).await,
        None => Ok(()),
    }
}

fn columns(steps: [(TimeRange, i64); 3]) -> (Vec<i64>, Vec<i64>) {
    steps.into_iter().map(|(range, value)| (range.step_seconds(), value)).unzip()
}

async fn write(session: &Session, changed: &[FigureRow]) -> Result<()> {
    let numbers = |of: fn(&FigureRow) -> i64| changed.iter().map(of).collect::<Vec<i64>>();
    let texts = |of: fn(&FigureRow) -> String| changed.iter().map(of).collect::<Vec<String>>();
    let steps = numbers(|row| row.range.step_seconds());
    let starts = numbers(|row| row.start.as_micros());
    let attempts = numbers(|row| row.figures.attempts.try_into().unwrap_or(i64::MAX));
    let errors = numbers(|row| row.figures.errors.try_into().unwrap_or(i64::MAX));
    let jobs = texts(|row| escape_nul(&row.job).into_owned());
    let queues = texts(|row| escape_nul(&row.queue).into_owned());
    let (run, wait) = (texts(|row| row.figures.run.to_string()), texts(|row| row.figures.wait.to_string()));
    session
        .query(Sql::FiguresWrite, &[&steps, &starts, &jobs, &queues, &attempts, &errors, &run, &wait])
        .await
        .map(drop)
}

async fn write_deploys(session: &Session, kept: Vec<Deploy>) -> Result<()> {
    let times: Vec<i64> = kept.iter().map(|deploy| deploy.at.as_micros()).collect();
    let versions: Vec<String> = kept.iter().map(|deploy| escape_nul(&deploy.version).into_owned()).collect();
    session.query(Sql::DeploysForget, &[&times]).await?;
    session.query(Sql::DeploysAdd, &[&times, &versions]).await.map(drop)
}

async fn read(session: &Session, filter: &FigureFilter, now: Option<i64>) -> Result<FigureRows> {
    let now = current_time(session, now).await?;
    let name = |name: &Option<String>| name.as_deref().map(|name| escape_nul(name).into_owned());
    let (step, first) = (filter.range.step_seconds(), filter.range.first(now).as_micros());
    let found = session.query(Sql::FiguresRead, &[&step, &first, &name(&filter.job), &name(&filter.queue)]).await?;
    Ok(FigureRows::new(now, rows(&found)?, deploys(session).await?))
}

/// The rows of a statement. A step of a length that this version does not know is left out.
fn rows(found: &[Row]) -> Result<Vec<FigureRow>> {
    found.iter().filter_map(|row| row_of(row).transpose()).collect()
}

fn row_of(row: &Row) -> Result<Option<FigureRow>> {
    let Some(range) = TimeRange::of_step(row.try_get(0)?) else { return Ok(None) };
    let mut figures = AttemptFigures::default();
    (figures.attempts, figures.errors) = (count(row.try_get(4)?), count(row.try_get(5)?));
    (figures.run, figures.wait) = (row.try_get::<_, &str>(6)?.parse()?, row.try_get::<_, &str>(7)?.parse()?);
    let of = JobFigures::new(unescape_nul(row.try_get(2)?), unescape_nul(row.try_get(3)?), figures);
    Ok(Some(FigureRow::new(range, Timestamp::from_micros(row.try_get(1)?), of)))
}

async fn deploys(session: &Session) -> Result<Vec<Deploy>> {
    let found = session.query(Sql::Deploys, &[]).await?;
    let deploy = |row: &Row| Ok(Deploy::new(Timestamp::from_micros(row.try_get(0)?), unescape_nul(row.try_get(1)?)));
    found.iter().map(deploy).collect()
}

async fn current_time(session: &Session, now: Option<i64>) -> Result<Timestamp> {
    let row = session.query_one(Sql::Now, &[&now]).await?;
    Ok(Timestamp::from_micros(row.try_get(0)?))
}
