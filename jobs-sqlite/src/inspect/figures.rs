//! The capability to keep figures of attempts. `jobs-core` decides which rows change.

use jobs_core::{
    AttemptFigures, Deploy, FigureFilter, FigureRow, FigureRows, FigureStore, FigureUpdate, JobFigures, NewFigures,
    StoreFuture, TimeRange, Timestamp,
};
use rusqlite::{Connection, Row, Statement, params};

use crate::SqliteStore;
use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::statements::{
    DEPLOY_WRITE, DEPLOYS, DEPLOYS_CLEAR, FIGURES_FORGET, FIGURES_FORGET_LATER, FIGURES_PRESENT, FIGURES_READ,
    FIGURES_WRITE,
};

impl FigureStore for SqliteStore {
    fn add<'a>(&'a self, new: &'a NewFigures) -> StoreFuture<'a, ()> {
        let new = new.clone();
        self.writer.call("add figures", move |tx| add(tx, &new))
    }

    fn rows<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureRows> {
        let (filter, now) = (filter.clone(), self.clock.now());
        self.reader.call("read figures", move |connection| {
            let first = filter.range.first(now).as_micros();
            let mut statement = connection.prepare_cached(FIGURES_READ)?;
            let rows = rows(&mut statement, params![filter.range.step_seconds(), first, filter.job, filter.queue])?;
            Ok(FigureRows::new(now, rows, deploys(connection)?))
        })
    }
}

fn add(tx: &WriteTx<'_>, new: &NewFigures) -> Result<()> {
    let mut known = Vec::new();
    for (range, start) in FigureUpdate::present(tx.now) {
        known.extend(rows(&mut *tx.statement(FIGURES_PRESENT)?, params![range.step_seconds(), start.as_micros()])?);
    }
    for row in FigureUpdate::new(tx.now, known, &new.jobs).changed() {
        write(tx, &row)?;
    }
    for range in TimeRange::ALL {
        let (first, last) = range.kept(tx.now);
        tx.execute(FIGURES_FORGET, [range.step_seconds(), first.as_micros()])?;
        tx.execute(FIGURES_FORGET_LATER, [range.step_seconds(), last.as_micros()])?;
    }
    if let Some(version) = &new.started_version {
        let kept = Deploy::after_start(deploys(tx.connection())?, version, tx.now);
        tx.execute(DEPLOYS_CLEAR, [])?;
        for deploy in kept {
            tx.execute(DEPLOY_WRITE, params![deploy.at.as_micros(), deploy.version])?;
        }
    }
    Ok(())
}

fn write(tx: &WriteTx<'_>, row: &FigureRow) -> Result<()> {
    let FigureRow { range, start, job, queue, figures, .. } = row;
    let counts = [figures.attempts, figures.errors].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let (run, wait) = (figures.run.to_string(), figures.wait.to_string());
    let written = params![range.step_seconds(), start.as_micros(), job, queue, counts[0], counts[1], run, wait];
    tx.execute(FIGURES_WRITE, written).map(drop)
}

/// The rows of a statement. A step of a length that this version does not know is left out.
fn rows(statement: &mut Statement<'_>, params: impl rusqlite::Params) -> Result<Vec<FigureRow>> {
    let mut found = statement.query(params)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.extend(read(row)?);
    }
    Ok(rows)
}

fn read(row: &Row<'_>) -> Result<Option<FigureRow>> {
    let Some(range) = TimeRange::of_step(row.get(0)?) else { return Ok(None) };
    let count = |index| Ok::<_, rusqlite::Error>(u64::try_from(row.get::<_, i64>(index)?).unwrap_or(0));
    let mut figures = AttemptFigures::default();
    (figures.attempts, figures.errors) = (count(4)?, count(5)?);
    figures.run = row.get_ref(6)?.as_str().unwrap_or_default().parse()?;
    figures.wait = row.get_ref(7)?.as_str().unwrap_or_default().parse()?;
    let of = JobFigures::new(row.get::<_, String>(2)?, row.get::<_, String>(3)?, figures);
    Ok(Some(FigureRow::new(range, Timestamp::from_micros(row.get(1)?), of)))
}

fn deploys(connection: &Connection) -> Result<Vec<Deploy>> {
    let mut statement = connection.prepare_cached(DEPLOYS)?;
    let deploy = |row: &Row<'_>| Ok(Deploy::new(Timestamp::from_micros(row.get(0)?), row.get::<_, String>(1)?));
    Ok(statement.query_map([], deploy)?.collect::<rusqlite::Result<_>>()?)
}
