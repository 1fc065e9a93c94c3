//! Takes the due ticks of one recurring task, one after the other.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::events::{RecurringEnqueued, RecurringSkipped};
use jobs_core::missed::DueTicks;
use jobs_core::{Enqueued, Error, Failure, Registered, Tick, TickOutcome, Timestamp};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use crate::Client;
use crate::enqueue::destination::EnqueueOutcome;
use crate::guard::run_guarded;
use crate::maintenance::recurring_plan::PlannedTask;
use crate::maintenance::tick_batcher::{TickBatcher, TickProgress, TickRequest};

/// How long the callbacks around one enqueue may take.
const LIMIT: Duration = Duration::from_secs(30);

/// After this time a task no longer counts among those that run at the same time, so that some that hang hold up no other.
const SLOW: Duration = Duration::from_secs(1);

/// The store's time, and when it was read.
#[derive(Clone, Copy)]
pub(crate) struct StoreTime {
    now: Timestamp,
    seen: Instant,
}

impl StoreTime {
    /// The store has just answered with its time.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { now, seen: Instant::now() }
    }

    /// When it was read.
    pub(crate) const fn seen(self) -> Instant {
        self.seen
    }

    /// The store's time now.
    pub(crate) fn now(self) -> Timestamp {
        self.now + self.seen.elapsed()
    }
}

/// The due ticks of one task.
pub(crate) struct TaskTicks {
    pub(crate) jobs: Client,
    pub(crate) planned: Arc<PlannedTask>,
    pub(crate) due: DueTicks,
    pub(crate) time: StoreTime,
    pub(crate) batcher: TickBatcher,
    /// Bounds the tasks whose callbacks run at the same time.
    pub(crate) slots: Arc<Semaphore>,
}

impl TaskTicks {
    /// Takes the ticks.
    ///
    /// # Errors
    /// An enqueue failed and is to be tried again: the tick is still open, and reported already.
    pub(crate) async fn take(self) -> Result<(), Error> {
        let slot = self.slots.acquire().await;
        let mut taking = pin!(self.take_all());
        if let Ok(taken) = timeout(SLOW, &mut taking).await {
            return taken;
        }
        drop(slot);
        taking.await
    }

    async fn take_all(&self) -> Result<(), Error> {
        if let Some((until, ticks)) = self.due.skipped {
            self.skip(until, ticks).await?;
        }
        let Some(known) = self.jobs.shared.registry.get(&self.planned.task.job) else { return Ok(()) };
        for at in &self.due.taken {
            self.enqueue(known, *at).await?;
        }
        Ok(())
    }

    async fn enqueue(&self, known: &Registered, at: Timestamp) -> Result<(), Error> {
        let progress = TickProgress::default();
        match self.limited(known, at, &progress).await {
            Ok(Ok(EnqueueOutcome::Stored(Enqueued::New(_)))) => self.report_enqueued(at, &progress),
            Ok(Ok(EnqueueOutcome::Stored(_) | EnqueueOutcome::TickRefused(_))) => {}
            // The event of the halt is emitted already, so the tick is left out without another.
            Ok(Ok(EnqueueOutcome::Halted)) => drop(self.leave_out(at).await?),
            Ok(Err(error)) if error.is_transient() => return Err(error),
            // It would fail again. The event of that is emitted already.
            Ok(Err(_)) => self.skip(at, 1).await?,
            Err(failure) => {
                self.jobs.report_broken_tick(known, &self.planned.task, at, &failure, progress.outcome());
                self.report_enqueued(at, &progress);
                self.skip(at, 1).await?;
            }
        }
        Ok(())
    }

    /// Enqueues the job of a tick. The failure is a panic, or that the callbacks took longer than the limit. The time of the
    /// store does not count, since it has time-outs of its own.
    async fn limited(
        &self,
        known: &Registered,
        at: Timestamp,
        progress: &TickProgress,
    ) -> Result<Result<EnqueueOutcome, Error>, Failure> {
        let task = &self.planned.task;
        let request = TickRequest { key: &task.key, at, batcher: &self.batcher, progress };
        let ticking = Box::pin(async { Ok(self.jobs.tick(known, task, request).await) });
        let mut ticking = pin!(run_guarded(ticking, None));
        loop {
            match timeout(LIMIT, &mut ticking).await {
                Ok(ended) => return ended,
                Err(_) if progress.is_storing() => {}
                Err(_) => return Err(Failure::from_error(CallbacksTimedOut)),
            }
        }
    }

    /// Emits the event of a job that was stored for the tick.
    fn report_enqueued(&self, at: Timestamp, progress: &TickProgress) {
        if let Some(TickOutcome::Enqueued(Enqueued::New(job))) = progress.outcome() {
            let late = self.time.now().duration_since(at);
            let key = self.planned.task.key.clone();
            self.jobs.shared.events.emit(|| RecurringEnqueued::new(key, at, job).late(late));
        }
    }

    /// Leaves ticks out, and emits the event if this scheduler did it.
    async fn skip(&self, until: Timestamp, ticks: u32) -> Result<(), Error> {
        if self.leave_out(until).await? == TickOutcome::Skipped {
            let key = self.planned.task.key.clone();
            self.jobs.shared.events.emit(|| RecurringSkipped::new(key, ticks, until));
        }
        Ok(())
    }

    async fn leave_out(&self, until: Timestamp) -> Result<TickOutcome, Error> {
        let key = &self.planned.task.key;
        let answer = self.batcher.take(Tick::new(key.as_str(), until, None)).await;
        answer.inspect_err(|error| {
            // A transient error is reported once for all tasks of a batch.
            if !error.is_transient() {
                let error = Error::other(format!("`{key}`: {error}"));
                self.jobs.shared.events.store_failed("leave out ticks of a recurring task", &error);
            }
        })
    }
}

/// The callbacks around an enqueue did not end.
#[derive(Debug)]
struct CallbacksTimedOut;

impl fmt::Display for CallbacksTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the enqueue callbacks took longer than {LIMIT:?}, the limit at a tick")
    }
}

impl std::error::Error for CallbacksTimedOut {}
