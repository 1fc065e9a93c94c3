//! Stores that break a promise of `ProcessOrders`, or tell wrong times of claims.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jobs_core::{
    Inspect, JobId, JobRecord, ProcessId, ProcessOrder, ProcessOrders, ProcessRecord, State, Store, StoreFuture,
};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Passes requests to cancel on wrongly, by one of these faults, or tells the times of claims wrongly.
struct Cancels(MemoryStore, Fault, Mutex<BTreeSet<JobId>>);

#[derive(PartialEq)]
enum Fault {
    TellsOnce,
    TellsEveryProcess,
    KeepsRequestsForLaterClaims,
    AsksTheDead,
    TellsWhenItWasEnqueued,
    TellsTheNewestClaim,
}

fn wrong(store: MemoryStore, fault: Fault) -> Cancels {
    Cancels(store, fault, Mutex::default())
}

impl PassThrough for Cancels {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn process_orders(&self) -> Option<&dyn ProcessOrders> {
        Some(self)
    }

    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>> {
        Box::pin(async move {
            let mut found = Inspect::find(&self.0, id).await?;
            if let Some(job) =
                found.as_mut().filter(|job| self.1 == Fault::TellsWhenItWasEnqueued && job.claimed_by.is_some())
            {
                job.claimed_at = Some(job.enqueued_at);
            }
            Ok(found)
        })
    }

    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>> {
        Box::pin(async move {
            let mut found = Inspect::processes(&self.0).await?;
            if self.1 == Fault::TellsTheNewestClaim {
                let jobs = self.0.list(&jobs_core::Filter::state(State::Claimed)).await?;
                for process in &mut found {
                    process.oldest_claim = jobs.iter().filter_map(|job| job.claimed_at).max();
                }
            }
            Ok(found)
        })
    }
}

impl ProcessOrders for Cancels {
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool> {
        self.0.order(process, order)
    }

    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>> {
        Box::pin(async move {
            let asked = self.0.cancel(job).await?;
            if asked.is_some() {
                self.2.lock().unwrap_or_else(PoisonError::into_inner).insert(job);
            }
            let holder = Inspect::find(&self.0, job).await?.and_then(|job| job.claimed_by);
            Ok(if self.1 == Fault::AsksTheDead { holder } else { asked })
        })
    }

    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>> {
        Box::pin(async move {
            let told = self.0.cancelled(process).await?;
            let mut kept = self.2.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Ok(match self.1 {
                Fault::TellsEveryProcess => self.0.cancelled(ONE).await?,
                Fault::TellsOnce => {
                    kept.retain(|job| told.contains(job));
                    let mut left = self.2.lock().unwrap_or_else(PoisonError::into_inner);
                    left.retain(|job| !kept.contains(job));
                    kept.into_iter().collect()
                }
                Fault::KeepsRequestsForLaterClaims => {
                    let held = self.0.list(&jobs_core::Filter::state(State::Claimed)).await?;
                    let held = held.into_iter().filter(|job| job.claimed_by == Some(process));
                    held.map(|job| job.id).filter(|job| kept.contains(job)).collect()
                }
                _ => told,
            })
        })
    }
}

/// The process of the cases whose jobs are cancelled.
const ONE: ProcessId = ProcessId::new(1);

const LEARNS: &str = "orders::a_process_learns_which_of_its_jobs_are_to_be_cancelled";
const ENDS: &str = "orders::a_request_to_cancel_ends_with_the_claim";
const KNOWN: &str = "orders::only_a_job_that_a_known_process_runs_can_be_cancelled";

#[test]
fn a_store_that_tells_a_request_to_cancel_once_is_caught() {
    is_caught_by(|store| wrong(store, Fault::TellsOnce), &[LEARNS]);
    passes(|store| wrong(store, Fault::TellsOnce), KNOWN);
}

#[test]
fn a_store_that_tells_every_process_what_is_to_be_cancelled_is_caught() {
    is_caught_by(|store| wrong(store, Fault::TellsEveryProcess), &[LEARNS]);
}

#[test]
fn a_store_that_cancels_a_later_claim_is_caught() {
    is_caught_by(|store| wrong(store, Fault::KeepsRequestsForLaterClaims), &[ENDS]);
    passes(|store| wrong(store, Fault::KeepsRequestsForLaterClaims), LEARNS);
}

#[test]
fn a_store_that_asks_a_process_that_is_not_known_is_caught() {
    is_caught_by(|store| wrong(store, Fault::AsksTheDead), &[KNOWN]);
    passes(|store| wrong(store, Fault::AsksTheDead), LEARNS);
}

#[test]
fn a_store_that_tells_wrong_times_of_claims_is_caught() {
    is_caught_by(
        |store| wrong(store, Fault::TellsWhenItWasEnqueued),
        &["find::a_job_shows_when_it_was_claimed_or_nothing"],
    );
    let case = "monitoring::a_process_shows_since_when_it_holds_its_first_job_or_nothing";
    is_caught_by(|store| wrong(store, Fault::TellsTheNewestClaim), &[case]);
}
