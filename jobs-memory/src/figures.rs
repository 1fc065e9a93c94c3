//! The capability to keep figures of attempts.

use std::collections::BTreeMap;

use jobs_core::{
    AttemptFigures, Deploy, FigureFilter, FigureRow, FigureRows, FigureStore, FigureUpdate, JobFigures, NewFigures,
    StoreFuture, TimeRange, Timestamp,
};

use crate::MemoryStore;

/// The rows by range, start, job and queue, and the deploys.
#[derive(Debug, Default)]
pub(crate) struct StoredFigures {
    rows: BTreeMap<(TimeRange, Timestamp, String, String), AttemptFigures>,
    deploys: Vec<Deploy>,
}

impl FigureStore for MemoryStore {
    fn add<'a>(&'a self, new: &'a NewFigures) -> StoreFuture<'a, ()> {
        self.call(|inner, now| inner.figures.add(new, now))
    }

    fn rows<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureRows> {
        self.call(|inner, now| {
            let rows = inner.figures.rows().filter(|row| filter.matches(row, now)).collect();
            FigureRows::new(now, rows, inner.figures.deploys.clone())
        })
    }
}

impl StoredFigures {
    fn rows(&self) -> impl Iterator<Item = FigureRow> {
        self.rows.iter().map(|((range, start, job, queue), figures)| {
            FigureRow::new(*range, *start, JobFigures::new(job.as_str(), queue.as_str(), figures.clone()))
        })
    }

    fn add(&mut self, new: &NewFigures, now: Timestamp) {
        let changed = FigureUpdate::new(now, self.rows(), &new.jobs).changed();
        self.rows.extend(changed.into_iter().map(|row| ((row.range, row.start, row.job, row.queue), row.figures)));
        self.rows.retain(|(range, start, ..), _| range.keeps(*start, now));
        if let Some(version) = &new.started_version {
            self.deploys = Deploy::after_start(std::mem::take(&mut self.deploys), version, now);
        }
    }
}
