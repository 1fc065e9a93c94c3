//! The promises for every driver. Each driver is a module with one function `transact`, which begins a transaction,
//! writes an order, does the work, and ends the transaction as the caller says.

use jobs_core::{Decision, Enqueued, Event, Inspect, JobId, Settled, Settlement, State, Store, Timestamp};

use crate::bank::{Bank, End, Ended, Work};

/// Expands to one test for each promise, with the driver's `transact`.
macro_rules! promises {
    ($($name:ident,)*) => {
        macro_rules! driver {
            ($transact:path) => {
                $(#[tokio::test]
                async fn $name() {
                    let Some(bank) = crate::bank::Bank::open().await else { return };
                    crate::cases::$name(&bank, async |work, end| $transact(&bank, work, end).await).await;
                })*
            };
        }
        pub(crate) use driver;
    };
}

promises! {
    a_commit_makes_the_job_exist,
    a_rollback_leaves_nothing,
    a_dropped_transaction_leaves_nothing,
    a_connection_lost_before_the_commit_stores_nothing_and_can_be_repeated,
    a_job_of_which_it_is_not_known_whether_it_was_committed_may_be_enqueued_again,
    a_bulk_exists_as_a_whole_or_not_at_all,
    a_callback_that_halts_leaves_the_transaction_usable,
    the_event_says_that_a_transaction_is_to_commit_first,
    a_unique_job_is_unique_among_what_is_committed,
    a_completion_and_what_the_job_wrote_are_committed_together,
    a_completion_that_is_rolled_back_leaves_the_job_with_its_holder,
}

pub(crate) trait Transact: AsyncFn(Work, End) -> Ended {}
impl<T: AsyncFn(Work, End) -> Ended> Transact for T {}

fn id(ended: &Ended) -> JobId {
    ended.answers[0].id().unwrap()
}

pub(crate) async fn a_commit_makes_the_job_exist(bank: &Bank, transact: impl Transact) {
    let ended = transact(Work::One(None), End::Commit).await;
    ended.committed.as_ref().unwrap();
    let job = bank.store.find(id(&ended)).await.unwrap().unwrap();
    assert_eq!(
        (job.state, job.queue.as_str(), job.arguments.as_str()),
        (State::Ready, "bank_default", "{\"order\":7}")
    );
    assert_eq!(bank.orders().await, 1);
}

pub(crate) async fn a_rollback_leaves_nothing(bank: &Bank, transact: impl Transact) {
    let ended = transact(Work::One(None), End::RollBack).await;
    assert_eq!(bank.store.find(id(&ended)).await.unwrap(), None);
    assert_eq!((bank.ready().await, bank.orders().await), (0, 0));
}

pub(crate) async fn a_dropped_transaction_leaves_nothing(bank: &Bank, transact: impl Transact) {
    let ended = transact(Work::One(None), End::Drop).await;
    assert_eq!(bank.store.find(id(&ended)).await.unwrap(), None);
    assert_eq!((bank.ready().await, bank.orders().await), (0, 0));
}

pub(crate) async fn a_connection_lost_before_the_commit_stores_nothing_and_can_be_repeated(
    bank: &Bank,
    transact: impl Transact,
) {
    let ended = transact(Work::One(None), End::Cut).await;
    ended.committed.as_ref().unwrap_err();
    assert_eq!((bank.ready().await, bank.orders().await), (0, 0));
    let again = transact(Work::One(Some(id(&ended))), End::Commit).await;
    assert_eq!(again.answers, ended.answers);
    assert_eq!((bank.ready().await, bank.orders().await), (1, 1));
}

pub(crate) async fn a_job_of_which_it_is_not_known_whether_it_was_committed_may_be_enqueued_again(
    bank: &Bank,
    transact: impl Transact,
) {
    let ended = transact(Work::One(None), End::Commit).await;
    let again = transact(Work::One(Some(id(&ended))), End::Commit).await;
    assert_eq!(again.answers, ended.answers);
    assert_eq!(bank.ready().await, 1);
    // Also if the job is done meanwhile.
    assert_eq!(crate::common::work(&*bank.store, 1).await, [id(&ended)]);
    transact(Work::One(Some(id(&ended))), End::Commit).await.committed.unwrap();
    assert_eq!((bank.ready().await, bank.counted(State::Finished).await), (0, 1));
}

