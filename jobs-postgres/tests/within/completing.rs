//! How a runtime handles jobs that complete themselves in a transaction, for each end of the transaction.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    BoxError, Claim, Context, Definition, Due, Event, Inspect, Job, JobId, Manage, ProcessId, Recovery, Settings,
    State, Store,
};
use jobs_runtime::{JobExt, RuntimeBuilder};
use serde::{Deserialize, Serialize};
use tokio::time::{interval, timeout};

use crate::bank::{Bank, builder};
use crate::common::stranger;

/// What the job does with its transaction, and what it returns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Way {
    Commits,
    CommitsAndFails,
    RollsBackAndFails,
    /// At the first attempt; then it commits.
    RollsBackAndSucceeds,
    /// The first transaction is rolled back, and the job begins another one.
    TriesAgainItself,
}

#[derive(Debug, Serialize, Deserialize)]
struct Transfer {
    way: Way,
}

/// The job's own record of its attempts.
#[derive(Clone)]
struct Books {
    url: String,
    order: String,
}

impl Transfer {
    async fn transact(context: &Context, commits: bool) -> Result<(), BoxError> {
        let books = context.provided::<Books>();
        let mut client = stranger(&books.url).await;
        let mut transaction = client.transaction().await?;
        transaction.batch_execute(&books.order).await?;
        context.complete_within(&mut transaction).await?;
        if commits {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        Ok(())
    }
}

impl Job for Transfer {
    type Output = ();
    type Error = BoxError;
    const SETTINGS: Settings = Settings::new("transfer");

