//! Enqueues the jobs of recurring tasks: sleeps until the next tick by the store's time, and requests it.

use std::time::Duration;

use jobs_core::events::{RecurringEnqueued, RecurringSkipped};
use jobs_core::missed::due_ticks;
use jobs_core::{
    Enqueued, Error, Failure, RecurringTask, RecurringTasks, Registered, Schedule, Tick, TickOutcome, Timestamp,
};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::Client;
use crate::enqueue::destination::EnqueueOutcome;
use crate::guard::run_guarded;
use crate::supervision::backoff::Backoff;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// The longest sleep: within this time the loop notices that a clock was set, or that the machine was suspended.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);

/// How often tasks are declared again, so that the store knows that a running program has them.
const REFRESH: Duration = Duration::from_secs(10 * 60);

/// How long the callbacks around one enqueue may take.
const LIMIT: Duration = Duration::from_secs(30);

/// A task of this program with its parsed schedule.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) task: RecurringTask,
    pub(crate) schedule: Schedule,
}

/// One of any number of schedulers on a store: each tick is taken by one of them.
pub(crate) struct Scheduler {
    pub(crate) jobs: Client,
    pub(crate) tasks: Vec<Planned>,
    pub(crate) quiet: CancellationToken,
    pub(crate) progress: LoopProgress,
}

impl ProcessLoop for Scheduler {
    const NAME: &'static str = "scheduler";

    async fn run(&mut self) {
        let mut backoff = Backoff::default();
        let mut is_declared = false;
        while !self.quiet.is_cancelled() {
            self.progress.turn();
            let wait = match self.turn(&mut is_declared).await {
                Ok(wait) => {
                    backoff.succeeded();
                    wait
                }
                Err(error) => {
                    self.failed("take the ticks of recurring tasks", &error);
                    backoff.failed()
                }
            };
            tokio::select! {
                () = sleep(wait) => {}
                () = self.quiet.cancelled() => {}
            }
        }
    }
}

impl Scheduler {
    /// Takes the due ticks. Returns how long until the next one.
    async fn turn(&self, is_declared: &mut bool) -> Result<Duration, Error> {
        let store = &self.jobs.shared.store;
        if !*is_declared {
            let all: Vec<_> = self.tasks.iter().map(|planned| planned.task.clone()).collect();
            self.declare(&all).await?;
            *is_declared = true;
        }
        let agenda = store.recurring_tasks().await?;
        let seen = Instant::now();
        let stale = self.stale(&agenda);
        if !stale.is_empty() {
            self.declare(&stale).await?;
        }
        for planned in &self.tasks {
            self.take(planned, &agenda).await?;
        }
        let next = self.tasks.iter().filter_map(|planned| planned.schedule.next_after(agenda.now)).min();
        let wait = next.map_or(LONGEST, |next| next.duration_since(agenda.now));
        Ok(wait.saturating_sub(seen.elapsed()).min(LONGEST))
    }

    /// Declares tasks. One that the store refuses for good does not keep the others from being declared.
    async fn declare(&self, tasks: &[RecurringTask]) -> Result<(), Error> {
        let store = &self.jobs.shared.store;
        match store.declare(tasks).await {
            Err(error) if !error.is_transient() => {}
            result => return result,
        }
        for task in tasks {
            match store.declare(std::slice::from_ref(task)).await {
                Err(error) if error.is_transient() => return Err(error),
                Err(error) => {
                    self.failed("declare a recurring task", &Error::other(format!("`{}`: {error}", task.key)));
                }
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// The tasks of this program that are to be declared again. If another version of the program declares a task
    /// differently, its declaration stays while it renews it.
    fn stale(&self, agenda: &RecurringTasks) -> Vec<RecurringTask> {
        let is_stale = |task: &RecurringTask| {
            agenda.find(&task.key).is_none_or(|record| {
                let lifetime = if record.task == *task { REFRESH } else { REFRESH * 3 };
                agenda.now.duration_since(record.declared_at) >= lifetime
            })
        };
        self.tasks.iter().map(|planned| &planned.task).filter(|task| is_stale(task)).cloned().collect()
    }

    /// Takes the due ticks of one task.
    async fn take(&self, planned: &Planned, agenda: &RecurringTasks) -> Result<(), Error> {
        let task = &planned.task;
        // Ticks of a pause are not made up for, so none is skipped either.
        let Some(record) = agenda.find(&task.key).filter(|record| !record.paused) else { return Ok(()) };
        let due = due_ticks(&planned.schedule, record.looks_after(agenda.now), agenda.now, task.missed);
        if let Some((until, ticks)) = due.skipped {
            self.skip(task, until, ticks).await?;
        }
        let Some(known) = self.jobs.shared.registry.get(&task.job) else { return Ok(()) };
        for at in due.taken {
            self.enqueue(known, task, at).await?;
        }
        Ok(())
    }

    async fn enqueue(&self, known: &Registered, task: &RecurringTask, at: Timestamp) -> Result<(), Error> {
        let ticking = Box::pin(async { self.jobs.tick(known, task, at).await.map_err(Failure::from_error) });
        match run_guarded(ticking, Some(LIMIT)).await {
            Ok(EnqueueOutcome::Stored(Enqueued::New(job))) => {
                self.jobs.shared.events.emit(|| RecurringEnqueued::new(task.key.clone(), at, job));
                Ok(())
            }
            Ok(EnqueueOutcome::Stored(_) | EnqueueOutcome::TickRefused(_)) => Ok(()),
            // The event of the halt is emitted already, so the tick is left out without another.
            Ok(EnqueueOutcome::Halted) => self.leave_out(task, at).await.map(drop),
            Err(failure) => self.give_up(task, at, failure).await,
        }
    }

    /// An enqueue failed. A transient error of the store is tried again; any other would happen again.
    async fn give_up(&self, task: &RecurringTask, at: Timestamp, failure: Failure) -> Result<(), Error> {
        match failure.downcast::<Error>() {
            Ok(error) if error.is_transient() => return Err(error),
            Ok(_) => {}
            Err(failure) => {
                self.failed("enqueue a recurring task", &Error::other(format!("`{}`: {failure}", task.key)));
            }
        }
        self.skip(task, at, 1).await
    }

    /// Leaves ticks out, and emits the event if this scheduler did it.
    async fn skip(&self, task: &RecurringTask, until: Timestamp, ticks: u32) -> Result<(), Error> {
        if self.leave_out(task, until).await? == TickOutcome::Skipped {
            let key = task.key.clone();
            self.jobs.shared.events.emit(|| RecurringSkipped::new(key, ticks, until));
        }
        Ok(())
    }

    async fn leave_out(&self, task: &RecurringTask, until: Timestamp) -> Result<TickOutcome, Error> {
        self.jobs.shared.store.tick(&Tick::new(task.key.clone(), until, None)).await
    }

    fn failed(&self, operation: &'static str, error: &Error) {
        self.jobs.shared.events.store_failed(operation, error);
    }
}