pub(crate) async fn a_bulk_exists_as_a_whole_or_not_at_all(bank: &Bank, transact: impl Transact) {
    let ended = transact(Work::Many(2500), End::RollBack).await;
    assert_eq!((ended.answers.len(), bank.ready().await), (2500, 0));
    let ended = transact(Work::Many(2500), End::Commit).await;
    ended.committed.as_ref().unwrap();
    assert_eq!((ended.answers.len(), bank.ready().await), (2500, 2500));
    let last = ended.answers[2499].id().unwrap();
    assert_eq!(bank.store.find(last).await.unwrap().unwrap().arguments, "{\"order\":2499}");
}

pub(crate) async fn a_callback_that_halts_leaves_the_transaction_usable(bank: &Bank, transact: impl Transact) {
    let ended = transact(Work::Halted, End::Commit).await;
    ended.committed.unwrap();
    assert_eq!(ended.answers, [Enqueued::Halted]);
    assert_eq!((bank.ready().await, bank.orders().await), (0, 1));
}

pub(crate) async fn the_event_says_that_a_transaction_is_to_commit_first(bank: &Bank, transact: impl Transact) {
    let ended = transact(Work::One(None), End::RollBack).await;
    transact(Work::Many(3), End::RollBack).await;
    let events = bank.recorder.events();
    let is_expected = |event: &Event| matches!(event, Event::EnqueuedWithin(event) if event.job.id == id(&ended) && event.job.at.is_none());
    assert!(events.iter().any(is_expected), "{events:?}");
    let is_expected = |event: &Event| matches!(event, Event::EnqueuedAllWithin(event) if event.bulk.stored == 3);
    assert!(events.iter().any(is_expected), "{events:?}");
    let certain = |event: &Event| matches!(event, Event::Enqueued(_) | Event::EnqueuedAll(_));
    assert!(!events.iter().any(certain), "{events:?}");
}

pub(crate) async fn a_unique_job_is_unique_among_what_is_committed(bank: &Bank, transact: impl Transact) {
    let lost = transact(Work::Single, End::RollBack).await;
    let first = transact(Work::Single, End::Commit).await;
    assert_ne!(lost.answers, first.answers);
    let second = transact(Work::Single, End::Commit).await;
    assert_eq!(second.answers, [Enqueued::Duplicate { of: id(&first) }]);
    assert_eq!((bank.ready().await, bank.orders().await), (1, 2));
}

pub(crate) async fn a_completion_and_what_the_job_wrote_are_committed_together(bank: &Bank, transact: impl Transact) {
    let context = bank.claim().await;
    transact(Work::Complete, End::Commit).await.committed.unwrap();
    assert_eq!((bank.counted(State::Finished).await, bank.orders().await), (1, 1));
    assert_eq!(settle_after(bank, context).await, [Settled::Stale]);
    assert_eq!(bank.counted(State::Finished).await, 1);
}

pub(crate) async fn a_completion_that_is_rolled_back_leaves_the_job_with_its_holder(
    bank: &Bank,
    transact: impl Transact,
) {
    let context = bank.claim().await;
    for end in [End::RollBack, End::Drop, End::Cut] {
        let _lost = transact(Work::Complete, end).await;
    }
    assert_eq!((bank.counted(State::Claimed).await, bank.orders().await), (1, 0));
    assert_eq!(settle_after(bank, context).await, [Settled::Applied]);
    assert_eq!(bank.counted(State::Scheduled).await, 1);
}

/// What a runtime writes after a perform that completed its job and succeeded.
async fn settle_after(bank: &Bank, context: &jobs_core::Context) -> Vec<Settled> {
    let execution = context.execution();
    let decision = Decision::unless_committed(execution, Timestamp::default());
    bank.store.settle(&[Settlement::new(execution.token, decision)]).await.unwrap()
}
