//! Stores that break a promise of `enqueue`.

use jobs_core::{Due, Enqueued, Meta, NewJob, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Changes each job on its way in.
struct TakesIn(MemoryStore, fn(&mut NewJob));

impl PassThrough for TakesIn {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut jobs = jobs.to_vec();
            jobs.iter_mut().for_each(self.1);
            self.0.enqueue(&jobs).await
        })
    }
}

fn forgets_when_a_job_is_due(store: MemoryStore) -> TakesIn {
    TakesIn(store, |job| job.due = Due::Now)
}

#[test]
fn a_store_that_forgets_when_a_job_is_due_is_caught() {
    let cases = ["enqueue::a_job_due_later_is_not_claimed", "dispatch::nothing_is_ready_before_its_time"];
    is_caught_by(forgets_when_a_job_is_due, &cases);
    passes(forgets_when_a_job_is_due, "claim::the_job_enqueued_first_is_claimed_first");
}

fn takes_low_priority_for_high(store: MemoryStore) -> TakesIn {
    TakesIn(store, |job| job.priority = job.priority.saturating_neg())
}

#[test]
fn a_store_that_inverts_priorities_is_caught() {
    let cases = ["order::a_higher_priority_is_claimed_first", "order::the_extremes_of_priority_keep_their_order"];
    is_caught_by(takes_low_priority_for_high, &cases);
    passes(takes_low_priority_for_high, "order::a_released_job_keeps_its_position");
}

/// Writes meta as it understands it.
fn drops_unknown_meta(store: MemoryStore) -> TakesIn {
    TakesIn(store, |job| {
        let mut meta = Meta::parse(job.meta.as_deref()).unwrap_or_default();
        meta.unknown.clear();
        job.meta = meta.to_text();
    })
}

#[test]
fn a_store_that_drops_unknown_meta_is_caught() {
    is_caught_by(drops_unknown_meta, &["payload::unknown_keys_of_meta_are_kept"]);
    passes(drops_unknown_meta, "payload::no_meta_stays_no_meta");
}

/// Cuts names of queues as a column of thirty characters does.
fn cuts_long_names(store: MemoryStore) -> TakesIn {
    TakesIn(store, |job| job.queue = job.queue.chars().take(30).collect())
}

#[test]
fn a_store_that_cuts_long_names_is_caught() {
    is_caught_by(cuts_long_names, &["selectors::the_longest_queue_name_is_kept"]);
    passes(cuts_long_names, "selectors::an_exact_selector_gives_only_its_queue");
}

/// Answers by id, as a table that is sorted by it does.
struct AnswersById(MemoryStore);

impl PassThrough for AnswersById {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut answers = self.0.enqueue(jobs).await?;
            answers.sort_by_key(Enqueued::id);
            Ok(answers)
        })
    }
}

#[test]
fn a_store_that_answers_by_id_is_caught() {
    is_caught_by(AnswersById, &["enqueue::answers_are_in_the_order_of_the_jobs"]);
    passes(AnswersById, "claim::a_batch_is_claimed_in_its_order");
}

/// Stores a batch job by job.
struct StoresOneByOne(MemoryStore);

impl PassThrough for StoresOneByOne {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut answers = Vec::new();
            for job in jobs {
                answers.extend(self.0.enqueue(std::slice::from_ref(job)).await?);
                tokio::task::yield_now().await;
            }
            Ok(answers)
        })
    }
}

#[test]
fn a_store_that_stores_a_batch_one_by_one_is_caught() {
    is_caught_by(StoresOneByOne, &["dropped_calls::a_dropped_enqueue_stores_all_or_nothing"]);
    passes(StoresOneByOne, "repeated_enqueue::a_repeated_enqueue_stores_nothing_twice");
}

/// Takes a job that is enqueued again for one that is to run again.
struct RunsAgain(MemoryStore);

impl PassThrough for RunsAgain {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let known: Vec<_> = jobs.iter().filter(|job| job.due == Due::Now).map(|job| job.id).collect();
            if let Some(manage) = self.0.manage() {
                manage.retry(&known).await?;
            }
            self.0.enqueue(jobs).await
        })
    }
}

#[test]
fn a_store_that_runs_a_repeated_enqueue_is_caught() {
    is_caught_by(RunsAgain, &["repeated_enqueue::a_repeated_enqueue_leaves_a_settled_job_unchanged"]);
    passes(RunsAgain, "repeated_enqueue::a_repeated_enqueue_stores_nothing_twice");
}
