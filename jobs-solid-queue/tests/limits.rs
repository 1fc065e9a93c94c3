//! Concurrency limits of Solid Queue, and what other programs may have left behind.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::{KINDS, Kind, TestDb};
use jobs_core::{
    Claim, Decision, Due, Enqueued, ErrorRecord, Execution, Inspect, JobId, Manage, NewJob, ProcessId, Settled, State,
    Store,
};
use jobs_solid_queue::{ConcurrencyLimit, SolidQueueStore};

const KEEP: Decision = Decision::Finish { keep: true };

fn job(number: u8) -> NewJob {
    NewJob::new(JobId::from_bytes([number; 16]), "charge", "{}")
}

fn later(number: u8) -> NewJob {
    let mut job = job(number);
    job.due = Due::In(Duration::from_secs(60));
    job
}

/// A store whose class `charge` has a limit of one.
async fn limited(kind: Kind, limit: ConcurrencyLimit) -> Option<(TestDb, SolidQueueStore)> {
    let db = TestDb::new(kind).await?;
    let store = db.by(db.clock.clone()).limits_concurrency("charge", limit).connect().await.unwrap();
    Some((db, store))
}

async fn claim(store: &SolidQueueStore) -> Vec<Execution> {
    store.claim(&Claim::all(ProcessId::new(1), 10)).await.unwrap()
}

async fn ends(store: &SolidQueueStore, execution: Execution, decision: Decision) {
    assert_eq!(store.settle(&[execution.settle(decision)]).await.unwrap(), [Settled::Applied]);
}

#[tokio::test]
async fn a_job_that_conflicts_with_a_limit_is_discarded_and_the_caller_is_told() {
    for kind in KINDS {
        let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1).discard()).await else { continue };
        let answers = store.enqueue(&[job(1), job(2)]).await.unwrap();
        assert_eq!(answers, [Enqueued::New(job(1).id), Enqueued::Halted], "{kind:?}");
        assert_eq!((db.count("jobs").await, db.states().await), (1, [1, 0, 0, 0, 0]), "{kind:?}");
        store.enqueue(&[later(3)]).await.unwrap();
        db.clock.advance(Duration::from_secs(60));
        assert_eq!(store.dispatch(10).await.unwrap().ready, 0, "{kind:?}: a discarded job is not counted");
        assert_eq!((db.count("jobs").await, db.states().await), (1, [1, 0, 0, 0, 0]), "{kind:?}");
    }
}

#[tokio::test]
async fn a_due_job_takes_its_permit_when_it_is_dispatched() {
    for kind in KINDS {
        let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1)).await else { continue };
        store.enqueue(&[later(1), later(2)]).await.unwrap();
        assert_eq!(db.count("semaphores").await, 0, "{kind:?}: not before it is due");
        db.clock.advance(Duration::from_secs(60));
        store.dispatch(10).await.unwrap();
        assert_eq!(db.states().await, [1, 0, 0, 0, 1], "{kind:?}");
    }
}

#[tokio::test]
async fn a_job_with_a_key_whose_limit_is_not_known_needs_no_permit() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        let mut keyed = later(1);
        keyed.concurrency_key = Some("charge/7".to_owned());
        store.enqueue(&[keyed]).await.unwrap();
        db.clock.advance(Duration::from_secs(60));
        assert_eq!(store.dispatch(10).await.unwrap().ready, 1, "{kind:?}");
        assert_eq!((db.states().await, db.count("semaphores").await), ([1, 0, 0, 0, 0], 0), "{kind:?}");
    }
}

/// A dispatcher of Ruby has sent a heartbeat.
async fn ruby_dispatches(db: &TestDb) {
    let now = jobs_core::Clock::now(&*db.clock);
    let insert = "INSERT INTO solid_queue_processes (kind, last_heartbeat_at, pid, name, created_at) \
                  VALUES ('Dispatcher', ?, 7, 'dispatcher-7', ?)";
    db.run(insert, &[now.into(), now.into()]).await;
}

