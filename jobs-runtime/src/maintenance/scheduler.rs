//! Enqueues the jobs of recurring tasks: sleeps until the next tick by the store's time, and takes the ticks of each task.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::missed::due_ticks;
use jobs_core::{Error, RecurringRecord, RecurringTask, RecurringTasks};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::Client;
use crate::maintenance::recurring_plan::PlannedTask;
use crate::maintenance::task_states::{EndedTask, TaskStates};
use crate::maintenance::task_ticks::{StoreTime, TaskTicks};
use crate::maintenance::tick_batcher::TickBatcher;
use crate::supervision::backoff::Backoff;
use crate::supervision::progress::LoopProgress;
use crate::supervision::supervisor::ProcessLoop;

/// The longest sleep: within this time the loop notices that a clock was set, or that the machine was suspended.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);

/// How often tasks are declared again, so that the store knows that a running program has them.
const REFRESH: Duration = Duration::from_secs(10 * 60);

/// How many tasks enqueue at the same time. Enqueue callbacks may need connections of the program.
const CONCURRENCY: usize = 256;

/// The time between two looks at the tasks whose ticks came while earlier ones were taken. So many are seen together.
const PAUSE: Duration = Duration::from_millis(50);

/// One of any number of schedulers on a store: each tick is taken by one of them.
pub(crate) struct Scheduler {
    pub(crate) jobs: Client,
    pub(crate) tasks: Vec<Arc<PlannedTask>>,
    pub(crate) quiet: CancellationToken,
    pub(crate) progress: LoopProgress,
}

/// One run of the loop.
struct Run<'s> {
    scheduler: &'s Scheduler,
    states: TaskStates,
    batcher: TickBatcher,
    slots: Arc<Semaphore>,
    is_declared: bool,
    /// The store's time by its last answer.
    time: Option<StoreTime>,
}

impl ProcessLoop for Scheduler {
    const NAME: &'static str = "scheduler";

    async fn run(&mut self) {
        let (batcher, batching) = TickBatcher::new(Arc::clone(&self.jobs.shared));
        let _batching = AbortOnDropHandle::new(tokio::spawn(batching));
        let mut run = Run {
            scheduler: self,
            states: TaskStates::new(self.tasks.len()),
            batcher,
            slots: Arc::new(Semaphore::new(CONCURRENCY)),
            is_declared: false,
            time: None,
        };
        let mut backoff = Backoff::default();
        while !self.quiet.is_cancelled() {
            self.progress.turn();
            let next = match run.turn().await {
                Ok(next) => {
                    backoff.succeeded();
                    next
                }
                Err(error) => {
                    self.failed("take the ticks of recurring tasks", &error);
                    run.time = None;
                    Instant::now() + backoff.failed()
                }
            };
            run.wait(next).await;
        }
        // What is not ended when the process stops is aborted: a tick is taken with its job or not at all.
        while !run.states.are_all_idle() {
            run.states.ended().await;
        }
    }
}

impl Run<'_> {
    /// Begins to take the due ticks. Returns when to look again.
    async fn turn(&mut self) -> Result<Instant, Error> {
        let Scheduler { jobs, tasks, .. } = self.scheduler;
        if !self.is_declared {
            let all: Vec<_> = tasks.iter().map(|planned| planned.task.clone()).collect();
            self.scheduler.declare(&all).await?;
            self.is_declared = true;
        }
        let stored = jobs.shared.store.recurring_tasks().await?;
        let (now, time) = (stored.now, StoreTime::new(stored.now));
        self.time = Some(time);
        self.states.end_waits();
        let records: HashMap<&str, _> = stored.tasks.iter().map(|record| (record.task.key.as_str(), record)).collect();
        for (index, planned) in tasks.iter().enumerate() {
            if let Some(record) = records.get(planned.task.key.as_str()) {
                self.take(index, planned, record, time, &stored);
            }
        }
        let stale = self.scheduler.stale(&stored, &records);
        if !stale.is_empty() {
            self.scheduler.declare(&stale).await?;
        }
        let next = tasks.iter().filter_map(|planned| planned.schedule.next_after(now)).min();
        let wait = next.map_or(LONGEST, |next| next.duration_since(now)).min(LONGEST);
        let next = time.seen() + wait;
        Ok(self.states.next_retry().map_or(next, |retry_at| next.min(retry_at)))
    }

    /// Begins to take the due ticks of one task.
    fn take(
        &mut self,
        index: usize,
        planned: &Arc<PlannedTask>,
        record: &RecurringRecord,
        time: StoreTime,
        stored: &RecurringTasks,
    ) {
        // Ticks of a pause are not made up for, so none is skipped either.
        if record.paused || !self.states.is_idle(index) {
            return;
        }
        let now = stored.now;
        let watched_since = self.states.watched_since(index, now);
        let due = due_ticks(&planned.schedule, record.looks_after(now), watched_since, now, planned.task.missed);
        if due.skipped.is_none() && due.taken.is_empty() {
            return;
        }
        let ticks = TaskTicks {
            jobs: self.scheduler.jobs.clone(),
            planned: Arc::clone(planned),
            due,
            time,
            batcher: self.batcher.clone(),
            slots: Arc::clone(&self.slots),
        };
        self.states.start(index, now, ticks.take());
    }

    /// Waits until it is time to look again. A task that has just ended may have more ticks.
    async fn wait(&mut self, mut next: Instant) {
        loop {
            tokio::select! {
                () = sleep_until(next) => return,
                () = self.scheduler.quiet.cancelled() => return,
                ended = self.states.ended() => {
                    if let Some(at) = self.next_look(ended) {
                        next = next.min(at);
                    }
                }
            }
        }
    }

    /// When to look at a task again before its next tick.
    fn next_look(&mut self, ended: EndedTask) -> Option<Instant> {
        // If the store does not answer, it is not asked sooner.
        let time = self.time?;
        if ended.retry_at.is_some() {
            return ended.retry_at;
        }
        let schedule = &self.scheduler.tasks.get(ended.index)?.schedule;
        if schedule.next_after(ended.since)? > time.now() {
            return None;
        }
        self.states.watched(ended.index, ended.since);
        Some(Instant::now() + PAUSE)
    }
}

impl Scheduler {
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
    fn stale(&self, stored: &RecurringTasks, records: &HashMap<&str, &RecurringRecord>) -> Vec<RecurringTask> {
        let is_stale = |task: &RecurringTask| {
            records.get(task.key.as_str()).is_none_or(|record| {
                let lifetime = if record.task == *task { REFRESH } else { REFRESH * 3 };
                stored.now.duration_since(record.declared_at) >= lifetime
            })
        };
        self.tasks.iter().map(|planned| &planned.task).filter(|task| is_stale(task)).cloned().collect()
    }

    fn failed(&self, operation: &'static str, error: &Error) {
        self.jobs.shared.events.store_failed(operation, error);
    }
}
