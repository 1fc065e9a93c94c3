//! Stores that break a promise of `Manage`.

use std::time::Duration;

use jobs_core::{Filter, Inspect, JobId, Manage, State, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Makes manual changes wrongly, by one of these faults.
struct Obeys(MemoryStore, Fault);

#[derive(PartialEq)]
enum Fault {
    PrunesFailed,
    PrunesYoung,
    NeverPauses,
    CountsAll,
}

impl Obeys {
    /// The jobs of a state are made discarded first.
    async fn discard_all(&self, state: State) -> jobs_core::Result<()> {
        let found = self.0.list(&Filter::state(state)).await?;
        let jobs: Vec<_> = found.iter().map(|record| record.id).collect();
        Manage::discard(&self.0, &jobs).await.map(drop)
    }
}

impl PassThrough for Obeys {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(async move {
            let moved = self.0.retry(jobs).await?;
            Ok(if self.1 == Fault::CountsAll { jobs.len() as u64 } else { moved })
        })
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let paused = self.0.pause(queue).await?;
            if self.1 == Fault::NeverPauses {
                self.0.resume(queue).await?;
            }
            Ok(paused)
        })
    }

    fn prune(&self, older_than: Duration, limit: usize) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            if self.1 == Fault::PrunesFailed {
                self.discard_all(State::Failed).await?;
                return self.0.prune(Duration::ZERO, limit).await;
            }
            let early = Duration::from_micros(u64::from(self.1 == Fault::PrunesYoung));
            self.0.prune(older_than.saturating_sub(early), limit).await
        })
    }
}

#[test]
fn a_store_that_prunes_failed_jobs_is_caught() {
    let cases = ["prune::a_failed_job_is_never_pruned", "prune::only_finished_and_discarded_jobs_are_pruned"];
    is_caught_by(|store| Obeys(store, Fault::PrunesFailed), &cases);
    passes(|store| Obeys(store, Fault::PrunesFailed), "prune::at_most_the_limit_is_pruned");
}

#[test]
fn a_store_that_prunes_a_microsecond_early_is_caught() {
    is_caught_by(|store| Obeys(store, Fault::PrunesYoung), &["prune::a_job_done_a_microsecond_later_is_not_pruned"]);
    passes(|store| Obeys(store, Fault::PrunesYoung), "prune::a_job_done_exactly_that_long_ago_is_pruned");
}

#[test]
fn a_store_that_gives_from_paused_queues_is_caught() {
    let cases = ["pause::a_paused_queue_gives_nothing", "monitoring::a_paused_queue_is_shown_even_if_it_is_empty"];
    is_caught_by(|store| Obeys(store, Fault::NeverPauses), &cases);
    passes(|store| Obeys(store, Fault::NeverPauses), "settle::a_failed_job_is_kept");
}

#[test]
fn a_store_that_counts_unchanged_jobs_is_caught() {
    let cases = ["manage::a_manual_retry_makes_only_allowed_transitions", "manage::unknown_ids_are_ignored"];
    is_caught_by(|store| Obeys(store, Fault::CountsAll), &cases);
    passes(|store| Obeys(store, Fault::CountsAll), "manage::a_manual_discard_makes_only_allowed_transitions");
}
