//! What the genuine Solid Queue left in its tables is shown, and can be changed by people.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::{KINDS, Kind, TestDb, samples};
use jobs_core::{Due, Filter, Inspect, JobRecord, Manage, NewJob, ProcessId, ProcessOrder, Recurring, State, Store};
use jobs_solid_queue::{ConcurrencyLimit, SolidQueueStore};

async fn all(store: &SolidQueueStore) -> Vec<JobRecord> {
    store.list(&Filter { limit: 1000, ..Filter::default() }).await.unwrap()
}

async fn one(store: &SolidQueueStore, state: State) -> JobRecord {
    store.list(&Filter::state(state)).await.unwrap().remove(0)
}

#[tokio::test]
async fn every_genuine_sample_is_loaded_listed_and_acted_on() {
    for kind in KINDS {
        for name in samples::names(kind) {
            let Some(db) = TestDb::with_sample(kind, &name).await else { break };
            let store = db.open().await;
            let jobs = all(&store).await;
            assert_eq!(i64::try_from(jobs.len()).unwrap(), db.count("jobs").await, "{kind:?} {name}: all are listed");
            let counts = store.counts().await.unwrap();
            assert_eq!(counts.total(), jobs.len() as u64, "{kind:?} {name}: each is counted once");
            for state in State::ALL {
                let listed = store.list(&Filter::state(state)).await.unwrap();
                assert_eq!(listed.len() as u64, counts.of(state), "{kind:?} {name}: {state}");
                assert!(listed.iter().all(|job| job.state == state), "{kind:?} {name}");
            }
            store.stats().await.unwrap();
            let ids: Vec<_> = jobs.iter().map(|job| job.id).collect();
            let is_in = |states: &[State]| jobs.iter().filter(|job| states.contains(&job.state)).count() as u64;
            assert_eq!(store.retry(&ids).await.unwrap(), is_in(&[State::Failed, State::Scheduled]), "{kind:?} {name}");
            let movable = [State::Ready, State::Failed, State::Scheduled];
            let later = Due::In(Duration::from_secs(60));
            assert_eq!(store.reschedule(&ids, later).await.unwrap(), is_in(&movable), "{kind:?} {name}");
            assert_eq!(
                store.discard(&ids).await.unwrap(),
                is_in(&movable) + is_in(&[State::Blocked]),
                "{kind:?} {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_failed_job_of_ruby_is_found_by_both_of_its_ids_with_its_error() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "failed").await else { continue };
        let store = db.open().await;
        let failed = one(&store, State::Failed).await;
        assert_eq!((failed.name.as_str(), failed.attempts, failed.errors.len()), ("FailJob", 1, 1));
        assert_eq!(failed.errors[0].message, "declined: é <tag>");
        let row = db.rows("SELECT job_id FROM solid_queue_failed_executions").await[0].int(0).unwrap();
        for id in [failed.id.to_string(), row.to_string()] {
            assert_eq!(store.find(id.parse().unwrap()).await.unwrap(), Some(failed.clone()), "{kind:?} {id}");
        }
    }
}

#[tokio::test]
async fn a_retry_by_a_person_leaves_the_rows_that_ruby_leaves() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "failed").await else { continue };
        let store = db.open().await;
        let row = "SELECT arguments, scheduled_at, updated_at FROM solid_queue_jobs";
        let before = db.rows(row).await.remove(0);
        let failed = one(&store, State::Failed).await;
        assert_eq!(store.retry(&[failed.id, failed.id]).await.unwrap(), 1, "{kind:?}");
        assert_eq!(db.states().await, [1, 0, 0, 0, 0], "{kind:?}: ready, and failed no more");
        let after = db.rows(row).await.remove(0);
        assert_eq!(after.time(1).unwrap(), before.time(1).unwrap(), "{kind:?}: scheduled_at stays");
        assert!(after.time(2).unwrap() != before.time(2).unwrap(), "{kind:?}: updated_at moves");
        let hash: serde_json::Value = serde_json::from_str(after.text(0).unwrap()).unwrap();
        assert_eq!((&hash["executions"], &hash["exception_executions"]), (&0.into(), &serde_json::json!({})));
        let ready = one(&store, State::Ready).await;
        assert_eq!((ready.attempts, ready.errors), (1, failed.errors), "{kind:?}: what was is still known");
    }
}

