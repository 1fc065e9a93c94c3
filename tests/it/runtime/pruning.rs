//! Pruning goes on after a job that the store refuses to delete, and stops where going on is of no use.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{Store, StoreFuture};
use jobs::{Error, Event};
use jobs_testing::{PassThrough, PassThroughStore};

use crate::fixture::Fixture;

#[job]
async fn nothing() {}

/// A store that answers each call of `prune` by its number, from 0.
struct PruneStore {
    store: Arc<dyn Store>,
    answer: fn(usize) -> Result<u64, Error>,
    calls: AtomicUsize,
}

impl PassThrough for PruneStore {
    fn inner(&self) -> &dyn Store {
        &*self.store
    }

    fn prune(&self, _: Duration, _: usize) -> StoreFuture<'_, u64> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready((self.answer)(call)))
    }
}

/// How many jobs the first pass removes, and with how many calls.
async fn pass(answer: fn(usize) -> Result<u64, Error>) -> (u64, usize) {
    let mut fixture = Fixture::new();
    let store = PruneStore { store: fixture.store.clone(), answer, calls: AtomicUsize::new(0) };
    let store = Arc::new(PassThroughStore(store));
    fixture.store = store.clone();
    let running = fixture.start(jobs::jobs![Nothing]).await;
    let event = fixture.recorder.wait_for(|event| matches!(event, Event::Pruned(_))).await;
    let calls = store.0.calls.load(Ordering::SeqCst);
    running.stop().await;
    let Event::Pruned(pruned) = event else { unreachable!() };
    (pruned.count, calls)
}

#[tokio::test]
async fn a_pass_goes_on_after_jobs_that_the_store_refuses_to_delete() {
    let answer = |call| match call {
        0 | 2 => Err(Error::other(format!("the job {call} stays"))),
        1 | 3 => Ok(1000),
        4 => Ok(7),
        _ => Ok(0),
    };
    assert_eq!(pass(answer).await, (2007, 6));
}

#[tokio::test]
async fn a_pass_ends_when_the_same_error_comes_again() {
    let answer = |call| match call {
        1 | 3 => Err(Error::other("the job stays")),
        _ => Ok(1),
    };
    assert_eq!(pass(answer).await, (2, 4));
}

#[tokio::test]
async fn a_pass_ends_after_ten_errors() {
    let answer = |call| if call == 0 { Ok(1) } else { Err(Error::other(format!("the job {call} stays"))) };
    assert_eq!(pass(answer).await, (1, 11));
}

#[tokio::test]
async fn a_pass_ends_when_the_store_cannot_be_reached() {
    let answer = |call| if call == 1 { Err(Error::transient("gone for a moment")) } else { Ok(1) };
    assert_eq!(pass(answer).await, (1, 2));
}
