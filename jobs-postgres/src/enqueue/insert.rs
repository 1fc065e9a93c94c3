//! Inserts jobs in one transaction. Statements that do not depend on each other's results are sent together, to save
//! round trips.

use std::collections::BTreeMap;

use futures_util::future::{join, join3};
use jobs_core::{JobId, NewJob};

use super::copy::{self, MIN_JOBS};
use super::new_jobs::NewJobColumns;
use super::unique_keys::{KeyRequest, key_requests, split_duplicates, take_keys};
use crate::codec::bind::Id;
use crate::codec::parameter::typed;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// The duplicates among jobs, by index, each with the job that it is a duplicate of.
pub(crate) type Duplicates = BTreeMap<usize, JobId>;

/// Inserts the jobs that are not duplicates: all of them or none.
pub(crate) async fn insert(
    session: &Session,
    jobs: &NewJobColumns,
    keys: &BTreeMap<usize, KeyRequest>,
    now: Option<i64>,
) -> Result<Duplicates> {
    if keys.is_empty() {
        if jobs.ids.len() >= MIN_JOBS
            && let Some(copy) = session.prepared(Sql::EnqueueCopy)
        {
            match copy::insert(session, copy, jobs, now).await {
                // One of the jobs is stored already: this is a repeated enqueue, which the statement below can handle.
                Err(error) if error.is_unique_violation() => {}
                result => return result.map(|()| Duplicates::new()),
            }
        }
        let (begun, inserted, committed) = join3(
            session.execute_text("BEGIN"),
            insert_rows(session, jobs, &jobs.ids, now),
            session.execute_text("COMMIT"),
        )
        .await;
        begun?;
        inserted?;
        return committed.map(|()| Duplicates::new());
    }
    let inserted = insert_unique(session, jobs, keys, now).await;
    if inserted.is_err() {
        // The first error is the one to report. A connection that cannot roll back is lost and will be replaced.
        let _rolled_back = session.execute_text("ROLLBACK").await;
    }
    inserted
}

/// Takes the keys first, in the same transaction, to know which jobs are duplicates.
async fn insert_unique(
    session: &Session,
    jobs: &NewJobColumns,
    keys: &BTreeMap<usize, KeyRequest>,
    now: Option<i64>,
) -> Result<Duplicates> {
    let requests: Vec<KeyRequest> = keys.values().cloned().collect();
    let (begun, outcomes) = join(session.execute_text("BEGIN"), take_keys(session, &requests, true, now)).await;
    begun?;
    let (ids, duplicates) = split_duplicates(&jobs.ids, keys, &outcomes?);
    let (inserted, committed) = join(insert_rows(session, jobs, &ids, now), session.execute_text("COMMIT")).await;
    inserted?;
    committed.map(|()| duplicates)
}

/// Inserts the jobs that are not duplicates in an open transaction.
pub(crate) async fn insert_within(session: &Session, jobs: &[NewJob], now: Option<i64>) -> Result<Duplicates> {
    if jobs.is_empty() {
        return Ok(Duplicates::new());
    }
    let (columns, keys) = (NewJobColumns::of(jobs.iter()), key_requests(jobs.iter()));
    let requests: Vec<KeyRequest> = keys.values().cloned().collect();
    let outcomes = take_keys(session, &requests, true, now).await?;
    let (ids, duplicates) = split_duplicates(&columns.ids, &keys, &outcomes);
    insert_rows(session, &columns, &ids, now).await?;
    Ok(duplicates)
}

/// The statements of the insert, without a transaction of their own.
async fn insert_rows(session: &Session, jobs: &NewJobColumns, ids: &Vec<Option<Id>>, now: Option<i64>) -> Result<()> {
    let parameters = jobs.parameters(ids, &now);
    let (inserted, checked) =
        join(session.query(Sql::Enqueue, &typed(&parameters)), session.query(Sql::EnqueueUndoDone, &[ids])).await;
    inserted?;
    checked?;
    Ok(())
}
