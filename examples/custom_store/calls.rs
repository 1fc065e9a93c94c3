//! The calls of a store as they are written down, and how they are played.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use jobs_core::{
    Claim, Due, Error, JobId, Manage, NewJob, Process, Recovery, Settlement, Store, StoreFuture, Timestamp,
};
use jobs_memory::MemoryStore;
use serde::{Deserialize, Serialize};

/// A line of the journal.
#[derive(Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) call: Call,
}

/// What may change something.
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
    /// Does to the store in memory what was done when the line was written. The answers were given then.
    pub(crate) fn play(self, memory: &MemoryStore) -> Result<(), Error> {
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

/// The answer of the store in memory, which has it at once.
pub(crate) fn now<T>(mut answer: StoreFuture<'_, T>) -> Result<T, Error> {
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => Err(Error::other("the store in memory waits for something")),
    }
}
