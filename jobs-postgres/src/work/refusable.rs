//! Dispatches and prunes in parts after the database refused one of the rows, so that the others are changed.

use std::collections::BTreeSet;

use jobs_core::{Clock, JobId, RefusedJob, RefusedJobs, SystemClock, Timestamp};
use tokio_postgres::Row;

use crate::codec::bind::{Id, count, row_limit};
use crate::connection::session::Session;
use crate::error::{Result, StoreError};
use crate::statements::Sql;

/// The jobs that the database refused to change, for each operation.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    pub(crate) dispatch: RefusedJobs,
    pub(crate) recover: RefusedJobs,
    pub(crate) prune: RefusedJobs,
}

/// What is done to jobs in their order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Upkeep {
    /// Makes due jobs ready.
    Dispatch,
    /// Removes jobs that were done so many microseconds ago.
    Prune { older_than: i64 },
}

/// What was done.
pub(crate) struct Done {
    pub(crate) changed: u64,
    pub(crate) refused: Vec<RefusedJob>,
    /// The answer of the last statement that changed jobs.
    pub(crate) last: Row,
}

/// One call, which changes the first jobs that are due for it.
pub(crate) struct UpkeepCall<'a> {
    pub(crate) session: &'a Session,
    pub(crate) upkeep: Upkeep,
    pub(crate) now: Option<i64>,
    pub(crate) refused: &'a RefusedJobs,
}

impl UpkeepCall<'_> {
    /// Changes up to `limit` jobs: in one statement, or if the database refuses one of them by halves, down to the single
    /// jobs that it refuses. These are left out for a while.
    pub(crate) async fn run(&self, limit: usize) -> Result<Done> {
        let mut left_out = self.refused.left_out(time(self.now));
        match self.change(limit, &left_out, None).await {
            Err(error) if error.is_refused_row() => self.run_apart(limit, &mut left_out).await,
            answer => {
                let last = answer?;
                Ok(Done { changed: changed(&last)?, refused: Vec::new(), last })
            }
        }
    }

    async fn run_apart(&self, limit: usize, left_out: &mut BTreeSet<JobId>) -> Result<Done> {
        let (mut total, mut refusals) = (0, Vec::new());
        let mut sizes = vec![limit];
        while let Some(size) = sizes.pop() {
            if size > 1 {
                match self.change(size, left_out, None).await {
                    Err(error) if error.is_refused_row() => sizes.extend([size - size / 2, size / 2]),
                    answer => total += changed(&answer?)?,
                }
                continue;
            }
            let Some(job) = self.first(left_out).await? else { break };
            match self.change(1, left_out, Some(job)).await {
                Err(error) if error.is_refused_row() => {
                    refusals.push(refuse(self.upkeep.name(), job, error, self.refused, self.now)?);
                    left_out.insert(job);
                }
                answer => total += changed(&answer?)?,
            }
        }
        let last = self.change(0, left_out, None).await?;
        Ok(Done { changed: total, refused: refusals, last })
    }

    async fn change(&self, limit: usize, left_out: &BTreeSet<JobId>, only: Option<JobId>) -> Result<Row> {
        let (limit, left_out, only) = (row_limit(limit), ids(left_out), only.map(Id));
        match &self.upkeep {
            Upkeep::Dispatch => self.session.query_one(Sql::Dispatch, &[&self.now, &limit, &left_out, &only]).await,
            Upkeep::Prune { older_than } => {
                self.session.query_one(Sql::Prune, &[&self.now, older_than, &limit, &left_out, &only]).await
            }
        }
    }

    /// The job that comes first.
    async fn first(&self, left_out: &BTreeSet<JobId>) -> Result<Option<JobId>> {
        let left_out = ids(left_out);
        let rows = match &self.upkeep {
            Upkeep::Dispatch => self.session.query(Sql::DispatchFirst, &[&self.now, &left_out]).await?,
            Upkeep::Prune { older_than } => {
                self.session.query(Sql::PruneFirst, &[&self.now, older_than, &left_out]).await?
            }
        };
        Ok(rows.first().map(|row| row.try_get::<_, Id>(0)).transpose()?.map(|Id(job)| job))
    }
}

impl Upkeep {
    const fn name(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatch",
            Self::Prune { .. } => "prune",
        }
    }
}

/// Leaves a job out that the database refused to change. The error is the refusal, if too many are left out.
pub(crate) fn refuse(
    what: &str,
    job: JobId,
    error: StoreError,
    refused: &RefusedJobs,
    now: Option<i64>,
) -> Result<RefusedJob> {
    let error = error.into_error(&format!("{what} job {job}"));
    Ok(refused.refuse(job, time(now), error.to_string()).ok_or(error)?)
}

/// When a job that is left out is tried again is measured by this machine: only this process leaves it out.
pub(crate) fn time(now: Option<i64>) -> Timestamp {
    now.map_or_else(|| SystemClock.now(), Timestamp::from_micros)
}

fn ids(jobs: &BTreeSet<JobId>) -> Vec<Id> {
    jobs.iter().copied().map(Id).collect()
}

fn changed(row: &Row) -> Result<u64> {
    Ok(count(row.try_get(0)?))
}
