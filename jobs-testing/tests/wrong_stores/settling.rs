//! Stores that break a promise of `settle`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jobs_core::{Claim, ClaimToken, Decision, Execution, JobId, Settled, Settlement, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;
use tokio::task::yield_now;

use crate::play::{is_caught_by, passes};

/// The last token issued for each job.
#[derive(Default)]
struct Present(Mutex<BTreeMap<JobId, ClaimToken>>);

impl Present {
    fn remember(&self, claimed: &[Execution]) {
        let mut present = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        present.extend(claimed.iter().map(|execution| (execution.id(), execution.token)));
    }

    /// The same settlement with the current token of its job.
    fn under(&self, settlement: &Settlement) -> Settlement {
        let present = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let token = present.get(&settlement.token.job).copied().unwrap_or(settlement.token);
        Settlement::new(token, settlement.decision.clone())
    }
}

/// Checks only the job of a token.
struct IgnoresTheToken(MemoryStore, Present);

impl IgnoresTheToken {
    fn new(store: MemoryStore) -> Self {
        Self(store, Present::default())
    }
}

impl PassThrough for IgnoresTheToken {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move {
            let claimed = self.0.claim(claim).await?;
            self.1.remember(&claimed);
            Ok(claimed)
        })
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let batch: Vec<_> = settlements.iter().map(|settlement| self.1.under(settlement)).collect();
            self.0.settle(&batch).await
        })
    }
}

#[test]
fn a_store_that_ignores_the_token_is_caught() {
    let cases = [
        "fencing::a_job_claimed_again_is_fenced_from_its_old_claim",
        "fencing::an_older_claim_of_the_same_process_is_fenced",
        "fencing::another_process_may_not_settle",
    ];
    is_caught_by(IgnoresTheToken::new, &cases);
    passes(IgnoresTheToken::new, "fencing::an_unknown_job_is_stale");
}

/// Stops a batch at its first stale settlement.
struct StopsAtStale(MemoryStore);

impl PassThrough for StopsAtStale {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let mut answers = vec![Settled::Stale; settlements.len()];
            for (answer, settlement) in answers.iter_mut().zip(settlements) {
                let settled = self.0.settle(std::slice::from_ref(settlement)).await?;
                if settled == [Settled::Stale] {
                    break;
                }
                *answer = Settled::Applied;
            }
            Ok(answers)
        })
    }
}

#[test]
fn a_store_where_a_stale_settlement_stops_the_others_is_caught() {
    let cases = [
        "settle::a_stale_settlement_does_not_stop_the_others",
        "settle_and_claim::a_stale_token_in_the_call_stops_nothing_else",
    ];
    is_caught_by(StopsAtStale, &cases);
    passes(StopsAtStale, "settle::a_batch_of_different_decisions_is_written");
}

/// Writes a batch one by one.
struct SettlesPieceByPiece(MemoryStore);

impl PassThrough for SettlesPieceByPiece {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let mut answers = Vec::new();
            for settlement in settlements {
                answers.extend(self.0.settle(std::slice::from_ref(settlement)).await?);
                yield_now().await;
            }
            Ok(answers)
        })
    }
}

#[test]
fn a_store_that_settles_one_by_one_is_caught() {
    let cases = [
        "dropped_calls::a_dropped_settle_writes_all_or_nothing",
        "dropped_calls::a_dropped_settle_and_claim_settles_all_or_nothing",
    ];
    is_caught_by(SettlesPieceByPiece, &cases);
    passes(SettlesPieceByPiece, "settle::a_batch_of_different_decisions_is_written");
}

/// Checks the token, and writes later without checking again.
struct ChecksThenWrites(MemoryStore);

impl PassThrough for ChecksThenWrites {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let mut answers = Vec::new();
            for settlement in settlements {
                let held = match self.0.inspect() {
                    Some(inspect) => inspect.find(settlement.token.job).await?.and_then(|record| record.claimed_by),
                    None => None,
                };
                yield_now().await;
                let written = self.0.settle(std::slice::from_ref(settlement)).await?;
                let seemed = held == Some(settlement.token.process);
                answers.push(if seemed { Settled::Applied } else { written[0] });
            }
            Ok(answers)
        })
    }
}