#[tokio::test]
async fn a_discarded_ready_job_gives_its_permit_to_the_next_and_a_blocked_one_has_none() {
    for kind in KINDS {
        let Some(db) = TestDb::new(kind).await else { continue };
        let options = db.by(db.clock.clone()).limits_concurrency("charge", ConcurrencyLimit::new(1));
        let store = options.connect().await.unwrap();
        let ids: Vec<_> = (1_u8..=3).map(|n| jobs_core::JobId::from_bytes([n; 16])).collect();
        let jobs: Vec<_> = ids.iter().map(|id| NewJob::new(*id, "charge", "{}")).collect();
        store.enqueue(&jobs).await.unwrap();
        assert_eq!(db.states().await, [1, 0, 0, 0, 2], "{kind:?}");
        let value = "SELECT value FROM solid_queue_semaphores";
        assert_eq!(store.discard(&ids[2..]).await.unwrap(), 1);
        assert_eq!(db.rows(value).await[0].int(0).unwrap(), 0, "{kind:?}: the holder still has it");
        assert_eq!(store.discard(&ids[..1]).await.unwrap(), 1);
        assert_eq!(db.states().await, [1, 0, 0, 0, 0], "{kind:?}: the next is ready");
        assert_eq!(one(&store, State::Ready).await.id, ids[1]);
    }
}

#[tokio::test]
async fn a_claimed_job_is_not_discarded_and_shows_the_process_of_ruby_that_holds_it() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "running").await else { continue };
        let store = db.open().await;
        let claimed = one(&store, State::Claimed).await;
        assert_eq!(store.discard(&[claimed.id]).await.unwrap(), 0, "{kind:?}");
        let processes = store.processes().await.unwrap();
        let holder = processes.iter().find(|process| Some(process.process.id) == claimed.claimed_by).unwrap();
        assert!(holder.process.name.starts_with("worker-"), "{kind:?}");
        let of_holder = Filter { claimed_by: claimed.claimed_by, ..Filter::default() };
        assert_eq!(store.list(&of_holder).await.unwrap().len() as u64, holder.claimed, "{kind:?}");
        let of_another = Filter { claimed_by: Some(ProcessId::new(987_654)), ..Filter::default() };
        assert!(store.list(&of_another).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_process_of_ruby_takes_no_orders_and_says_so() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "running").await else { continue };
        let store = db.open().await;
        let claimed = one(&store, State::Claimed).await;
        assert!(store.processes().await.unwrap().iter().all(|process| !process.takes_orders), "{kind:?}");
        let orders = store.process_orders().unwrap();
        let stopped = orders.order(claimed.claimed_by.unwrap(), ProcessOrder::Stop).await.unwrap_err();
        assert!(stopped.is_unsupported() && stopped.to_string().contains("worker-"), "{kind:?}: {stopped}");
        let cancelled = orders.cancel(claimed.id).await.unwrap_err();
        assert!(cancelled.is_unsupported() && cancelled.to_string().contains("worker-"), "{kind:?}: {cancelled}");
        assert_eq!(db.count("semaphores").await, 0, "{kind:?}: nothing is kept");
    }
}

#[tokio::test]
async fn all_kinds_of_rubys_processes_are_shown() {
    let Some(db) = TestDb::with_sample(Kind::Postgres, "processes").await else { return };
    let names: Vec<String> = db.open().await.processes().await.unwrap().into_iter().map(|it| it.process.name).collect();
    for kind in ["supervisor", "dispatcher", "worker", "scheduler"] {
        assert!(names.iter().any(|name| name.starts_with(kind)), "{kind}: {names:?}");
    }
}

#[tokio::test]
async fn a_queue_is_paused_once_and_its_jobs_are_still_counted() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "enqueue").await else { continue };
        let store = db.open().await;
        assert!(store.pause("mail").await.unwrap() && !store.pause("mail").await.unwrap(), "{kind:?}");
        assert_eq!(db.count("pauses").await, 1);
        let queues = store.queues().await.unwrap();
        let mail = queues.iter().find(|queue| queue.name == "mail").unwrap();
        assert_eq!((mail.ready, mail.paused, queues.len()), (1, true, 3), "{kind:?}");
        assert!(store.resume("mail").await.unwrap() && !store.resume("mail").await.unwrap(), "{kind:?}");
    }
}

#[tokio::test]
async fn pages_go_on_from_the_row_of_their_last_job_and_from_any_job() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "schedule_and_bulk").await else { continue };
        let store = db.open().await;
        let jobs = all(&store).await;
        let mut paged = Vec::new();
        let mut filter = Filter { limit: 2, ..Filter::default() };
        loop {
            let page = store.page(&filter).await.unwrap();
            paged.extend(page.jobs);
            let Some(next) = page.next else { break };
            filter = filter.going_on(next);
        }
        assert_eq!(paged, jobs, "{kind:?}");
        let rest = Filter { after: Some(store.cursor_at(&jobs[0])), ..Filter::default() };
        assert_eq!(store.list(&rest).await.unwrap(), jobs[1..], "{kind:?}");
        let gone = Filter { after: Some("00000000-0000-0000-0000-000000000001".parse().unwrap()), ..Filter::default() };
        assert!(store.page(&gone).await.unwrap_err().is_invalid(), "{kind:?}");
    }
}

