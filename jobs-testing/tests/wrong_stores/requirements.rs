//! Stores that lack a capability or a promise: the suite checks that they refuse it.

use jobs_core::{Enqueued, Error, Manage, NewJob, Recurring, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::contract::Requirement::{Order, Unique};
use jobs_testing::contract::{Fixture, Requirement, StoreUnderTest, summary};
use jobs_testing::{PassThrough, PassThroughStore};

use crate::play::keeps_without;

/// Refuses unique keys, manual changes and recurring tasks.
struct RefusesExtras(MemoryStore);

impl PassThrough for RefusesExtras {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            if jobs.iter().any(|job| job.unique_key.is_some()) {
                return Err(Error::invalid("this store has no unique keys"));
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
struct IgnoresKeys(MemoryStore);

impl PassThrough for IgnoresKeys {
    fn inner(&self) -> &dyn Store {
        &self.0
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

#[test]
fn a_store_without_unique_keys_passes_if_it_refuses_them() {
    assert!(keeps_without(RefusesExtras, &[Unique], UNIQUE));
    assert!(!keeps_without(RefusesExtras, &[], UNIQUE), "a store that promises unique keys must keep them");
}

#[test]
fn a_store_that_ignores_unique_keys_in_silence_is_caught() {
    assert!(!keeps_without(IgnoresKeys, &[Unique], UNIQUE));
}

#[test]
fn a_store_without_a_capability_passes_by_its_error() {
    assert!(keeps_without(RefusesExtras, &[], "manage::unknown_ids_are_ignored"));
    assert!(keeps_without(RefusesExtras, &[], "recurring_ticks::a_tick_stores_its_job"));
}

async fn summarise(lacking: &[Requirement]) {
    let open = async |clock| {
        let store = StoreUnderTest::new(std::sync::Arc::new(PassThroughStore(RefusesExtras(MemoryStore::new(clock)))));
        lacking.iter().fold(store, |store, requirement| store.without(*requirement))
    };
    summary(&Fixture::open(open).await.expect("there is a store")).await;
}

#[tokio::test]
async fn a_summary_counts_each_case_as_held_or_refused() {
    summarise(&[Unique]).await;
}

#[tokio::test]
#[should_panic(expected = "12 unchecked: [\"order::")]
async fn a_promise_that_is_neither_kept_nor_refused_is_unchecked() {
    summarise(&[Order]).await;
}
