//! Stores that break a promise about unique keys.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use jobs_core::{Decision, Enqueued, JobId, NewJob, Settled, Settlement, State, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn without_key(job: &NewJob) -> NewJob {
    let mut plain = job.clone();
    plain.unique_key = None;
    plain
}

fn name(job: &NewJob) -> Option<String> {
    job.unique_key.map(|key| key.name())
}

fn is_end(decision: &Decision) -> bool {
    matches!(decision, Decision::Finish { .. } | Decision::Fail { .. } | Decision::Discard { .. })
}

/// Ignores all keys.
struct LetsDuplicatesIn(MemoryStore);

impl PassThrough for LetsDuplicatesIn {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let plain: Vec<_> = jobs.iter().map(without_key).collect();
            self.0.enqueue(&plain).await
        })
    }
}

#[test]
fn a_store_that_lets_duplicates_in_is_caught() {
    let cases = [
        "unique_conflicts::a_second_job_of_a_key_is_a_duplicate",
        "unique_conflicts::a_duplicate_stores_nothing",
        "unique_conflicts::the_first_job_of_a_key_in_a_batch_is_stored",
        "unique_conflicts::one_of_racing_enqueues_of_a_key_is_stored",
        "unique_release::a_key_for_a_time_is_freed_by_the_clock",
    ];
    is_caught_by(LetsDuplicatesIn, &cases);
    passes(LetsDuplicatesIn, "unique_conflicts::different_keys_do_not_conflict");
}

/// Checks the keys of a batch only against the jobs stored before it.
struct LooksBeforeTheBatch(MemoryStore);

impl PassThrough for LooksBeforeTheBatch {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let (mut seen, mut batch) = (BTreeSet::new(), Vec::new());
            for job in jobs {
                let is_first = name(job).is_none_or(|name| seen.insert(name));
                batch.push(if is_first { job.clone() } else { without_key(job) });
            }
            self.0.enqueue(&batch).await
        })
    }
}

#[test]
fn a_store_that_checks_keys_only_before_the_batch_is_caught() {
    let cases = [
        "unique_conflicts::the_first_job_of_a_key_in_a_batch_is_stored",
        "unique_conflicts::a_large_batch_of_one_key_stores_one_job",
    ];
    is_caught_by(LooksBeforeTheBatch, &cases);
    passes(LooksBeforeTheBatch, "unique_conflicts::a_second_job_of_a_key_is_a_duplicate");
}

/// Never frees a key.
struct NeverLetsGo(MemoryStore, Mutex<BTreeMap<String, JobId>>);

impl PassThrough for NeverLetsGo {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut answers = Vec::new();
            for job in jobs {
                let first = name(job).map(|name| *locked(&self.1).entry(name).or_insert(job.id));
                let plain = without_key(job);
                answers.push(match first {
                    Some(of) if of != job.id => Enqueued::Duplicate { of },
                    _ => self.0.enqueue(&[plain]).await?[0],
                });
            }
            Ok(answers)
        })
    }
}

#[test]
fn a_store_that_never_frees_a_key_is_caught() {
    let new = |store| NeverLetsGo(store, Mutex::default());
    let cases = [
        "unique_release::a_key_until_start_is_free_after_the_first_claim",
        "unique_release::a_key_until_done_is_free_after_every_end",
        "unique_release::settle_and_claim_frees_the_key_of_a_done_job",
        "unique_release::a_key_for_a_time_is_freed_by_the_clock",
        "unique_release::an_event_or_a_time_frees_the_key_whichever_is_first",
        "unique_retry::a_manually_discarded_job_frees_its_key",
    ];
    is_caught_by(new, &cases);
    passes(new, "unique_conflicts::the_first_job_of_a_key_in_a_batch_is_stored");
}

/// The jobs, or the keys, whose key is given away although it is held.
struct GivesAway<T>(MemoryStore, Mutex<BTreeMap<JobId, String>>, Mutex<BTreeSet<T>>);

impl<T: Ord> GivesAway<T> {
    fn new(store: MemoryStore) -> Self {
        Self(store, Mutex::default(), Mutex::default())
    }

    /// Stores a duplicate all the same if `given` says so.
    async fn enqueue(
        &self,
        jobs: &[NewJob],
        given: impl Fn(&BTreeSet<T>, &NewJob, JobId) -> bool,
    ) -> Result<Vec<Enqueued>, jobs_core::Error> {
        let mut answers = Vec::new();
        for job in jobs {
            let mut answer = self.0.enqueue(std::slice::from_ref(job)).await?[0];
            if let Enqueued::Duplicate { of } = answer
                && given(&locked(&self.2), job, of)
            {
                answer = self.0.enqueue(&[without_key(job)]).await?[0];
            }
            locked(&self.1).extend(name(job).map(|name| (job.id, name)));
            answers.push(answer);
        }
        Ok(answers)
    }
}

/// A stale settlement frees the key.
struct LetsGoWhenStale(GivesAway<JobId>);