    async fn perform(self, context: &Context) -> Result<(), BoxError> {
        let is_first = context.attempt() == 1;
        match self.way {
            Way::TriesAgainItself => {
                Self::transact(context, false).await?;
                Self::transact(context, true).await
            }
            way => {
                let commits = way != Way::RollsBackAndFails && (way != Way::RollsBackAndSucceeds || !is_first);
                Self::transact(context, commits).await?;
                let fails = matches!(way, Way::CommitsAndFails | Way::RollsBackAndFails);
                if fails { Err("the job failed".into()) } else { Ok(()) }
            }
        }
    }
}

fn runtime(bank: &Bank) -> RuntimeBuilder {
    let books = Books { url: bank.db.url.clone(), order: bank.order() };
    let builder = builder(bank.store.clone(), &bank.recorder).register([Definition::of::<Transfer>()]).provide(books);
    builder.dispatch_interval(Duration::from_millis(5)).dispatch_batch(100)
}

/// Performs one such job until the event comes that `last` accepts, then stops the runtime.
async fn perform(bank: &Bank, way: Way, last: impl Fn(&Event) -> bool) -> JobId {
    let id = Transfer { way }.enqueue().on(&bank.jobs).await.unwrap().id().unwrap();
    let running = runtime(bank).build().await.unwrap().start().await.unwrap();
    bank.recorder.wait_for(last).await;
    running.stop().await;
    id
}

async fn state(bank: &Bank, id: JobId) -> (State, u32) {
    let job = bank.store.find(id).await.unwrap().unwrap();
    (job.state, job.attempts)
}

fn performed(event: &Event) -> bool {
    matches!(event, Event::Performed(_))
}

fn is_odd(event: &Event) -> bool {
    matches!(event, Event::Fenced(_) | Event::NotCommitted(_))
}

#[tokio::test]
async fn a_job_that_completed_itself_is_finished_and_nothing_more_is_written() {
    let Some(bank) = Bank::open().await else { return };
    let id = perform(&bank, Way::Commits, performed).await;
    assert_eq!((state(&bank, id).await, bank.orders().await), ((State::Finished, 1), 1));
    assert_eq!(bank.recorder.count(is_odd), 0, "{:?}", bank.recorder.events());
}

#[tokio::test]
async fn a_job_that_fails_after_its_commit_does_not_run_again() {
    let Some(bank) = Bank::open().await else { return };
    let id = perform(&bank, Way::CommitsAndFails, |event| matches!(event, Event::Failed(_))).await;
    assert_eq!((state(&bank, id).await, bank.orders().await), ((State::Finished, 1), 1));
    assert_eq!(bank.recorder.count(is_odd), 0, "{:?}", bank.recorder.events());
}

#[tokio::test]
async fn a_job_that_rolls_back_and_fails_is_handled_as_any_failed_job() {
    let Some(bank) = Bank::open().await else { return };
    let id = perform(&bank, Way::RollsBackAndFails, |event| matches!(event, Event::Failed(_))).await;
    assert_eq!((state(&bank, id).await, bank.orders().await), ((State::Failed, 1), 0));
}

#[tokio::test]
async fn a_job_that_rolls_back_and_succeeds_is_retried_later() {
    let Some(bank) = Bank::open().await else { return };
    let is_expected = |event: &Event| matches!(event, Event::NotCommitted(_));
    let id = perform(&bank, Way::RollsBackAndSucceeds, is_expected).await;
    assert_eq!((state(&bank, id).await, bank.orders().await), ((State::Scheduled, 1), 0));
    let job = bank.store.find(id).await.unwrap().unwrap();
    assert_eq!(job.errors[0].class, jobs_core::NOT_COMMITTED_CLASS);
    assert_eq!(bank.store.reschedule(&[id], Due::Now).await.unwrap(), 1);
    let running = runtime(&bank).build().await.unwrap().start().await.unwrap();
    bank.recorder.wait_for_count(2, performed).await;
    running.stop().await;
    assert_eq!((state(&bank, id).await, bank.orders().await), ((State::Finished, 2), 1));
}

#[tokio::test]
async fn a_job_may_try_its_transaction_again_itself() {
    let Some(bank) = Bank::open().await else { return };
    let id = perform(&bank, Way::TriesAgainItself, performed).await;
    assert_eq!((state(&bank, id).await, bank.orders().await), ((State::Finished, 1), 1));
}

#[tokio::test]
async fn a_worker_cannot_complete_a_job_that_another_worker_has_taken_over() {
    let Some(bank) = Bank::open().await else { return };
    let context = bank.claim().await;
    let recovered = bank.store.recover(&Recovery::new(Duration::ZERO, 9)).await.unwrap();
    assert_eq!(recovered.ready, [context.id()]);
    let other = bank.store.claim(&Claim::all(ProcessId::new(8), 1)).await.unwrap();
    let mut client = bank.db.stranger().await;
    let mut transaction = client.transaction().await.unwrap();
    transaction.batch_execute(&bank.order()).await.unwrap();
    let error = context.complete_within(&mut transaction).await.unwrap_err();
    assert!(error.is_conflict() && error.to_string().contains("another one took the job over"), "{error}");
    drop(transaction);
    assert_eq!((bank.counted(State::Claimed).await, bank.orders().await), (1, 0));
    let _settled = bank.store.settle(&crate::common::finish(other)).await.unwrap();
    assert_eq!(bank.counted(State::Finished).await, 1);
}

#[tokio::test]
async fn a_job_cannot_be_claimed_while_its_completion_is_not_committed() {
    let Some(bank) = Bank::open().await else { return };
    let context = bank.claim().await;
    let mut client = bank.db.stranger().await;
    let mut transaction = client.transaction().await.unwrap();
    context.complete_within(&mut transaction).await.unwrap();
    let store = Arc::clone(&bank.store);
    let recovery = Recovery::new(Duration::ZERO, 9);
    let mut recovering = tokio::spawn(async move { store.recover(&recovery).await });
    // The claim waits for the transaction, or skips the job; it does not get the job.
    let waiting = "SELECT FROM pg_stat_activity WHERE application_name LIKE 'jobs%' AND wait_event_type = 'Lock'";
    let watcher = bank.db.stranger().await;
    let mut ticks = interval(Duration::from_millis(2));
    let stands = async {
        while watcher.query(waiting, &[]).await.unwrap().is_empty() {
            ticks.tick().await;
        }
    };
    tokio::select! {
        recovered = &mut recovering => assert_eq!(recovered.unwrap().unwrap().ready, []),
        stood = timeout(Duration::from_secs(30), stands) => {
            stood.unwrap();
            transaction.commit().await.unwrap();
            assert_eq!(recovering.await.unwrap().unwrap().ready, []);
        }
    }
}
