//! The calls of a store as they are recorded in the journal, and how they are replayed.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use jobs_core::{
    Claim, Due, Error, JobId, Manage, NewJob, Process, Recovery, Settlement, Store, StoreFuture, Timestamp,
};
use jobs_memory::MemoryStore;
use serde::{Deserialize, Serialize};

/// One line of the journal.
#[derive(Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) call: Call,
}

/// A call that can change the store.
#[derive(Serialize, Deserialize)]
pub(crate) enum Call {
    Enqueue(Vec<NewJob>),
    Dispatch(usize),
    Claim(Claim),
    Settle(Vec<Settlement>),
    Heartbeat(Process),
    Recover(Recovery),
    Retry(Vec<JobId>),
    Discard(Vec<JobId>),
    Reschedule(Vec<JobId>, Due),
    Pause(String),
    Resume(String),
    Prune(Duration, usize),
}

impl Call {
    /// Repeats the call on the store in memory. The results were returned when the line was written.
    pub(crate) fn replay(self, memory: &MemoryStore) -> Result<(), Error> {
        match self {
            Self::Enqueue(jobs) => now(memory.enqueue(&jobs)).map(drop),
            Self::Dispatch(limit) => now(memory.dispatch(limit)).map(drop),
            Self::Claim(claim) => now(memory.claim(&claim)).map(drop),
            Self::Settle(settlements) => now(memory.settle(&settlements)).map(drop),
            Self::Heartbeat(process) => now(memory.heartbeat(&process)).map(drop),
            Self::Recover(recovery) => now(memory.recover(&recovery)).map(drop),
            Self::Retry(jobs) => now(memory.retry(&jobs)).map(drop),
            Self::Discard(jobs) => now(memory.discard(&jobs)).map(drop),
            Self::Reschedule(jobs, due) => now(memory.reschedule(&jobs, due)).map(drop),
            Self::Pause(queue) => now(memory.pause(&queue)).map(drop),
            Self::Resume(queue) => now(memory.resume(&queue)).map(drop),
            Self::Prune(older_than, limit) => now(memory.prune(older_than, limit)).map(drop),
        }
    }
}

/// The result of the store in memory, which is ready at once.
pub(crate) fn now<T>(mut future: StoreFuture<'_, T>) -> Result<T, Error> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(Error::other("the store in memory waits for something")),
    }
}
