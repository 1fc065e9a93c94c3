//! A process dies around the commit in which its job completes itself: the booking is there exactly once.

use jobs::prelude::*;
use jobs::{Error, State};
use rusqlite::{Connection, TransactionBehavior};
use serde::{Deserialize, Serialize};

use crate::support::fixture::{Fixture, id};
use crate::support::process::Process;
use crate::support::worker::Ledger;

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Dies {
    BeforeCommit,
    AfterCommit,
}

/// Books and completes itself with it. Its first process dies.
#[job]
pub(crate) async fn book(dies: Dies, ctx: &Context, ledger: &Ledger) -> Result<(), Error> {
    let said = |error: rusqlite::Error| Error::other("the books are closed").with_source(error);
    let mut connection = Connection::open(ledger.folder.join("jobs.db")).map_err(said)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(said)?;
    transaction.execute("INSERT INTO bookings VALUES (1)", []).map_err(said)?;
    ctx.complete_within_blocking(&transaction)?;
    let dies = |when| ctx.attempt() == 1 && dies == when;
    if dies(Dies::BeforeCommit) {
        std::process::abort();
    }
    transaction.commit().map_err(said)?;
    if dies(Dies::AfterCommit) {
        std::process::abort();
    }
    Ok(())
}

fn bookings(fixture: &Fixture) -> i64 {
    fixture.stranger().query_row("SELECT count(*) FROM bookings", [], |row| row.get(0)).unwrap()
}

/// The attempts and crashes of the job once another process has worked.
async fn killed(dies: Dies) -> (u32, u32) {
    let fixture = Fixture::new().await;
    fixture.stranger().execute_batch("CREATE TABLE bookings (amount INTEGER)").unwrap();
    let booking = id(Book::perform_later(dies).on(&fixture.jobs).await.unwrap());
    let status = Process::start(&fixture.orders()).ended().await;
    assert!(!status.success(), "the job was to kill its process");
    assert_eq!(bookings(&fixture), i64::from(dies == Dies::AfterCommit));
    Process::start(&fixture.orders()).succeeds().await;
    let record = fixture.record(booking).await;
    assert_eq!((record.state, bookings(&fixture)), (State::Finished, 1));
    (record.attempts, record.crashes)
}

#[tokio::test]
async fn a_process_killed_after_the_commit_leaves_a_job_that_is_done() {
    assert_eq!(killed(Dies::AfterCommit).await, (1, 0));
}

#[tokio::test]
async fn a_process_killed_before_the_commit_leaves_a_job_that_runs_again() {
    assert_eq!(killed(Dies::BeforeCommit).await, (2, 1));
}
