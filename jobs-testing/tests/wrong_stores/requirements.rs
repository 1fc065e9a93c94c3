//! Stores that lack a capability or a guarantee: the suite checks that they refuse it, or keep a weaker promise.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use jobs_core::{
    ClaimOrder, Due, Enqueued, Error, Guarantees, Manage, NewJob, Recurring, Store, StoreFuture, Uniqueness,
};
use jobs_memory::MemoryStore;
use jobs_testing::contract::{Fixture, StoreUnderTest, summary};
use jobs_testing::{PassThrough, PassThroughStore};

use crate::play::{holds, is_caught_by, passes};

/// Refuses unique keys by this error, manual changes and recurring tasks.
struct RefusesExtras(MemoryStore, Guarantees, fn(&'static str) -> Error);

impl PassThrough for RefusesExtras {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn guarantees(&self) -> Guarantees {
        self.1
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            if jobs.iter().any(|job| job.unique_key.is_some()) {
                return Err(self.2("this store has no unique keys"));
            }
            self.0.enqueue(jobs).await
        })
    }

    fn manage(&self) -> Option<&dyn Manage> {
        None
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        None
    }
}

/// Stores a job with a unique key as if it had none.
struct IgnoresKeys(MemoryStore, Guarantees);

impl PassThrough for IgnoresKeys {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn guarantees(&self) -> Guarantees {
        self.1
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut jobs = jobs.to_vec();
            for job in &mut jobs {
                job.unique_key = None;
            }
            self.0.enqueue(&jobs).await
        })
    }
}

const UNIQUE: &str = "unique_conflicts::a_second_job_of_a_key_is_a_duplicate";
const ORDER: &str = "order::a_higher_priority_is_claimed_first";

const WITHOUT_KEYS: Guarantees = Guarantees::ALL.with_uniqueness(Uniqueness::Unsupported);
const FIFO: Guarantees = Guarantees::ALL.with_order(ClaimOrder::QueueFifo);

fn refuses_extras(memory: MemoryStore) -> RefusesExtras {
    RefusesExtras(memory, WITHOUT_KEYS, Error::unsupported)
}

#[test]
fn a_store_without_unique_keys_passes_if_it_refuses_them() {
    assert!(holds(refuses_extras, UNIQUE));
}

#[test]
fn a_store_whose_refusal_is_not_an_unsupported_error_is_caught() {
    assert!(!holds(|memory| RefusesExtras(memory, WITHOUT_KEYS, Error::invalid), UNIQUE));
}

#[test]
fn a_store_that_promises_unique_keys_and_refuses_or_ignores_them_is_caught() {
    is_caught_by(|memory| RefusesExtras(memory, Guarantees::ALL, Error::unsupported), &[UNIQUE]);
    is_caught_by(|memory| IgnoresKeys(memory, Guarantees::ALL), &[UNIQUE]);
    passes(|memory| IgnoresKeys(memory, Guarantees::ALL), ORDER);
}

#[test]
fn a_store_that_ignores_unique_keys_in_silence_is_caught() {
    assert!(!holds(|memory| IgnoresKeys(memory, WITHOUT_KEYS), UNIQUE));
}

#[test]
fn a_store_without_a_capability_passes_by_its_error() {
    assert!(holds(refuses_extras, "manage::unknown_ids_are_ignored"));
    assert!(holds(refuses_extras, "recurring_ticks::a_tick_stores_its_job"));
}

/// Claims the job first that was enqueued last, or ignores priorities.
struct Reorders(MemoryStore, Guarantees, fn(i32) -> i32, AtomicI32);

impl PassThrough for Reorders {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn guarantees(&self) -> Guarantees {
        self.1
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut jobs = jobs.to_vec();
            for job in jobs.iter_mut().filter(|job| job.due == Due::Now) {
                job.priority = self.2(self.3.fetch_add(1, Ordering::SeqCst));
            }
            self.0.enqueue(&jobs).await
        })
    }
}

fn first_in_first_out(memory: MemoryStore, promised: Guarantees) -> Reorders {
    Reorders(memory, promised, |_| 0, AtomicI32::new(0))
}

#[test]
fn a_store_of_queues_passes_without_priorities_unless_it_promises_them() {
    assert!(holds(|memory| first_in_first_out(memory, FIFO), ORDER));
    is_caught_by(|memory| first_in_first_out(memory, Guarantees::ALL), &[ORDER]);
    passes(|memory| first_in_first_out(memory, Guarantees::ALL), "claim::the_job_enqueued_first_is_claimed_first");
}

#[test]
fn a_store_of_queues_whose_last_job_comes_first_is_caught() {
    let last_first = |memory| Reorders(memory, FIFO, |number| number, AtomicI32::new(0));
    assert!(!holds(last_first, ORDER));
    assert!(!holds(last_first, "claim::the_job_enqueued_first_is_claimed_first"));
}

#[tokio::test]
async fn a_summary_counts_each_case_as_held_or_refused() {
    let open = async |clock| StoreUnderTest::new(Arc::new(PassThroughStore(refuses_extras(MemoryStore::new(clock)))));
    summary(&Fixture::open(open).await.expect("there is a store")).await;
}