#[tokio::test]
async fn due_jobs_whose_limit_is_not_declared_are_left_to_a_living_dispatcher_of_ruby() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store =
            db.by(db.clock.clone()).limits_concurrency("pay", ConcurrencyLimit::new(1)).connect().await.unwrap();
        let with_key = |mut job: NewJob| {
            job.concurrency_key = Some("charge/7".to_owned());
            job
        };
        let mut pay = later(3);
        pay.name = "pay".to_owned();
        store.enqueue(&[with_key(later(1)), later(2), pay]).await.unwrap();
        db.clock.advance(Duration::from_secs(60));
        ruby_dispatches(&db).await;
        let dispatched = store.dispatch(1).await.unwrap();
        assert_eq!((dispatched.ready, dispatched.next_in), (1, Some(Duration::ZERO)), "{kind:?}: there are more");
        let dispatched = store.dispatch(10).await.unwrap();
        assert_eq!((dispatched.ready, dispatched.next_in), (1, None), "{kind:?}");
        assert_eq!(db.states().await, [2, 1, 0, 0, 0], "{kind:?}");
        db.clock.advance(Duration::from_secs(301));
        assert_eq!(store.dispatch(10).await.unwrap().ready, 1, "{kind:?}: it has died");
    }
}

#[tokio::test]
async fn a_permit_of_a_limit_that_is_not_declared_goes_to_the_next_job() {
    for kind in KINDS {
        let Some((db, ruby)) = limited(kind, ConcurrencyLimit::new(1)).await else { continue };
        let store = db.open().await;
        ruby.enqueue(&[job(1), job(2)]).await.unwrap();
        ends(&store, claim(&store).await.remove(0), KEEP).await;
        assert_eq!(db.states().await, [1, 0, 0, 0, 0], "{kind:?}");
        ruby.enqueue(&[job(3)]).await.unwrap();
        assert_eq!(db.states().await, [1, 0, 0, 0, 1], "{kind:?}: the permit is held again");
        let failed = Decision::Fail { meta: None, error: ErrorRecord::new("E", "no") };
        ends(&store, claim(&store).await.remove(0), failed).await;
        ruby_dispatches(&db).await;
        assert_eq!(store.retry(&[job(2).id]).await.unwrap(), 1, "{kind:?}");
        assert_eq!(db.states().await, [1, 0, 0, 0, 1], "{kind:?}: retried by a person, it waits for the permit");
        for number in [3, 2] {
            let execution = claim(&store).await.remove(0);
            assert_eq!(execution.id(), job(number).id, "{kind:?}");
            ends(&store, execution, KEEP).await;
        }
        let free = db.rows("SELECT value FROM solid_queue_semaphores").await;
        assert_eq!(free[0].int(0).unwrap(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn permits_of_jobs_of_ruby_that_ran_out_are_kept_as_long_as_ruby_keeps_them() {
    for kind in KINDS {
        let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1)).await else { continue };
        store.dispatch(10).await.unwrap();
        let now = jobs_core::Clock::now(&*db.clock);
        let held = "INSERT INTO solid_queue_semaphores ({key}, value, expires_at, created_at, updated_at) VALUES ('ruby', 0, ?, ?, ?)";
        db.run(held, &[now.into(), now.into(), now.into()]).await;
        for (wait, left) in [(300, 1), (299, 1), (31, 0)] {
            db.clock.advance(Duration::from_secs(wait));
            store.dispatch(10).await.unwrap();
            assert_eq!(db.count("semaphores").await, left, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_failed_limited_job_that_a_person_retries_waits_for_its_permit() {
    for kind in KINDS {
        let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1)).await else { continue };
        store.enqueue(&[job(1)]).await.unwrap();
        let failed = Decision::Fail { meta: None, error: ErrorRecord::new("E", "no") };
        ends(&store, claim(&store).await.remove(0), failed).await;
        store.enqueue(&[job(2)]).await.unwrap();
        assert_eq!(store.retry(&[job(1).id]).await.unwrap(), 1, "{kind:?}");
        assert_eq!(db.states().await, [1, 0, 0, 0, 1], "{kind:?}");
        assert_eq!(store.find(job(1).id).await.unwrap().unwrap().state, State::Blocked, "{kind:?}");
        ends(&store, claim(&store).await.remove(0), KEEP).await;
        assert_eq!(store.find(job(1).id).await.unwrap().unwrap().state, State::Ready, "{kind:?}");
    }
}

#[tokio::test]
async fn a_retry_without_wait_of_a_job_whose_limit_discards_is_not_lost() {
    for kind in KINDS {
        let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1).discard()).await else { continue };
        store.enqueue(&[job(1)]).await.unwrap();
        let error = ErrorRecord::new("E", "no");
        let retry = Decision::Retry { wait: Duration::ZERO, queue: None, priority: None, meta: None, error };
        ends(&store, claim(&store).await.remove(0), retry).await;
        assert_eq!(store.dispatch(10).await.unwrap().ready, 1, "{kind:?}");
        assert_eq!(claim(&store).await.len(), 1, "{kind:?}");
        assert_eq!(db.count("jobs").await, 1, "{kind:?}");
    }
}

#[tokio::test]
async fn a_worker_of_an_older_solid_queue_that_settled_before_changes_nothing_in_the_end() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let store = db.open().await;
        store.enqueue(&[job(1)]).await.unwrap();
        let running = claim(&store).await.remove(0);
        let now = jobs_core::Clock::now(&*db.clock);
        db.run("UPDATE solid_queue_jobs SET finished_at = ?, updated_at = ?", &[now.into(), now.into()]).await;
        let failed = "INSERT INTO solid_queue_failed_executions (job_id, error, created_at) SELECT id, '{}', created_at FROM solid_queue_jobs";
        db.run(failed, &[]).await;
        ends(&store, running, KEEP).await;
        assert_eq!((db.states().await, db.count("jobs").await), ([0; 5], 1), "{kind:?}");
        assert_eq!(store.find(job(1).id).await.unwrap().unwrap().state, State::Finished, "{kind:?}");
    }
}

