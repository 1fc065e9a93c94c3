//! What a store promises that lacks a requirement: it refuses what it lacks, or keeps a weaker promise.

use jobs_core::{
    AttemptLog, ClaimOrder, ClaimToken, Decision, Enqueued, Error, JobRecord, LogLevel, LogLine, NewFigures, Settled,
    Settlement, State, Store, StoreExt, Unique, UniqueUntil,
};

use crate::contract::fixture::{FINISH, KEEP, SILENCE, TWO, fail, failure, ids, retry_in, secs};
use crate::contract::unique_keys::keys::key;
use crate::contract::{Fixture, Requirement};

/// Checks what the store promises instead of the requirement.
pub(super) async fn check(missing: Requirement, fixture: &Fixture) {
    let store = fixture.store();
    match missing {
        Requirement::Inspect => is_refusal(store.require_inspect().err(), "inspecting"),
        Requirement::Manage => is_refusal(store.require_manage().err(), "managing"),
        Requirement::Recurring => is_refusal(store.require_recurring().err(), "recurring tasks"),
        Requirement::Figures => figures_are_not_added(store).await,
        Requirement::ProcessOrders => is_refusal(store.require_process_orders().err(), "orders to processes"),
        // Workers poll a store without notifications.
        Requirement::Notifications => {}
        Requirement::Unique => a_job_with_a_key_is_refused(fixture).await,
        Requirement::Identity => a_repeated_enqueue_loses_nothing(fixture).await,
        Requirement::Order if store.guarantees().order == ClaimOrder::PriorityThenDue => {
            jobs_are_claimed_by_priority_then_due_time(fixture).await;
        }
        Requirement::Order => each_queue_is_first_in_first_out(fixture).await,
        Requirement::Fencing => another_process_is_fenced(fixture).await,
        Requirement::History => the_last_error_is_kept(fixture).await,
        Requirement::Retention => a_failed_job_stays(fixture).await,
        Requirement::Attempts => a_failed_attempt_is_counted(fixture).await,
        Requirement::AttemptLogs => a_log_is_left_out(fixture).await,
    }
}

/// A store without figures says so; one that counts attempts itself takes no others.
async fn figures_are_not_added(store: &dyn Store) {
    let refused = match store.require_figures() {
        Ok(figures) => figures.add(&NewFigures::default().started("1")).await.err(),
        Err(error) => Some(error),
    };
    is_refusal(refused, "figures");
}

fn is_refusal(error: Option<Error>, what: &str) {
    let error = error.unwrap_or_else(|| panic!("a store that lacks it refuses {what}"));
    assert!(error.is_unsupported(), "the error of {what} says that it is not supported: {error}");
}

async fn a_job_with_a_key_is_refused(fixture: &Fixture) {
    let job = fixture.job_with(|job| job.unique_key = key(Unique::until(UniqueUntil::Done), "a"));
    let batch = [fixture.job(), job];
    is_refusal(fixture.store().enqueue(&batch).await.err(), "a job with a unique key");
    assert!(fixture.claim(2).await.is_empty(), "nothing of a refused batch is stored");
    // Jobs without a key are stored as ever.
    fixture.put_one().await;
}

/// A job may be stored twice, and is stored at least once.
async fn a_repeated_enqueue_loses_nothing(fixture: &Fixture) {
    let jobs = fixture.jobs(3);
    let expected: Vec<_> = jobs.iter().map(|job| Enqueued::New(job.id)).collect();
    for _ in 0..2 {
        assert_eq!(fixture.enqueue(&jobs).await, expected, "each enqueue is answered with the ids of the jobs");
    }
    let claimed = ids(&fixture.claim(10).await);
    assert!(jobs.iter().all(|job| claimed.contains(&job.id)), "each job is there at least once");
}

/// The jobs of one queue are claimed in the order of their enqueue; priorities are kept and have no effect.
async fn each_queue_is_first_in_first_out(fixture: &Fixture) {
    let mut jobs = Vec::new();
    for priority in [0, 5, -5, i32::MAX, i32::MIN] {
        jobs.push(fixture.put(fixture.job_with(|job| job.priority = priority)).await);
    }
    let claimed = fixture.claim_from(&["default"], 10).await;
    assert_eq!(ids(&claimed), jobs, "first in, first out");
}

