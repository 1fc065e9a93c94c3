//! Jobs under which a process died: one of them may be what killed it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{Decision, Execution, JobId, Settlement};
use tokio::time::Instant;

/// How far apart quarantine come back that are put off together.
const STAGGER: Duration = Duration::from_millis(20);

/// Lets a process hold one suspect at a time.
///
/// A process that dies takes all down that it holds, and each counts a crash. If the quarantine were claimed together
/// again, the clean would be failed as poisonous together with the one that is. RunningSuspect one at a time, only that one
/// is there each time.
#[derive(Debug, Default)]
pub(crate) struct CrashQuarantine {
    current: Mutex<Option<RunningSuspect>>,
    /// Whether one is current, so that settling asks for no lock when none is.
    is_occupied: AtomicBool,
}

/// What becomes of claimed jobs.
#[derive(Debug, Default)]
pub(crate) struct Admitted {
    /// May run.
    pub(crate) clean: Vec<Execution>,
    /// May run as soon as it is written that the others are put off; before, they would die with it.
    pub(crate) suspect: Option<Execution>,
    /// The others, to be written. It counts no attempt.
    pub(crate) deferred: Vec<Settlement>,
}

impl Admitted {
    /// The longer the suspect that runs takes, the longer the others wait, so that they do not come in vain.
    fn defer(&mut self, execution: Execution, running_for: Duration) {
        let place = u32::try_from(self.deferred.len() + 1).unwrap_or(u32::MAX);
        let wait = STAGGER.saturating_mul(place).max(running_for);
        let meta = execution.meta.clone();
        self.deferred.push(execution.settle(Decision::Continue { wait, meta }));
    }
}

#[derive(Debug)]
struct RunningSuspect {
    job: JobId,
    since: Instant,
}

impl CrashQuarantine {
    /// Looks who is among the claimed jobs.
    pub(crate) fn admit(&self, claimed: Vec<Execution>) -> Admitted {
        if claimed.iter().all(|execution| execution.crashes == 0) {
            return Admitted { clean: claimed, ..Admitted::default() };
        }
        let mut admitted = Admitted::default();
        let mut current = self.lock();
        for execution in claimed {
            match &*current {
                _ if execution.crashes == 0 => admitted.clean.push(execution),
                None => {
                    *current = Some(RunningSuspect { job: execution.id(), since: Instant::now() });
                    admitted.suspect = Some(execution);
                }
                Some(one) => admitted.defer(execution, one.since.elapsed()),
            }
        }
        self.is_occupied.store(current.is_some(), Ordering::Relaxed);
        admitted
    }

    /// What became of a job is written; if it was the suspect, another may come.
    pub(crate) fn settled(&self, job: JobId) {
        if !self.is_occupied.load(Ordering::Relaxed) {
            return;
        }
        let mut current = self.lock();
        if current.as_ref().is_some_and(|one| one.job == job) {
            *current = None;
            self.is_occupied.store(false, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<RunningSuspect>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
