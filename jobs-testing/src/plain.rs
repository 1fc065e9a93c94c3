//! Numbered jobs, for a store's own tests.

use std::ops::Range;
use std::sync::Arc;

use jobs_core::{Claim, Decision, Execution, JobId, NewJob, ProcessId, Settlement, State, Store};

/// The process of a test unless it names another one.
pub const ME: ProcessId = ProcessId::new(7);

/// The id of the job of this number. Higher numbers come later.
pub fn id(number: u64) -> JobId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    JobId::from_bytes(bytes)
}

/// The job of this number: named `test`, due now, with its number as its argument.
pub fn job(number: u64) -> NewJob {
    NewJob::new(id(number), "test", format!("[{number}]"))
}

/// The jobs of these numbers.
pub fn jobs(numbers: Range<u64>) -> Vec<NewJob> {
    numbers.map(job).collect()
}

/// Stores the jobs of these numbers. As cancel safe as the call of the store.
///
/// # Panics
/// The store returns an error.
pub async fn enqueue(store: &dyn Store, numbers: Range<u64>) {
    let _stored = store.enqueue(&jobs(numbers)).await.expect("the store enqueues");
}

/// Enqueues each of these jobs by a caller of its own, all at the same time. Which of them failed, by their places.
///
/// # Panics
/// It is called outside of a tokio runtime, or a caller panics.
pub async fn enqueue_at_once(store: &Arc<impl Store>, jobs: impl IntoIterator<Item = NewJob>) -> Vec<usize> {
    let callers = jobs.into_iter().map(|job| {
        let store = Arc::clone(store);
        tokio::spawn(async move { store.enqueue(&[job]).await.is_err() })
    });
    let mut failed = Vec::new();
    for (place, caller) in callers.collect::<Vec<_>>().into_iter().enumerate() {
        failed.extend(caller.await.expect("no caller panics").then_some(place));
    }
    failed
}

/// Claims up to `limit` jobs and finishes them; returns their ids. Not cancel safe: dropped, it may hold jobs.
///
/// # Panics
/// The store returns an error.
pub async fn work(store: &dyn Store, limit: usize) -> Vec<JobId> {
    let executions = store.claim(&Claim::all(ME, limit)).await.expect("the store claims");
    let ids = executions.iter().map(Execution::id).collect();
    let _settled = store.settle(&finish(executions)).await.expect("the store settles");
    ids
}

/// The settlements that finish and keep these executions.
pub fn finish(executions: Vec<Execution>) -> Vec<Settlement> {
    executions.into_iter().map(|it| it.settle(Decision::Finish { keep: true })).collect()
}

/// How many jobs are in this state. Cancel safe.
///
/// # Panics
/// The store cannot be inspected, or returns an error.
pub async fn count(store: &dyn Store, state: State) -> u64 {
    store.inspect().expect("the store can be looked into").counts().await.expect("the store counts").of(state)
}
