//! Stores whose answers are too short, and stores that panic.

use jobs_core::{Claim, Enqueued, Execution, NewJob, Settled, Settlement, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Leaves out the last answer.
struct AnswersShort(MemoryStore);

impl PassThrough for AnswersShort {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut answers = self.0.enqueue(jobs).await?;
            if answers.len() > 1 {
                answers.pop();
            }
            Ok(answers)
        })
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let mut answers = self.0.settle(settlements).await?;
            if answers.len() > 1 {
                answers.pop();
            }
            Ok(answers)
        })
    }
}

#[test]
fn a_store_that_leaves_answers_out_is_caught() {
    let cases = ["enqueue::answers_are_in_the_order_of_the_jobs", "settle::a_batch_of_different_decisions_is_written"];
    is_caught_by(AnswersShort, &cases);
    passes(AnswersShort, "settle::a_failed_job_is_kept");
}

/// Panics in a claim that finds nothing.
struct PanicsWhenEmpty(MemoryStore);

impl PassThrough for PanicsWhenEmpty {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move {
            let claimed = self.0.claim(claim).await?;
            assert!(!claimed.is_empty(), "there is a job");
            Ok(claimed)
        })
    }
}

#[test]
fn a_store_that_panics_in_a_call_is_caught() {
    is_caught_by(PanicsWhenEmpty, &["claim::an_empty_store_gives_nothing", "enqueue::a_job_due_later_is_not_claimed"]);
    passes(PanicsWhenEmpty, "claim::a_batch_is_claimed_in_its_order");
}
