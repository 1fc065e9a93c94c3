//! Performing the jobs that wait.

use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;

use jobs_core::{JobId, State, Timestamp};

use crate::kit::perform::block::Block;
use crate::kit::perform::claimed::{ClaimedJobs, LOOP_LIMIT};
use crate::kit::{DrainError, Seen, TestJobs};

/// A drain: performs waiting jobs when it is awaited. Made by [`TestJobs::perform_enqueued_jobs`].
#[derive(Clone, Debug)]
#[must_use = "jobs are performed only when this is awaited"]
pub struct Drain {
    view: TestJobs,
    until: UniqueUntil,
    keep_failures: bool,
}

#[derive(Clone, Copy, Debug)]
enum UniqueUntil {
    /// The jobs that are due now, and none that are enqueued meanwhile.
    Once,
    /// Nothing waits any more.
    Empty,
    /// Nothing is due at this time.
    Time(Timestamp),
}

impl TestJobs {
    /// Performs the due jobs that this view sees, one after the other, in the order in which a worker would
    /// take them: each once, and none that is enqueued meanwhile. Awaited, it returns their number.
    ///
    /// The first failure that no rule takes ends it, as a [`DrainError`] that names the job. Jobs that are rescheduled
    /// by a rule wait for their time: [`travel`](Self::travel) there, or drain [`until_empty`](Drain::until_empty).
    pub fn perform_enqueued_jobs(&self) -> Drain {
        Drain { view: self.clone(), until: UniqueUntil::Once, keep_failures: false }
    }
}

impl Drain {
    /// Until nothing waits any more: also jobs that are enqueued meanwhile, and scheduled jobs. The clock moves to the
    /// time of each job that is performed.
    pub fn until_empty(mut self) -> Self {
        self.until = UniqueUntil::Empty;
        self
    }

    /// Until nothing is left that is due at this time: also jobs that are enqueued meanwhile. The clock moves to the
    /// time of each job that is performed, and to `time` in the end.
    pub fn until(mut self, time: impl Into<Timestamp>) -> Self {
        self.until = UniqueUntil::Time(time.into());
        self
    }

    /// Continues after a failure that no rule takes; see [`TestJobs::failed_jobs`]. A job of an unknown name is left
    /// out.
    pub fn and_keep_failures(mut self) -> Self {
        self.keep_failures = true;
        self
    }

    /// Runs `block` in the test's [`scope`](TestJobs::scope), and performs each job at once that it enqueues, seen by
    /// the view and due. A job that such a job enqueues comes after it. After `until_empty` or `until`, the jobs from
    /// the block that are still left are drained so in the end.
    ///
    /// The code in `block` does not see a failing job: its `perform_later` succeeded. The failure is returned here,
    /// and nothing is performed after it.
    ///
    /// Not cancel safe: jobs that were performed stay performed.
    ///
    /// # Errors
    /// A job failed and no rule took its error, its name is not known, or the jobs never end.
    pub async fn during<T>(self, block: impl Future<Output = T>) -> Result<T, DrainError> {
        let view = self.view.from_now();
        let performing = Block::begin(view.clone(), self.keep_failures);
        // Boxed, since blocks may be nested and futures in futures grow.
        let value = Box::pin(view.scope(block)).await;
        Box::pin(performing.end()).await?;
        if !matches!(self.until, UniqueUntil::Once) {
            Self { view, ..self }.await?;
        }
        Ok(value)
    }

    async fn run(self) -> Result<usize, DrainError> {
        let state = Arc::clone(&self.view.state);
        let limit = self.view.waiting().len().saturating_add(LOOP_LIMIT);
        let mut performed = 0;
        loop {
            let count = self.once(&mut performed, limit).await?;
            if count == 0 || matches!(self.until, UniqueUntil::Once) {
                match self.next_time() {
                    Some(time) => state.go_to(time.max(state.now())),
                    None => break,
                }
            }
        }
        if let UniqueUntil::Time(time) = self.until {
            state.go_to(time.max(state.now()));
        }
        Ok(performed)
    }

    /// Performs the jobs that are due now; returns their number.
    async fn once(&self, performed: &mut usize, limit: usize) -> Result<usize, DrainError> {
        let due = self.view.due(self.keep_failures)?;
        let mut held = ClaimedJobs::claim(&self.view.state, |execution| due.contains(&execution.id()));
        let mut count = 0;
        while let Some(execution) = held.next() {
            if *performed >= limit {
                let next = self.view.state.seen(execution.id());
                let performed = *performed;
                return next.map_or(Ok(0), |next| Err(DrainError::Endless { performed, next: Box::new(next) }));
            }
            let ended = self.view.state.perform(execution).await;
            count += 1;
            *performed += 1;
            if !self.keep_failures {
                ended?;
            }
        }
        Ok(count)
    }

    /// The due time of the next job that this drain waits for.
    fn next_time(&self) -> Option<Timestamp> {
        let last = match self.until {
            UniqueUntil::Once => return None,
            UniqueUntil::Empty => None,
            UniqueUntil::Time(last) => Some(last),
        };
        let scheduled = self.view.waiting().into_iter().filter(|(_, seen)| seen.record.state == State::Scheduled);
        let may_run = scheduled.filter(|(_, seen)| !(self.keep_failures && self.view.state.unknown(seen)));
        let next = may_run.map(|(_, seen)| seen.record.due_at).min()?;
        (last.is_none_or(|last| next <= last)).then_some(next)
    }
}

impl TestJobs {
    /// The jobs that can run now.
    pub(crate) fn due(&self, leave_out_unknown: bool) -> Result<BTreeSet<JobId>, DrainError> {
        self.state.go_to(self.now());
        let waiting = self.waiting().into_iter().map(|(_, seen)| seen);
        let ready: Vec<Seen> = waiting.filter(|seen| seen.record.state == State::Ready).collect();
        match ready.iter().find(|seen| self.state.unknown(seen)) {
            Some(job) if !leave_out_unknown => Err(DrainError::Unknown { job: Box::new(job.clone()) }),
            _ => Ok(ready.iter().filter(|seen| !self.state.unknown(seen)).map(Seen::id).collect()),
        }
    }
}

impl IntoFuture for Drain {
    type Output = Result<usize, DrainError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
