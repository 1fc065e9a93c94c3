//! A row that a trigger of the user refuses to change holds up no other.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::{File, count, enqueue, id, job, work};
use jobs_core::{Claim, Due, JobId, NewJob, ProcessId, Recovery, RefusedJob, State, Store};

const MINUTE: Duration = Duration::from_secs(60);

/// The trigger refuses this on the job of number 2.
fn refuse(file: &File, what: &str, condition: &str) {
    let job = format!("x'{}'", id(2).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat());
    let body = "BEGIN SELECT RAISE(ABORT, 'not this one'); END";
    let trigger = format!("CREATE TRIGGER refusal BEFORE {what} ON jobs WHEN OLD.id = {job} AND {condition} {body}");
    file.stranger().execute_batch(&trigger).unwrap();
}

fn allow(file: &File) {
    file.stranger().execute_batch("DROP TRIGGER refusal").unwrap();
}

fn names_the_second(refused: &[RefusedJob], operation: &str) {
    let named: Vec<JobId> = refused.iter().map(|refused| refused.job).collect();
    assert_eq!(named, [id(2)]);
    let message = &refused[0].message;
    assert!(message.starts_with(&format!("could not {operation} job {}", id(2))), "{message}");
    assert!(message.contains("not this one"), "{message}");
}

fn in_a_minute(number: u64) -> NewJob {
    let mut job = job(number);
    job.due = Due::In(MINUTE);
    job
}

#[tokio::test]
async fn a_job_whose_dispatch_is_refused_holds_up_no_other() {
    let file = File::new();
    let store = file.open();
    store.enqueue(&[1, 2, 3].map(in_a_minute)).await.unwrap();
    refuse(&file, "UPDATE", "NEW.state = 2");
    file.clock.advance(MINUTE);
    let dispatched = store.dispatch(10).await.unwrap();
    assert_eq!((dispatched.ready, dispatched.next_in), (2, None), "the refused one is not asked for at once");
    names_the_second(&dispatched.refused, "dispatch");
    store.enqueue(&[in_a_minute(4)]).await.unwrap();
    let dispatched = store.dispatch(10).await.unwrap();
    assert_eq!((dispatched.ready, dispatched.next_in, dispatched.refused), (0, Some(MINUTE), vec![]));
    file.clock.advance(Duration::from_secs(2));
    names_the_second(&store.dispatch(10).await.unwrap().refused, "dispatch");
    allow(&file);
    file.clock.advance(Duration::from_secs(4));
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
}

#[tokio::test]
async fn a_job_whose_recovery_is_refused_holds_up_no_other() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 1..4).await;
    assert_eq!(store.claim(&Claim::all(ProcessId::new(9), 10)).await.unwrap().len(), 3);
    refuse(&file, "UPDATE", "NEW.crashes > OLD.crashes");
    let recovery = Recovery::new(MINUTE, 3);
    let recovered = store.recover(&recovery).await.unwrap();
    assert_eq!(recovered.ready, [id(1), id(3)]);
    names_the_second(&recovered.refused, "recover");
    let again = store.recover(&recovery).await.unwrap();
    assert_eq!((again.ready, again.refused), (vec![], vec![]), "it is left out for a while");
    allow(&file);
    file.clock.advance(Duration::from_secs(2));
    assert_eq!(store.recover(&recovery).await.unwrap().ready, [id(2)]);
    let record = store.inspect().unwrap().find(id(2)).await.unwrap().unwrap();
    assert_eq!((record.crashes, record.errors.len()), (1, 1), "a refused try counts nothing");
}

#[tokio::test]
async fn a_job_whose_deletion_is_refused_holds_up_no_other() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 1..4).await;
    assert_eq!(work(&store, 10).await.len(), 3);
    refuse(&file, "DELETE", "true");
    let manage = store.manage().unwrap();
    let error = manage.prune(Duration::ZERO, 10).await.unwrap_err();
    assert!(error.to_string().contains(&format!("could not prune job {}", id(2))), "{error}");
    assert_eq!(count(&store, State::Finished).await, 1, "the others are deleted");
    assert_eq!(manage.prune(Duration::ZERO, 10).await.unwrap(), 0, "it is left out for a while");
    allow(&file);
    file.clock.advance(Duration::from_secs(2));
    assert_eq!(manage.prune(Duration::ZERO, 10).await.unwrap(), 1);
    assert_eq!(count(&store, State::Finished).await, 0);
}