#[tokio::test]
async fn a_job_that_ran_before_is_not_discarded_when_another_one_has_its_permit() {
    for kind in KINDS {
        let error = || ErrorRecord::new("E", "no");
        let retry = Decision::Retry { wait: Duration::ZERO, queue: None, priority: None, meta: None, error: error() };
        for decision in [retry, Decision::Fail { meta: None, error: error() }] {
            let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1).discard()).await else { continue };
            store.enqueue(&[job(1)]).await.unwrap();
            ends(&store, claim(&store).await.remove(0), decision).await;
            assert_eq!(store.enqueue(&[job(2)]).await.unwrap(), [Enqueued::New(job(2).id)], "{kind:?}");
            if db.count("failed_executions").await > 0 {
                assert_eq!(store.retry(&[job(1).id]).await.unwrap(), 1, "{kind:?}");
            } else {
                assert_eq!(store.dispatch(10).await.unwrap().ready, 1, "{kind:?}");
            }
            assert_eq!((db.count("jobs").await, db.states().await), (2, [1, 0, 0, 0, 1]), "{kind:?}");
            ends(&store, claim(&store).await.remove(0), KEEP).await;
            assert_eq!(claim(&store).await[0].id(), job(1).id, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn keys_of_other_programs_keep_no_job_of_ours_from_its_permit() {
    for kind in KINDS {
        let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1)).await else { continue };
        store.enqueue(&[job(1), job(2)]).await.unwrap();
        let now = jobs_core::Clock::now(&*db.clock);
        let insert = "INSERT INTO solid_queue_jobs (queue_name, class_name, concurrency_key, created_at, updated_at) \
                      VALUES ('default', 'RubyJob', ?, ?, ?)";
        let block = "INSERT INTO solid_queue_blocked_executions (job_id, queue_name, concurrency_key, expires_at, created_at) \
                     SELECT id, queue_name, concurrency_key, ?, ? FROM solid_queue_jobs WHERE class_name = 'RubyJob'";
        let mut transaction = db.database.begin(common::DOING).await.unwrap();
        for number in 0..1001 {
            // Before `charge` in the order of the keys.
            transaction.execute(insert, &[format!("a{number:04}").into(), now.into(), now.into()]).await.unwrap();
        }
        transaction.execute(block, &[now.into(), now.into()]).await.unwrap();
        transaction.execute("DELETE FROM solid_queue_semaphores", &[]).await.unwrap();
        transaction.commit().await.unwrap();
        db.clock.advance(Duration::from_secs(150));
        store.dispatch(10).await.unwrap();
        assert_eq!(store.find(job(2).id).await.unwrap().unwrap().state, State::Ready, "{kind:?}");
        assert_eq!(db.count("blocked_executions").await, 1001, "{kind:?}: those of Ruby stay");
    }
}

#[tokio::test]
async fn a_job_gets_its_permit_also_if_one_of_another_programs_class_waits_before_it() {
    for kind in KINDS {
        let limit = ConcurrencyLimit::new(2).group("account");
        let Some((db, store)) = limited(kind, limit).await else { continue };
        store.enqueue(&[job(1), job(2), job(3), job(4)]).await.unwrap();
        assert_eq!(db.states().await, [2, 0, 0, 0, 2], "{kind:?}");
        // A class of Ruby has the same limit. Its job came before.
        db.run("UPDATE solid_queue_jobs SET class_name = 'RubyJob' WHERE id = 3", &[]).await;
        db.run("DELETE FROM solid_queue_semaphores", &[]).await;
        db.clock.advance(Duration::from_secs(150));
        store.dispatch(10).await.unwrap();
        assert_eq!(db.states().await, [4, 0, 0, 0, 0], "{kind:?}");
    }
}

