//! The jobs that hold a thread of the program's tokio runtime: those that are polled at this moment.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;

use jobs_core::{Execution, JobId, JobRef, Panic};

use crate::guard::{ignore_panic, poll_caught};

/// The slots of all executors of a runtime.
#[derive(Debug, Default)]
pub(crate) struct PolledJobs {
    slots: Mutex<Vec<Weak<Slot>>>,
}

/// The job of one executor.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    job: Mutex<SlotJob>,
    is_polled: AtomicBool,
}

/// The last job of a slot. Its texts keep their memory for the next job.
#[derive(Debug, Default)]
struct SlotJob {
    /// `None` if no job runs.
    id: Option<JobId>,
    name: String,
    queue: String,
}

impl PolledJobs {
    /// A slot for an executor.
    pub(crate) fn add(&self) -> Arc<Slot> {
        let slot = Arc::new(Slot::default());
        let mut slots = lock(&self.slots);
        slots.retain(|known| known.strong_count() > 0);
        slots.push(Arc::downgrade(&slot));
        slot
    }

    /// The jobs that are polled now. If the runtime stands still, these hold its threads.
    pub(crate) fn list(&self) -> Vec<JobRef> {
        let slots: Vec<_> = lock(&self.slots).iter().filter_map(Weak::upgrade).collect();
        let polled = slots.iter().filter(|slot| slot.is_polled.load(Ordering::Relaxed));
        polled.filter_map(|slot| slot.job()).collect()
    }

    /// How many jobs run, polled or not.
    pub(crate) fn running(&self) -> usize {
        let slots: Vec<_> = lock(&self.slots).iter().filter_map(Weak::upgrade).collect();
        slots.iter().filter(|slot| lock(&slot.job).id.is_some()).count()
    }
}

impl Slot {
    /// Puts a job into the slot until the guard is dropped.
    pub(crate) fn begin(&self, execution: &Execution) -> RunningJob<'_> {
        let mut job = lock(&self.job);
        job.id = Some(execution.id());
        job.name.clone_from(&execution.name);
        job.queue.clone_from(&execution.queue);
        drop(job);
        RunningJob(self)
    }

    fn job(&self) -> Option<JobRef> {
        let job = lock(&self.job);
        job.id.map(|id| JobRef::new(id, job.name.as_str(), job.queue.as_str()))
    }
}

/// The job in a slot. The slot is emptied when this is dropped.
pub(crate) struct RunningJob<'s>(&'s Slot);

impl RunningJob<'_> {
    /// Runs the perform of the job, and marks the slot while it is polled. A panic is an error. As cancel safe as the perform.
    pub(crate) async fn run<F: Future>(&self, perform: F) -> Result<F::Output, Panic> {
        let mut perform = pin!(Some(perform));
        poll_fn(|context| {
            let Some(running) = perform.as_mut().as_pin_mut() else { return Poll::Pending };
            self.0.is_polled.store(true, Ordering::Relaxed);
            let polled = poll_caught(running, context);
            if polled.is_ready() {
                ignore_panic(|| perform.set(None));
            }
            self.0.is_polled.store(false, Ordering::Relaxed);
            polled
        })
        .await
    }

    /// The job in the slot.
    pub(crate) fn job(&self) -> Option<JobRef> {
        self.0.job()
    }
}

impl Drop for RunningJob<'_> {
    fn drop(&mut self) {
        lock(&self.0.job).id = None;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