#[tokio::test]
async fn finished_jobs_are_pruned_and_failed_and_unfinished_ones_stay() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "finished").await else { continue };
        let store = db.open().await;
        store.enqueue(&[NewJob::new(jobs_core::JobId::from_bytes([7; 16]), "a", "{}")]).await.unwrap();
        assert_eq!(store.prune(Duration::from_secs(200 * 365 * 86_400), 10).await.unwrap(), 0, "{kind:?}");
        db.clock.advance(Duration::from_secs(200 * 365 * 86_400));
        assert_eq!(store.prune(Duration::ZERO, 1).await.unwrap(), 1, "{kind:?}: no more than the limit");
        assert_eq!(store.prune(Duration::ZERO, 10).await.unwrap(), 1, "{kind:?}");
        assert_eq!(db.count("jobs").await, 1);
    }
}

#[tokio::test]
async fn tasks_of_ruby_are_shown_and_paused_and_keep_their_columns() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "recurring").await else { continue };
        let store = db.open().await;
        let columns =
            "SELECT {key}, schedule, class_name, arguments, queue_name FROM solid_queue_recurring_tasks ORDER BY id";
        let before = db.rows(columns).await;
        let tasks = store.tasks().await.unwrap();
        assert_eq!(tasks.tasks.len(), before.len(), "{kind:?}");
        let key = tasks.tasks[0].task.key.clone();
        assert!(store.pause_task(&key).await.unwrap() && !store.pause_task(&key).await.unwrap(), "{kind:?}");
        assert!(store.tasks().await.unwrap().find(&key).unwrap().paused, "{kind:?}");
        assert_eq!(db.rows(columns).await, before, "{kind:?}: only our own data were written");
    }
}

#[tokio::test]
async fn a_paused_task_of_ruby_stays_paused_when_a_scheduler_writes_its_row_anew() {
    for kind in KINDS {
        let Some(db) = TestDb::with_sample(kind, "recurring").await else { continue };
        let store = db.open().await;
        let key = store.tasks().await.unwrap().tasks[0].task.key.clone();
        assert!(store.pause_task(&key).await.unwrap(), "{kind:?}");
        db.run("UPDATE solid_queue_recurring_tasks SET description = NULL", &[]).await;
        assert!(store.tasks().await.unwrap().find(&key).unwrap().paused, "{kind:?}");
        assert!(store.resume_task(&key).await.unwrap(), "{kind:?}");
        assert!(!store.tasks().await.unwrap().find(&key).unwrap().paused, "{kind:?}");
        assert_eq!(db.count("semaphores").await, 0, "{kind:?}");
    }
}

/// In MySQL Ruby writes some times in the zone of the server.
#[tokio::test]
async fn a_creation_time_of_another_zone_moves_no_job() {
    for hours in [-12, 2, 14] {
        for kind in KINDS {
            let Some(db) = TestDb::with_sample(kind, "enqueue").await else { continue };
            let store = db.open().await;
            let before = all(&store).await;
            let queues = store.queues().await.unwrap();
            for row in db.rows("SELECT id, created_at FROM solid_queue_jobs").await {
                let local = row.time(1).unwrap().as_micros() + hours * 3_600_000_000;
                let local = jobs_core::Timestamp::from_micros(local);
                let values = [local.into(), local.into(), row.int(0).unwrap().into()];
                db.run("UPDATE solid_queue_jobs SET created_at = ?, updated_at = ? WHERE id = ?", &values).await;
                db.run("UPDATE solid_queue_ready_executions SET created_at = ?", &[local.into()]).await;
            }
            let mut after = all(&store).await;
            for (job, before) in after.iter_mut().zip(&before) {
                let moved = job.enqueued_at.as_micros().abs_diff(before.enqueued_at.as_micros());
                assert!(moved < 1_000_000, "{kind:?} {hours}");
                job.enqueued_at = before.enqueued_at;
            }
            assert_eq!(after, before, "{kind:?} {hours}");
            assert_eq!(store.queues().await.unwrap(), queues, "{kind:?} {hours}");
            if kind == Kind::MariaDb {
                let mut filter = Filter { limit: 1000, ..Filter::default() };
                filter.enqueued.from = before.iter().map(|job| job.enqueued_at - Duration::from_secs(1)).min();
                assert_eq!(store.list(&filter).await.unwrap().len(), before.len(), "{hours}");
            }
        }
    }
}