#[tokio::test]
async fn a_permit_given_back_waits_for_an_enqueue_and_goes_to_the_job_that_it_blocked() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1)).await else { continue };
        store.enqueue(&[job(1)]).await.unwrap();
        let running = claim(&store).await.remove(0);
        let now: jobs_sql::SqlValue = jobs_core::Clock::now(&*db.clock).into();
        // As Ruby enqueues: it looks at the permits under a lock, and blocks the job.
        let mut ruby = db.database.begin(common::DOING).await.unwrap();
        ruby.query("SELECT value FROM solid_queue_semaphores WHERE {key} = 'charge' {lock}", &[]).await.unwrap();
        let insert = "INSERT INTO solid_queue_jobs (queue_name, class_name, concurrency_key, created_at, updated_at) \
                      VALUES ('default', 'charge', 'charge', ?, ?)";
        let row = ruby.insert(insert, &[now.clone(), now.clone()]).await.unwrap();
        let block = "INSERT INTO solid_queue_blocked_executions (job_id, queue_name, concurrency_key, expires_at, created_at) \
                     VALUES (?, 'default', 'charge', ?, ?)";
        ruby.execute(block, &[row.into(), now.clone(), now]).await.unwrap();
        let store = std::sync::Arc::new(store);
        let ending = tokio::spawn({
            let store = std::sync::Arc::clone(&store);
            async move { store.settle(&[running.settle(KEEP)]).await }
        });
        let _waiting = common::locks::waiting_for(&db, &mut ruby).await;
        ruby.commit().await.unwrap();
        assert_eq!(ending.await.unwrap().unwrap(), [Settled::Applied], "{kind:?}");
        assert_eq!(db.states().await, [1, 0, 0, 0, 0], "{kind:?}");
    }
}

#[tokio::test]
async fn a_permit_that_ruby_does_not_give_back_for_a_job_it_gave_up_is_free_again_later() {
    for kind in KINDS {
        let Some((db, store)) = limited(kind, ConcurrencyLimit::new(1)).await else { continue };
        store.enqueue(&[job(1), job(2)]).await.unwrap();
        assert_eq!(claim(&store).await.len(), 1, "{kind:?}");
        // A supervisor of Ruby prunes the process, and does not know the class.
        db.run("DELETE FROM solid_queue_processes", &[]).await;
        db.run("DELETE FROM solid_queue_claimed_executions", &[]).await;
        let failed = "INSERT INTO solid_queue_failed_executions (job_id, error, created_at) \
                      SELECT MIN(id), '{}', MIN(created_at) FROM solid_queue_jobs";
        db.run(failed, &[]).await;
        db.clock.advance(Duration::from_secs(181));
        store.dispatch(10).await.unwrap();
        assert_eq!(db.states().await, [1, 0, 0, 1, 0], "{kind:?}");
        assert_eq!(claim(&store).await[0].id(), job(2).id, "{kind:?}");
    }
}

/// The value of the argument is the end of the key.
fn keyed(number: u8, value: &str) -> NewJob {
    NewJob::new(job(number).id, "charge", serde_json::json!({ "account": value }).to_string())
}

#[tokio::test]
async fn keys_that_mariadb_takes_for_one_share_a_permit_and_long_ones_are_refused_there() {
    for kind in KINDS {
        let limit = ConcurrencyLimit::new(1).by("account");
        let Some((db, store)) = limited(kind, limit).await else { continue };
        for (number, value) in ["a", "A", "á", "a  "].into_iter().enumerate() {
            store.enqueue(&[keyed(u8::try_from(number).unwrap(), value)]).await.unwrap();
        }
        let expected = if kind == Kind::MariaDb { [1, 0, 0, 0, 3] } else { [4, 0, 0, 0, 0] };
        assert_eq!(db.states().await, expected, "{kind:?}");
        let mut ended = 0;
        while let Some(execution) = claim(&store).await.pop() {
            if kind != Kind::MariaDb {
                break;
            }
            ends(&store, execution, KEEP).await;
            ended += 1;
        }
        assert_eq!(ended, if kind == Kind::MariaDb { 4 } else { 0 }, "{kind:?}: each gives it to the next");
        let before = db.count("jobs").await;
        let stored = store.enqueue(&[keyed(9, &"k".repeat(300))]).await;
        assert_eq!(stored.is_err(), kind == Kind::MariaDb, "{kind:?}");
        assert_eq!(db.count("jobs").await, before + i64::from(kind != Kind::MariaDb), "{kind:?}");
    }
}
