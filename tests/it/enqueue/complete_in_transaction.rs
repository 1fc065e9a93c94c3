//! Jobs that complete themselves in a transaction, together with what they wrote.

use std::io;
use std::path::PathBuf;

use jobs::prelude::*;
use jobs::time::Clock;
use jobs::{Error, Event, State};
use rusqlite::{Connection, TransactionBehavior};

use crate::fixture::{Fixture, id};

/// Where the jobs write their bookings: the file of the store.
#[derive(Clone)]
struct Books(PathBuf);

/// Books an amount and completes itself in the same transaction, then commits if asked to.
fn book(ctx: &Context, books: &Books, commits: bool) -> Result<(), Error> {
    let open = || {
        let connection = Connection::open(&books.0)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        Ok::<_, rusqlite::Error>(connection)
    };
    let mut connection = open().map_err(said)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(said)?;
    transaction.execute("INSERT INTO bookings VALUES (1)", []).map_err(said)?;
    ctx.complete_within_blocking(&transaction)?;
    if commits { transaction.commit().map_err(said) } else { Ok(()) }
}

fn said(error: rusqlite::Error) -> Error {
    Error::other("the books are closed").with_source(error)
}

#[job]
async fn transfer(commits: bool, fails: bool, ctx: &Context, books: &Books) -> Result<(), Error> {
    // A booking that was not committed before is committed now.
    book(ctx, books, commits || ctx.attempt() > 1)?;
    if fails { Err(Error::other("something else went wrong")) } else { Ok(()) }
}

/// On its own thread, where waiting for the file blocks no other job.
#[job(blocking)]
fn transfer_on_a_thread(ctx: &Context, books: &Books) -> Result<(), Error> {
    book(ctx, books, true)
}

#[job]
async fn not_in_a_store(ctx: &Context) -> Result<(), io::Error> {
    let nowhere = Connection::open_in_memory().unwrap();
    ctx.complete_within_blocking(&nowhere).map_err(io::Error::other)
}

struct BankFixture {
    folder: tempfile::TempDir,
    fixture: Fixture,
}

impl BankFixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bank = Self { fixture: Fixture::on_file(&folder.path().join("bank.db")), folder };
        Connection::open(bank.path()).unwrap().execute_batch("CREATE TABLE bookings (amount INTEGER)").unwrap();
        bank
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("bank.db")
    }

    fn bookings(&self) -> i64 {
        let count = "SELECT count(*) FROM bookings";
        Connection::open(self.path()).unwrap().query_row(count, [], |row| row.get(0)).unwrap()
    }

    async fn start(&self) -> jobs::RuntimeHandle {
        let builder = self.fixture.builder(jobs::jobs![Transfer, TransferOnAThread]).provide(Books(self.path()));
        builder.build().await.unwrap().start().await.unwrap()
    }
}

#[tokio::test]
async fn a_job_and_its_booking_are_done_together_and_nothing_more_is_written() {
    let bank = BankFixture::new();
    let running = bank.start().await;
    let enqueued = id(Transfer::perform_later(true, false).on(&running.client()).await.unwrap());
    bank.fixture.saw(enqueued, |event| matches!(event, Event::Performed(_))).await;
    running.stop().await;
    let job = bank.fixture.record(enqueued).await;
    assert_eq!((job.state, job.attempts, bank.bookings()), (State::Finished, 1, 1));
    assert_eq!(bank.fixture.inspect().counts().await.unwrap().of(State::Finished), 1);
    let odd = |event: &Event| matches!(event, Event::Fenced(_) | Event::NotCommitted(_));
    assert_eq!(bank.fixture.recorder.count(odd), 0, "{:?}", bank.fixture.recorder.events());
}

#[tokio::test]
async fn a_blocking_function_and_its_booking_are_done_together() {
    let bank = BankFixture::new();
    let running = bank.start().await;
    let enqueued = id(TransferOnAThread::perform_later().on(&running.client()).await.unwrap());
    bank.fixture.saw(enqueued, |event| matches!(event, Event::Performed(_))).await;
    running.stop().await;
    let job = bank.fixture.record(enqueued).await;
    assert_eq!((job.state, job.attempts, bank.bookings()), (State::Finished, 1, 1));
    let odd = |event: &Event| matches!(event, Event::Fenced(_) | Event::NotCommitted(_));
    assert_eq!(bank.fixture.recorder.count(odd), 0, "{:?}", bank.fixture.recorder.events());
}

#[tokio::test]
async fn a_job_that_fails_after_its_commit_stays_done() {
    let bank = BankFixture::new();
    let running = bank.start().await;
    let enqueued = id(Transfer::perform_later(true, true).on(&running.client()).await.unwrap());
    bank.fixture.saw(enqueued, |event| matches!(event, Event::Failed(_))).await;
    running.stop().await;
    assert_eq!((bank.fixture.record(enqueued).await.state, bank.bookings()), (State::Finished, 1));
}

#[tokio::test]
async fn a_job_whose_transaction_was_not_committed_is_retried_whatever_it_returned() {
    let bank = BankFixture::new();
    let running = bank.start().await;
    let enqueued = id(Transfer::perform_later(false, false).on(&running.client()).await.unwrap());
    let reported = move |event: &Event| matches!(event, Event::NotCommitted(event) if event.job_id == enqueued);
    bank.fixture.recorder.wait_for(reported).await;
    let job = bank.fixture.record(enqueued).await;
    assert_eq!((job.state, job.attempts, bank.bookings()), (State::Scheduled, 1, 0));
    assert_eq!(job.due_at.duration_since(bank.fixture.clock.now()), std::time::Duration::from_secs(3));
    bank.fixture.clock.advance(std::time::Duration::from_secs(3));
    bank.fixture.reaches(enqueued, State::Finished).await;
    running.stop().await;
    assert_eq!(bank.bookings(), 1);
}

#[tokio::test]
async fn where_nothing_is_claimed_there_is_nothing_to_complete() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![NotInAStore]).build().await.unwrap().client();
    NotInAStore::perform_now().on(&jobs).await.unwrap();
    let inline =
        Runtime::builder().connect("inline:").register(jobs::jobs![NotInAStore]).build().await.unwrap().client();
    assert!(NotInAStore::perform_later().on(&inline).await.unwrap().id().is_some());
}
