//! The rows of unique keys: which jobs have one, and when it is removed.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::{File, ME, finish, id, job, work};
use jobs_core::{Claim, Decision, Enqueued, NewJob, Settlement, Store, Unique, UniqueBy, UniqueKey, UniqueUntil};

const HOUR: Duration = Duration::from_secs(3600);
const DONE: Unique = Unique::until(UniqueUntil::Done);

fn unique(number: u64, unique: Unique, word: &str) -> NewJob {
    let mut job = job(number);
    job.unique_key = UniqueKey::of("test", &unique, "{}", Some(&UniqueBy::value(&word))).unwrap();
    job
}

fn rows(file: &File) -> i64 {
    file.stranger().query_row("SELECT count(*) FROM unique_keys", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn keys_are_removed_with_their_jobs_and_when_they_expire() {
    let file = File::new();
    let store = file.open();
    let batch = [
        unique(1, DONE, "a"),
        unique(2, Unique::until(UniqueUntil::Start), "b"),
        unique(3, Unique::lasting(HOUR), "c"),
    ];
    let _stored = store.enqueue(&batch).await.unwrap();
    let _stored = store.enqueue(&[job(4), unique(5, DONE, "a")]).await.unwrap();
    assert_eq!(rows(&file), 3, "neither those without a key nor duplicates have a row");
    assert_eq!(work(&store, 10).await.len(), 4);
    assert_eq!(rows(&file), 1, "what is held for a time alone stays");
    file.clock.advance(HOUR);
    // The limit is less than the number of keys, so removal repeats until none is left.
    store.manage().unwrap().prune(HOUR, 1).await.unwrap();
    assert_eq!(rows(&file), 0, "and goes when that is over");
}

#[tokio::test]
async fn every_end_of_a_job_removes_its_key_row() {
    let file = File::new();
    let store = file.open();
    let discard = Decision::Discard { error: None };
    for (number, decision) in (1..).zip([Decision::Finish { keep: true }, Decision::Finish { keep: false }, discard]) {
        let _stored = store.enqueue(&[unique(number, DONE, "a")]).await.unwrap();
        let execution = store.claim(&Claim::all(ME, 1)).await.unwrap().pop().unwrap();
        let settlement = Settlement::new(execution.token, decision);
        let _settled = store.settle(&[settlement]).await.unwrap();
        assert_eq!(rows(&file), 0);
    }
    let _stored = store.enqueue(&[unique(9, DONE, "a")]).await.unwrap();
    assert_eq!(store.manage().unwrap().discard(&[id(9)]).await.unwrap(), 1);
    assert_eq!(rows(&file), 0, "also after a manual discard");
}

#[tokio::test]
async fn expired_keys_are_removed_in_small_steps() {
    let file = File::new();
    let store = file.open();
    let batch: Vec<_> = (0..250).map(|number| unique(number, Unique::lasting(HOUR), &number.to_string())).collect();
    let _stored = store.enqueue(&batch).await.unwrap();
    file.clock.advance(HOUR);
    store.manage().unwrap().prune(HOUR, 100).await.unwrap();
    assert_eq!(rows(&file), 0);
}

#[tokio::test]
async fn a_file_without_keys_is_migrated_and_keeps_its_jobs() {
    let file = File::new();
    let store = file.open();
    let _stored = store.enqueue(&[job(1)]).await.unwrap();
    drop(store);
    file.back_to_step(1);
    let store = file.open();
    let _stored = store.enqueue(&[unique(2, DONE, "a")]).await.unwrap();
    assert_eq!(store.enqueue(&[unique(3, DONE, "a")]).await.unwrap(), [Enqueued::Duplicate { of: id(2) }]);
    assert_eq!(work(&store, 10).await, [id(1), id(2)]);
}

#[tokio::test]
async fn a_key_row_that_was_left_behind_holds_no_key() {
    let file = File::new();
    let store = file.open();
    let _stored = store.enqueue(&[unique(1, DONE, "a")]).await.unwrap();
    file.stranger().execute_batch("DELETE FROM jobs").unwrap();
    assert_eq!(store.enqueue(&[unique(2, DONE, "a")]).await.unwrap(), [Enqueued::New(id(2))]);
    let executions = store.claim(&Claim::all(ME, 1)).await.unwrap();
    let _settled = store.settle(&finish(executions)).await.unwrap();
    assert_eq!(rows(&file), 0);
}
