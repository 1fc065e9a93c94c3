//! Stores that break a promise about the logs of attempts.

use jobs_core::{AttemptLogs, Filter, Guarantees, Inspect, Page, Settled, Settlement, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{holds, is_caught_by, passes};

const OF_A_FAILURE: &str = "attempt_logs::the_log_of_a_failed_attempt_is_kept_letter_by_letter";

/// Writes settlements without their logs.
struct ForgetsLogs(MemoryStore, Guarantees);

impl PassThrough for ForgetsLogs {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn guarantees(&self) -> Guarantees {
        self.1
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let bare: Vec<_> = settlements.iter().map(|one| Settlement::new(one.token, one.decision.clone())).collect();
            self.0.settle(&bare).await
        })
    }
}

#[test]
fn a_store_that_forgets_logs_is_caught_unless_it_says_so() {
    let cases = [
        OF_A_FAILURE,
        "attempt_logs::each_failed_attempt_has_its_own_log",
        "attempt_logs::the_log_of_a_finished_job_is_kept_with_its_process",
    ];
    is_caught_by(|memory| ForgetsLogs(memory, Guarantees::ALL), &cases);
    passes(|memory| ForgetsLogs(memory, Guarantees::ALL), "attempt_logs::lists_leave_logs_out");
    let unsupported = Guarantees::ALL.with_attempt_logs(AttemptLogs::Unsupported);
    assert!(holds(|memory| ForgetsLogs(memory, unsupported), OF_A_FAILURE));
}

/// Keeps logs, and says that it does not.
struct KeepsSecretly(MemoryStore);

impl PassThrough for KeepsSecretly {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn guarantees(&self) -> Guarantees {
        Guarantees::ALL.with_attempt_logs(AttemptLogs::Unsupported)
    }
}

#[test]
fn a_store_that_keeps_logs_and_denies_it_is_caught() {
    assert!(!holds(KeepsSecretly, OF_A_FAILURE));
}

/// Gives all jobs of a batch the log of the first.
struct MixesLogsUp(MemoryStore);

impl PassThrough for MixesLogsUp {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let first = settlements.first().and_then(|one| one.log.as_deref().cloned());
            let with = |one: &Settlement| one.clone().with_log(first.clone());
            self.0.settle(&settlements.iter().map(with).collect::<Vec<_>>()).await
        })
    }
}

#[test]
fn a_store_that_mixes_the_logs_of_a_batch_up_is_caught() {
    is_caught_by(MixesLogsUp, &["attempt_logs::a_batch_may_mix_jobs_with_and_without_logs"]);
    passes(MixesLogsUp, OF_A_FAILURE);
}

/// Lists jobs as they are found one by one.
struct ListsWholeJobs(MemoryStore);

impl PassThrough for ListsWholeJobs {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        Box::pin(async move {
            let mut page = self.0.page(filter).await?;
            for job in &mut page.jobs {
                if let Some(found) = self.0.find(job.id).await? {
                    *job = found;
                }
            }
            Ok(page)
        })
    }
}

#[test]
fn a_store_that_lists_jobs_with_their_logs_is_caught() {
    is_caught_by(ListsWholeJobs, &["attempt_logs::lists_leave_logs_out"]);
    passes(ListsWholeJobs, OF_A_FAILURE);
}