/// In one queue and across queues: the priority decides, then the time at which a job was due, then the enqueue.
async fn jobs_are_claimed_by_priority_then_due_time(fixture: &Fixture) {
    let mut by_priority = Vec::new();
    for (queue, priority) in [("mail_b", 0), ("mail_a", i32::MAX), ("mail_b", i32::MIN), ("mail_a", 5), ("mail_b", -5)]
    {
        let job = fixture.job_with(|job| (job.queue, job.priority) = (queue.to_owned(), priority));
        by_priority.push((std::cmp::Reverse(priority), fixture.put(job).await));
    }
    by_priority.sort();
    let by_priority: Vec<_> = by_priority.into_iter().map(|(_, id)| id).collect();
    let claimed = fixture.claim_from(&["mail_*"], 10).await;
    assert_eq!(ids(&claimed), by_priority, "higher priority numbers run first, across queues");
    for execution in claimed {
        fixture.applied(execution, FINISH).await;
    }

    let scheduled = fixture.put_later(secs(60)).await;
    let retried = fixture.claimed().await;
    let retried_id = retried.id();
    fixture.applied(retried, retry_in(secs(50))).await;
    fixture.advance(secs(40));
    let [first, second] = [fixture.put_one().await, fixture.put_one().await];
    fixture.advance(secs(20));
    assert_eq!(fixture.dispatch(10).await.ready, 2, "the others are due");
    let due = [first, second, retried_id, scheduled];
    assert_eq!(ids(&fixture.claim(10).await), due, "of equal priority the job that was due first");
}

/// A token holds for no other process, and no longer when another process has the job.
async fn another_process_is_fenced(fixture: &Fixture) {
    let _alive = fixture.beat(crate::contract::fixture::ONE).await;
    let old = fixture.claimed().await;
    let forged = Settlement::new(ClaimToken::new(old.id(), TWO, old.token.claim), FINISH);
    assert_eq!(fixture.settle_all(&[forged]).await, [Settled::Stale], "another process does not hold the job");
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [old.id()], "its process is dead");
    let new = fixture.claim_one_as(TWO).await;
    assert_eq!(fixture.settle(old, FINISH).await, Settled::Stale, "the job has another holder");
    fixture.applied(new, FINISH).await;
}

async fn the_last_error_is_kept(fixture: &Fixture) {
    let id = fixture.put_one().await;
    let first = fixture.claim_one().await;
    fixture.applied(first, retry_in(secs(1))).await;
    fixture.advance(secs(1));
    assert_eq!(fixture.dispatch(1).await.ready, 1, "it is due again");
    let last = failure("the last");
    let second = fixture.claim_one().await;
    fixture.applied(second, Decision::Fail { meta: None, error: last.clone() }).await;
    fixture.shows(id, "the last error", |job| job.errors.last() == Some(&last)).await;
}

/// A finished job is gone, or finished; a failed one is kept.
async fn a_failed_job_stays(fixture: &Fixture) {
    let finished = fixture.claimed().await;
    let id = finished.id();
    fixture.applied(finished, KEEP).await;
    if let Some(job) = fixture.find(id).await {
        assert_eq!(job.state, State::Finished, "a job that is not removed is finished");
    }
    let failed = fixture.claimed().await;
    let id = failed.id();
    fixture.applied(failed, fail()).await;
    fixture.is(id, State::Failed, "a failed job is kept").await;
    assert!(fixture.claim(1).await.is_empty(), "neither runs again");
}

async fn a_failed_attempt_is_counted(fixture: &Fixture) {
    let first = fixture.claimed().await;
    let id = first.id();
    assert_eq!(first.attempt, 1, "the first attempt is number one");
    fixture.applied(first, retry_in(secs(1))).await;
    fixture.shows(id, "one attempt has failed", |job| job.attempts == 1).await;
    fixture.advance(secs(1));
    assert_eq!(fixture.dispatch(1).await.ready, 1, "it is due again");
    let second = fixture.claim_one().await;
    assert_eq!(second.attempt, 2, "a failed attempt was counted");
    fixture.applied(second, fail()).await;
    fixture.shows(id, "two attempts have failed", |job| job.attempts == 2).await;
}

/// A settlement with a log is written, and the log is shown nowhere.
async fn a_log_is_left_out(fixture: &Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    let line = LogLine::new(fixture.now(), LogLevel::Info, "shop", "it begins");
    let settlement = execution.settle(fail()).with_log(Some(AttemptLog::new(vec![line], 0, Vec::new())));
    assert_eq!(fixture.settle_all(&[settlement]).await, [Settled::Applied], "the rest of the settlement is written");
    fixture.is(id, State::Failed, "the job has failed").await;
    let has_no_log = |record: &JobRecord| record.log.is_none() && record.errors.iter().all(|error| error.log.is_none());
    fixture.shows(id, "no log, as the guarantees say", has_no_log).await;
}
