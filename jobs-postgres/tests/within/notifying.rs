//! Workers are notified of enqueued jobs when the transaction commits.

use jobs_core::{Event, Store};

use crate::bank::{Bank, Work, builder};

#[tokio::test]
async fn a_commit_notifies_a_worker_that_listens() {
    let Some(bank) = Bank::open().await else { return };
    let mut ear = bank.store.notifier().unwrap().listen();
    // The listening connection is open.
    ear.recv().await;
    let running = builder(bank.store.clone(), &bank.recorder).build().await.unwrap().start().await.unwrap();
    let mut client = bank.db.stranger().await;
    let mut transaction = client.transaction().await.unwrap();
    let _stored = bank.work(&mut transaction, Work::One(None)).await.unwrap();
    transaction.rollback().await.unwrap();
    let mut transaction = client.transaction().await.unwrap();
    let id = bank.work(&mut transaction, Work::One(None)).await.unwrap()[0].id().unwrap();
    transaction.commit().await.unwrap();
    ear.recv().await;
    let performed = bank.recorder.wait_for(|event| matches!(event, Event::Performed(_))).await;
    assert_eq!(performed.job().unwrap().id, id);
    running.stop().await;
    assert_eq!(bank.recorder.count(|event| matches!(event, Event::PerformStarted(_))), 1);
}
