//! Claims whose answers did not arrive: no worker has their jobs, so the store releases them at the next claim.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::ProcessId;
use tokio::time::Instant;

/// A server may still be committing a claim whose call was dropped, as while it waits for a standby. So its jobs are looked for this
/// long after a later claim of the process was answered.
const LOOKED_FOR: Duration = Duration::from_secs(30 * 60);

/// The claims whose answers were lost.
#[derive(Debug, Default)]
pub(crate) struct LostCommits(Mutex<Vec<LostCommit>>);

#[derive(Debug)]
struct LostCommit {
    process: ProcessId,
    claims: Vec<i64>,
    /// `None` until a later claim is answered.
    until: Option<Instant>,
}

impl LostCommits {
    fn lock(&self) -> MutexGuard<'_, Vec<LostCommit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims that are about to be committed. They are lost unless [`UnansweredCommit::arrived`] is called.
    pub(crate) const fn begin(&self, process: ProcessId, claims: Vec<i64>) -> UnansweredCommit<'_> {
        UnansweredCommit { lost: self, process, claims }
    }

    /// The lost claims of a process.
    pub(crate) fn of(&self, process: ProcessId) -> Vec<i64> {
        let now = Instant::now();
        let mut lost = self.lock();
        lost.retain(|lost| lost.until.is_none_or(|until| until > now));
        lost.iter().filter(|lost| lost.process == process).flat_map(|lost| lost.claims.iter().copied()).collect()
    }

    /// These claims were released.
    pub(crate) fn released(&self, claims: &[i64]) {
        self.lock().retain(|lost| !lost.claims.iter().any(|claim| claims.contains(claim)));
    }
}

/// A claim whose answer has not arrived.
#[derive(Debug)]
pub(crate) struct UnansweredCommit<'l> {
    lost: &'l LostCommits,
    process: ProcessId,
    claims: Vec<i64>,
}

impl UnansweredCommit<'_> {
    /// The answer is there. SQLite gives the numbers of claims that were rolled back again, so none of these is lost any more.
    pub(crate) fn arrived(mut self) {
        let claims = std::mem::take(&mut self.claims);
        let mut all = self.lost.lock();
        for lost in all.iter_mut() {
            if lost.process == self.process {
                lost.until.get_or_insert_with(|| Instant::now() + LOOKED_FOR);
            }
            lost.claims.retain(|claim| !claims.contains(claim));
        }
        all.retain(|lost| !lost.claims.is_empty());
    }
}

impl Drop for UnansweredCommit<'_> {
    fn drop(&mut self) {
        if !self.claims.is_empty() {
            let claims = std::mem::take(&mut self.claims);
            self.lost.lock().push(LostCommit { process: self.process, claims, until: None });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_whose_number_was_given_again_and_answered_is_not_lost() {
        let (lost, process) = (LostCommits::default(), ProcessId::new(1));
        drop(lost.begin(process, vec![7, 8]));
        assert_eq!(lost.of(process), [7, 8]);
        lost.begin(ProcessId::new(2), vec![7]).arrived();
        assert_eq!(lost.of(process), [8]);
    }
}