#[test]
fn a_store_that_checks_the_token_before_it_writes_is_caught() {
    is_caught_by(ChecksThenWrites, &["races::one_of_racing_settlements_is_written"]);
    passes(ChecksThenWrites, "settle::a_finished_job_is_kept_on_request");
}

/// Writes another decision than the given one.
struct Writes(MemoryStore, fn(Decision) -> Decision);

impl PassThrough for Writes {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let other = |it: &Settlement| Settlement::new(it.token, self.1(it.decision.clone()));
            let batch: Vec<_> = settlements.iter().map(other).collect();
            self.0.settle(&batch).await
        })
    }
}

fn loses_what_is_released(store: MemoryStore) -> Writes {
    Writes(store, |decision| match decision {
        Decision::Release => Decision::Finish { keep: false },
        other => other,
    })
}

#[test]
fn a_store_that_loses_what_is_released_is_caught() {
    let cases = [
        "settle::a_released_job_is_ready_without_a_counted_attempt",
        "order::a_released_job_keeps_its_position",
        "races::racing_releases_count_no_attempt",
        "stress::under_stress_each_job_is_finished_once",
    ];
    is_caught_by(loses_what_is_released, &cases);
    passes(loses_what_is_released, "settle::a_failed_job_is_kept");
}

fn keeps_old_meta(store: MemoryStore) -> Writes {
    Writes(store, |decision| match decision {
        Decision::Retry { wait, queue, priority, error, .. } => {
            Decision::Retry { wait, queue, priority, error, meta: Some("{}".to_owned()) }
        }
        other => other,
    })
}

#[test]
fn a_store_that_does_not_take_the_meta_of_a_retry_is_caught() {
    is_caught_by(keeps_old_meta, &["payload::a_retry_replaces_meta"]);
    passes(keeps_old_meta, "payload::a_continuation_replaces_meta");
}

fn counts_what_is_put_off(store: MemoryStore) -> Writes {
    Writes(store, |decision| match decision {
        Decision::Continue { .. } => retry_at_once(),
        other => other,
    })
}

#[test]
fn a_store_that_counts_the_attempt_of_a_continuation_is_caught() {
    let cases = [
        "continuation::a_continuation_counts_no_attempt",
        "continuation::a_continuation_keeps_the_errors_and_adds_none",
        "payload::a_continuation_replaces_meta",
    ];
    is_caught_by(counts_what_is_put_off, &cases);
    passes(counts_what_is_put_off, "settle::a_retry_without_wait_is_scheduled_and_due_now");
}

fn fails_what_is_discarded(store: MemoryStore) -> Writes {
    Writes(store, |decision| match decision {
        Decision::Discard { error: Some(error) } => Decision::Fail { meta: None, error },
        other => other,
    })
}

#[test]
fn a_store_that_fails_what_is_discarded_is_caught() {
    is_caught_by(fails_what_is_discarded, &["settle::a_discarded_job_is_kept_and_does_not_run"]);
    passes(fails_what_is_discarded, "settle::a_failed_job_is_kept");
}

/// Releases a job in two moves, so that its attempt stays counted.
struct CountsReleases(MemoryStore);

impl PassThrough for CountsReleases {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let mut batch = settlements.to_vec();
            let released = batch.iter_mut().filter(|settlement| settlement.decision == Decision::Release);
            let count = released.map(|settlement| settlement.decision = retry_at_once()).count();
            let settled = self.0.settle(&batch).await?;
            self.0.dispatch(count).await?;
            Ok(settled)
        })
    }
}

fn retry_at_once() -> Decision {
    let error = jobs_core::ErrorRecord::new("Released", "it was given back");
    Decision::Retry { wait: std::time::Duration::ZERO, queue: None, priority: None, meta: None, error }
}

#[test]
fn a_store_that_counts_an_attempt_on_release_is_caught() {
    let cases = ["settle::a_released_job_is_ready_without_a_counted_attempt", "errors::a_release_leaves_the_errors"];
    is_caught_by(CountsReleases, &cases);
    is_caught_by(CountsReleases, &["model::a_random_walk_makes_only_allowed_transitions"]);
    passes(CountsReleases, "order::a_released_job_keeps_its_position");
}