impl PassThrough for LetsGoWhenStale {
    fn inner(&self) -> &dyn Store {
        &self.0.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(self.0.enqueue(jobs, |given, _, of| given.contains(&of)))
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let settled = self.0.0.settle(settlements).await?;
            let stale = settlements.iter().zip(&settled).filter(|(_, settled)| **settled == Settled::Stale);
            locked(&self.0.2).extend(stale.map(|(settlement, _)| settlement.token.job));
            Ok(settled)
        })
    }
}

#[test]
fn a_store_where_a_stale_settlement_frees_a_key_is_caught() {
    let new = |store| LetsGoWhenStale(GivesAway::new(store));
    is_caught_by(new, &["unique_release::a_stale_settlement_frees_no_key"]);
    passes(new, "unique_release::a_key_until_done_is_free_after_every_end");
}

/// The end of a job frees its key, even if a later job holds it by then.
struct LetsGoOfAnothers(GivesAway<String>);

impl PassThrough for LetsGoOfAnothers {
    fn inner(&self) -> &dyn Store {
        &self.0.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(self.0.enqueue(jobs, |given, job, _| name(job).is_some_and(|name| given.contains(&name))))
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async move {
            let settled = self.0.0.settle(settlements).await?;
            let ended = settlements.iter().filter(|settlement| is_end(&settlement.decision));
            let names = ended.filter_map(|settlement| locked(&self.0.1).get(&settlement.token.job).cloned());
            locked(&self.0.2).extend(names.collect::<Vec<_>>());
            Ok(settled)
        })
    }
}

#[test]
fn a_store_where_a_job_frees_the_key_of_another_is_caught() {
    let new = |store| LetsGoOfAnothers(GivesAway::new(store));
    let cases = [
        "unique_release::the_end_of_an_earlier_job_keeps_the_key_of_a_later_one",
        "unique_release::a_key_until_start_is_free_after_the_first_claim",
        "unique_release::a_key_for_a_time_outlives_its_job",
    ];
    is_caught_by(new, &cases);
    passes(new, "unique_conflicts::a_large_batch_of_one_key_stores_one_job");
}

/// Takes an enqueue that is repeated for a duplicate of itself.
struct IsItsOwnDuplicate(MemoryStore, Mutex<BTreeSet<JobId>>);

impl PassThrough for IsItsOwnDuplicate {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut answers = self.0.enqueue(jobs).await?;
            for (job, answer) in jobs.iter().zip(&mut answers) {
                if job.unique_key.is_some() && !locked(&self.1).insert(job.id) {
                    *answer = Enqueued::Duplicate { of: job.id };
                }
            }
            Ok(answers)
        })
    }
}

#[test]
fn a_store_where_a_job_is_its_own_duplicate_is_caught() {
    let new = |store| IsItsOwnDuplicate(store, Mutex::default());
    let cases = [
        "unique_conflicts::a_repeated_id_is_not_its_own_duplicate",
        "unique_conflicts::a_repeated_id_is_not_a_duplicate_of_a_later_job",
        "unique_conflicts::a_repeated_batch_gets_the_same_answers",
    ];
    is_caught_by(new, &cases);
    passes(new, "unique_conflicts::a_second_job_of_a_key_is_a_duplicate");
}

/// Never sees that a job with a key expires.
struct HoldsWhenExpired(MemoryStore);

impl PassThrough for HoldsWhenExpired {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let mut lasting = jobs.to_vec();
            lasting.iter_mut().filter(|job| job.unique_key.is_some()).for_each(|job| job.expires_at = None);
            self.0.enqueue(&lasting).await
        })
    }
}

#[test]
fn a_store_where_an_expired_job_holds_its_key_is_caught() {
    let cases = [
        "unique_expiry::an_expired_job_that_waits_holds_no_key",
        "unique_expiry::an_expired_job_that_is_claimed_holds_its_key",
        "unique_expiry::an_expired_job_leaves_its_key_to_the_next",
    ];
    is_caught_by(HoldsWhenExpired, &cases);
    passes(HoldsWhenExpired, "unique_release::a_key_until_done_is_held_during_retries");
}

/// Gives away the key of a job that expires while a process has it.
struct LetsGoWhenClaimed(GivesAway<JobId>);

impl PassThrough for LetsGoWhenClaimed {
    fn inner(&self) -> &dyn Store {
        &self.0.0
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            for job in jobs.iter().filter(|job| job.expires_at.is_some()) {
                locked(&self.0.2).insert(job.id);
            }
            let claimed = self.0.0.inspect().ok_or_else(|| jobs_core::Error::other("the store can be inspected"))?;
            let claimed =
                claimed.list(&jobs_core::Filter { state: Some(State::Claimed), ..Default::default() }).await?;
            let is_claimed = |of| claimed.iter().any(|job| job.id == of);
            self.0.enqueue(jobs, |expiring, _, of| expiring.contains(&of) && is_claimed(of)).await
        })
    }
}

#[test]
fn a_store_where_a_claimed_job_that_expires_loses_its_key_is_caught() {
    let new = |store| LetsGoWhenClaimed(GivesAway::new(store));
    is_caught_by(new, &["unique_expiry::an_expired_job_that_is_claimed_holds_its_key"]);
    passes(new, "unique_expiry::an_expired_job_that_waits_holds_no_key");
}
