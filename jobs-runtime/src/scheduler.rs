//! Enqueues jobs that recur: sleeps to the next tick by the store's time, and asks for it.

use std::time::Duration;

use jobs_core::missed::due_ticks;
use jobs_core::{
    Agenda, Enqueued, Error, Event, Failure, Recurring, RecurringTask, Registered, Schedule, StoreExt, Tick, Ticked,
    Timestamp,
};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::Jobs;
use crate::attempt::guarded;
use crate::backoff::Backoff;

/// The longest sleep: within this time it is noticed that a clock was set, or that the machine was suspended.
const LONGEST: Duration = Duration::from_secs(60);

/// How often tasks are declared anew, so that the store knows that they are still in force.
const REFRESH: Duration = Duration::from_secs(10 * 60);

/// How long the callbacks around one enqueue may take.
const LIMIT: Duration = Duration::from_secs(30);

/// A task of this program with what its words mean.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) task: RecurringTask,
    pub(crate) schedule: Schedule,
}

/// One of any number of schedulers on a store: each tick is taken by one of them.
pub(crate) struct Scheduler {
    pub(crate) jobs: Jobs,
    pub(crate) tasks: Vec<Planned>,
    pub(crate) quiet: CancellationToken,
}

impl Scheduler {
    pub(crate) async fn run(self) {
        let mut backoff = Backoff::default();
        let mut is_declared = false;
        while !self.quiet.is_cancelled() {
            let wait = match self.turn(&mut is_declared).await {
                Ok(wait) => {
                    backoff.worked();
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

    /// Takes what is due. How long until the next tick.
    async fn turn(&self, is_declared: &mut bool) -> Result<Duration, Error> {
        let recurring = self.jobs.store().repeating()?;
        if !*is_declared {
            let all: Vec<_> = self.tasks.iter().map(|planned| planned.task.clone()).collect();
            recurring.declare(&all).await?;
            *is_declared = true;
        }
        let agenda = recurring.tasks().await?;
        let seen = Instant::now();
        let stale = self.stale(&agenda);
        if !stale.is_empty() {
            recurring.declare(&stale).await?;
        }
        for planned in &self.tasks {
            self.take(recurring, planned, &agenda).await?;
        }
        let next = self.tasks.iter().filter_map(|planned| planned.schedule.next_after(agenda.now)).min();
        let wait = next.map_or(LONGEST, |next| next.since(agenda.now));
        Ok(wait.saturating_sub(seen.elapsed()).min(LONGEST))
    }

    /// Those of our tasks that the store should hear of again. One that another version of the program declares with other
    /// words is left to it for as long as it does so.
    fn stale(&self, agenda: &Agenda) -> Vec<RecurringTask> {
        let is_stale = |task: &RecurringTask| {
            agenda.find(&task.key).is_none_or(|record| {
                let patience = if record.task == *task { REFRESH } else { REFRESH * 3 };
                agenda.now.since(record.declared_at) >= patience
            })
        };
        self.tasks.iter().map(|planned| &planned.task).filter(|task| is_stale(task)).cloned().collect()
    }

    /// Takes the ticks of one task that have come.
    async fn take(&self, recurring: &dyn Recurring, planned: &Planned, agenda: &Agenda) -> Result<(), Error> {
        let task = &planned.task;
        // A pause is not made up for, so there is nothing to leave out either.
        let Some(record) = agenda.find(&task.key).filter(|record| !record.paused) else { return Ok(()) };
        let due = due_ticks(&planned.schedule, record.looks_after(agenda.now), agenda.now, task.missed);
        if let Some((until, ticks)) = due.skipped {
            self.skip(recurring, task, until, ticks).await?;
        }
        let Some(known) = self.jobs.shared.registry.find(&task.job) else { return Ok(()) };
        for at in due.taken {
            self.enqueue(recurring, known, task, at).await?;
        }
        Ok(())
    }

    async fn enqueue(
        &self,
        recurring: &dyn Recurring,
        known: &Registered,
        task: &RecurringTask,
        at: Timestamp,
    ) -> Result<(), Error> {
        let ticking = Box::pin(async { self.jobs.tick(known, task, at).await.map_err(Failure::from_error) });
        match guarded(ticking, Some(LIMIT)).await {
            Ok(Some(Ticked::Enqueued(Enqueued::New(job)))) => {
                self.jobs.shared.events.emit(|| Event::RecurringEnqueued { key: task.key.clone(), at, job });
                Ok(())
            }
            Ok(Some(_)) => Ok(()),
            // A callback halted it, which is told.
            Ok(None) => recurring.tick(&Tick::new(task.key.clone(), at, None)).await.map(drop),
            Err(failure) => self.give_up(recurring, task, at, failure).await,
        }
    }

    /// An enqueue failed. What the store could not do it may do later; what else went wrong would go wrong again.
    async fn give_up(
        &self,
        recurring: &dyn Recurring,
        task: &RecurringTask,
        at: Timestamp,
        failure: Failure,
    ) -> Result<(), Error> {
        match failure.downcast::<Error>() {
            Ok(error) if error.is_transient() => return Err(error),
            Ok(_) => {}
            Err(failure) => {
                self.failed("enqueue a recurring task", &Error::other(format!("`{}`: {failure}", task.key)));
            }
        }
        self.skip(recurring, task, at, 1).await
    }

    /// Leaves ticks out, and tells it if it was done here.
    async fn skip(
        &self,
        recurring: &dyn Recurring,
        task: &RecurringTask,
        until: Timestamp,
        ticks: u32,
    ) -> Result<(), Error> {
        let key = task.key.clone();
        if recurring.tick(&Tick::new(key.clone(), until, None)).await? == Ticked::Skipped {
            self.jobs.shared.events.emit(|| Event::RecurringSkipped { key, ticks, until });
        }
        Ok(())
    }

    fn failed(&self, operation: &'static str, error: &Error) {
        self.jobs.shared.events.emit(|| Event::StoreFailed { operation, message: error.to_string() });
    }
}
