//! Looking at what is stored, and acting on it by hand.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::store::StoreFuture;
use crate::{Due, ErrorRecord, JobId, ProcessId, ProcessRecord, State, Timestamp};

/// Looks at what is stored and changes nothing.
pub trait Inspect: Send + Sync {
    /// The job, wherever it is in its life; `None` if it never was or has been pruned.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>>;

    /// Jobs that match in the order of their ids, at most `filter.limit`: roughly the oldest first, since ids grow
    /// with time.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn list<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<JobRecord>>;

    /// How many jobs there are in each state.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn counts(&self) -> StoreFuture<'_, Counts>;

    /// The queues that hold ready jobs or are paused, sorted by name.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>>;

    /// The processes that are known, the oldest first.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>>;
}

/// Acts on stored jobs and queues by hand. Each move is one of [`lifecycle`](crate::lifecycle).
pub trait Manage: Send + Sync {
    /// Makes failed, discarded or scheduled jobs ready. How many it touched.
    ///
    /// A failed or discarded job whose [key](crate::UniqueKey) would be held again stays as it is while another holds the
    /// key; otherwise it takes it.
    ///
    /// Attempts, counters and errors stay; the crashes of processes are counted anew, or a job that failed as
    /// poisonous would fail again at its first.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64>;

    /// Discards jobs that are not claimed and not done. How many it touched.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64>;

    /// Sets another time for ready or scheduled jobs. How many it touched.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64>;

    /// Nothing is claimed from the queue until it is resumed. Whether it was not paused before.
    ///
    /// # Errors
    /// As [`Store`](crate::Store); and if the name can be that of no queue, the error
    /// [is invalid](crate::Error::is_invalid).
    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool>;

    /// Ends a pause. Whether there was one.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool>;

    /// Forgets finished and discarded jobs that were done at least `older_than` ago, at most `limit` of
    /// them, in whatever order. How many it forgot.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64>;
}

/// A job as it is stored. Written as JSON it has its fields under their names, and times in microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JobRecord {
    /// Its identity.
    pub id: JobId,
    /// The name its definition is found by.
    pub name: String,
    /// Its queue.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// Where it is in its life.
    pub state: State,
    /// The arguments as JSON text.
    pub arguments: String,
    /// The version of the arguments' form.
    pub version: u32,
    /// What travels with it as JSON text.
    pub meta: Option<String>,
    /// How many attempts were begun and count.
    pub attempts: u32,
    /// How many processes died under it.
    pub crashes: u32,
    /// When the store took it.
    pub enqueued_at: Timestamp,
    /// When it may, or might, run first.
    pub due_at: Timestamp,
    /// Who holds it, while it is claimed.
    pub claimed_by: Option<ProcessId>,
    /// When it was finished or discarded.
    pub done_at: Option<Timestamp>,
    /// How its attempts failed, the first first.
    pub errors: Vec<ErrorRecord>,
    /// Its [`UniqueKey`](crate::UniqueKey) as text, whether it holds it or not.
    pub unique_key: Option<String>,
    /// See [`NewJob::concurrency_key`](crate::NewJob::concurrency_key).
    pub concurrency_key: Option<String>,
    /// See [`NewJob::batch_id`](crate::NewJob::batch_id).
    pub batch_id: Option<String>,
    /// See [`NewJob::expires_at`](crate::NewJob::expires_at).
    pub expires_at: Option<Timestamp>,
}

impl JobRecord {
    /// A ready job with nothing special about it, for stores to fill in.
    pub fn new(id: JobId, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            queue: crate::queue::DEFAULT_QUEUE.to_owned(),
            priority: 0,
            state: State::Ready,
            arguments: arguments.into(),
            version: 1,
            meta: None,
            attempts: 0,
            crashes: 0,
            enqueued_at: Timestamp::default(),
            due_at: Timestamp::default(),
            claimed_by: None,
            done_at: None,
            errors: Vec::new(),
            unique_key: None,
            concurrency_key: None,
            batch_id: None,
            expires_at: None,
        }
    }
}

/// Which jobs to list. Empty fields mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this state.
    pub state: Option<State>,
    /// Only of this queue.
    pub queue: Option<String>,
    /// Only of this name.
    pub name: Option<String>,
    /// Only those whose id comes after this one: the last of the page before.
    pub after: Option<JobId>,
    /// How many at most; 0 means 100.
    pub limit: usize,
}

impl Filter {
    /// The jobs of one state.
    pub fn state(state: State) -> Self {
        Self { state: Some(state), ..Self::default() }
    }

    /// How many at most, with 0 read as 100.
    pub const fn page_size(&self) -> usize {
        if self.limit == 0 { 100 } else { self.limit }
    }
}

/// How many jobs there are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; State::ALL.len()]);

impl Counts {
    /// How many are in this state.
    pub fn of(&self, state: State) -> u64 {
        self.0.get(state as usize).copied().unwrap_or(0)
    }

    /// Adds to a state.
    pub fn add(&mut self, state: State, count: u64) {
        if let Some(slot) = self.0.get_mut(state as usize) {
            *slot += count;
        }
    }

    /// How many there are in all.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// How many still move by themselves: scheduled, blocked, ready or claimed.
    pub fn pending(&self) -> u64 {
        [State::Scheduled, State::Blocked, State::Ready, State::Claimed].into_iter().map(|state| self.of(state)).sum()
    }
}

/// A queue as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRecord {
    /// Its name.
    pub name: String,
    /// How many jobs are ready in it.
    pub ready: u64,
    /// How long the job that has been ready longest has waited since it was due.
    pub latency: Duration,
    /// Whether it is paused.
    pub paused: bool,
}
