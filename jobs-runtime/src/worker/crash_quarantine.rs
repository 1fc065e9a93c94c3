//! Runs jobs one at a time that fail at the next death of their process: one of them may kill it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{Decision, Execution, JobId, Settlement, has_one_death_left};
use tokio::time::Instant;

/// The interval between the returns of suspects that are deferred together.
const STAGGER: Duration = Duration::from_millis(20);

/// Admits one suspect at a time: a job that lost its process before and has one death left.
///
/// A process that dies takes down all jobs that it has claimed, and each counts a crash. If suspects were claimed together
/// at the last death, harmless ones would fail as poisonous together with the one that kills. Since only one is admitted at
/// a time, only the one that kills is there. Before that, jobs whose process died run as any other: processes are killed
/// for many reasons, and most often not by a job.
#[derive(Debug)]
pub(crate) struct CrashQuarantine {
    /// The death at which a job fails.
    crash_limit: u32,
    current: Mutex<Option<RunningSuspect>>,
    /// Whether there is a current one, so that settling needs no lock if there is none.
    is_occupied: AtomicBool,
}

/// What happens to claimed jobs.
#[derive(Debug, Default)]
pub(crate) struct Admitted {
    /// May run.
    pub(crate) clean: Vec<Execution>,
    /// May run as soon as the deferral of the others is written; before that, they would die with it.
    pub(crate) suspect: Option<Execution>,
    /// The other suspects, to be written. It counts no attempt.
    pub(crate) deferred: Vec<Settlement>,
}

impl Admitted {
    /// The longer the current suspect runs, the longer the others wait, so that they are not claimed in vain.
    fn defer(&mut self, execution: Execution, running_for: Duration) {
        let position = u32::try_from(self.deferred.len() + 1).unwrap_or(u32::MAX);
        let wait = STAGGER.saturating_mul(position).max(running_for);
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
    pub(crate) fn new(crash_limit: u32) -> Self {
        Self { crash_limit, current: Mutex::default(), is_occupied: AtomicBool::default() }
    }

    fn is_suspect(&self, execution: &Execution) -> bool {
        has_one_death_left(execution.crashes, self.crash_limit)
    }

    /// Separates the suspects from the other claimed jobs.
    pub(crate) fn admit(&self, claimed: Vec<Execution>) -> Admitted {
        if !claimed.iter().any(|execution| self.is_suspect(execution)) {
            return Admitted { clean: claimed, ..Admitted::default() };
        }
        let mut admitted = Admitted::default();
        let mut current = self.lock();
        for execution in claimed {
            match &*current {
                _ if !self.is_suspect(&execution) => admitted.clean.push(execution),
                None => {
                    *current = Some(RunningSuspect { job: execution.id(), since: Instant::now() });
                    admitted.suspect = Some(execution);
                }
                Some(running) => admitted.defer(execution, running.since.elapsed()),
            }
        }
        self.is_occupied.store(current.is_some(), Ordering::Relaxed);
        admitted
    }

    /// A settlement is written. If it was that of the suspect, the next suspect may run.
    pub(crate) fn settled(&self, job: JobId) {
        if !self.is_occupied.load(Ordering::Relaxed) {
            return;
        }
        let mut current = self.lock();
        if current.as_ref().is_some_and(|running| running.job == job) {
            *current = None;
            self.is_occupied.store(false, Ordering::Relaxed);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<RunningSuspect>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use jobs_core::{ClaimToken, ProcessId};

    use super::*;

    fn job(number: u8, crashes: u32) -> Execution {
        let token = ClaimToken::new(id(number), ProcessId::new(1), 1);
        let mut execution = Execution::new(token, "work".to_owned(), "{}".to_owned());
        execution.crashes = crashes;
        execution
    }

    fn id(number: u8) -> JobId {
        JobId::from_bytes([number; 16])
    }

    fn waits(admitted: &Admitted) -> Vec<Duration> {
        let wait = |settlement: &Settlement| match settlement.decision {
            Decision::Continue { wait, .. } => Some(wait),
            _ => None,
        };
        admitted.deferred.iter().filter_map(wait).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn one_suspect_runs_beside_jobs_that_never_crashed_and_the_others_wait() {
        let quarantine = CrashQuarantine::new(2);
        let admitted = quarantine.admit(vec![job(1, 0), job(2, 1), job(3, 2), job(4, 0), job(5, 1)]);
        assert_eq!(admitted.clean.iter().map(Execution::id).collect::<Vec<_>>(), [id(1), id(4)]);
        assert_eq!(admitted.suspect.as_ref().map(Execution::id), Some(id(2)));
        assert_eq!(waits(&admitted), [STAGGER, 2 * STAGGER]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_suspect_runs_when_the_settlement_of_the_current_one_is_written() {
        let quarantine = CrashQuarantine::new(2);
        assert!(quarantine.admit(vec![job(1, 1)]).suspect.is_some());
        tokio::time::advance(Duration::from_secs(3)).await;
        let admitted = quarantine.admit(vec![job(2, 1)]);
        assert!(admitted.suspect.is_none());
        assert_eq!(waits(&admitted), [Duration::from_secs(3)], "as long as the current one has run");
        quarantine.settled(id(9));
        assert!(quarantine.admit(vec![job(2, 1)]).suspect.is_none(), "another job was settled");
        quarantine.settled(id(1));
        assert!(quarantine.admit(vec![job(2, 1)]).suspect.is_some());
    }

    #[test]
    fn only_a_job_with_one_death_left_is_a_suspect() {
        let admitted = CrashQuarantine::new(3).admit(vec![job(1, 1), job(2, 1), job(3, 2), job(4, 2)]);
        assert_eq!(admitted.clean.iter().map(Execution::id).collect::<Vec<_>>(), [id(1), id(2)]);
        assert_eq!(admitted.suspect.as_ref().map(Execution::id), Some(id(3)));
        assert_eq!(admitted.deferred.len(), 1);
        let first = CrashQuarantine::new(1).admit(vec![job(1, 0), job(2, 0)]);
        assert_eq!(first.clean.len(), 2, "a job that never lost its process is no suspect at any limit");
    }
}
