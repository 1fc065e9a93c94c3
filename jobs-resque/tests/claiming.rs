//! Workers that claim jobs and settle them, beside those of Ruby.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{FINISH, ME, beat, claim, claim_from, error, fail, job, retry_in, run, settle, text, worker};
use jobs_core::{Claim, Clock, Decision, Inspect, Manage, Process, ProcessStatus, Settled, State, Store};
use jobs_resque::{FailureRecord, RunningJob, WorkerId, heartbeat_text, read_time};
use redis::Value;

const QUEUES: [&str; 2] = ["high", "low"];

#[tokio::test]
async fn jobs_are_claimed_from_the_left_end_of_the_queues_in_their_order() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    for (queue, number) in [("low", 1), ("high", 2), ("high", 3), ("low", 4)] {
        db.push(queue, &text(number)).await;
    }
    let claimed = claim_from(&store, &QUEUES, 3).await;
    let seen: Vec<_> = claimed.iter().map(|job| (job.queue.as_str(), job.arguments.as_str())).collect();
    let arguments = |number| format!("[{number},1.0,9007199254740993123,[]]");
    assert_eq!(seen, [("high", &*arguments(2)), ("high", &*arguments(3)), ("low", &*arguments(1))]);
    let value: String = db.run(&["GET", &format!("resque:worker:{}", worker(0, &QUEUES))]).await;
    let running = RunningJob::parse(&value).unwrap();
    assert_eq!((running.queue().as_deref(), running.payload()), (Some("high"), text(2).as_str()));
    assert_eq!(running.run_at(), read_time(&heartbeat_text(db.clock.now())));
}

#[tokio::test]
async fn all_queues_are_served_by_name_also_those_that_appear_later() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for (queue, number) in [("c", 1), ("a", 2), ("b", 3)] {
        db.push(queue, &text(number)).await;
    }
    assert_eq!(claim(&store, 1).await[0].queue, "a");
    db.push("aa", &text(4)).await;
    let queues: Vec<_> = claim(&store, 10).await.into_iter().map(|job| job.queue).collect();
    assert_eq!(queues, ["aa", "b", "c"]);
}

#[tokio::test]
async fn a_done_job_is_counted_once_and_a_stale_settlement_changes_nothing() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    db.push("low", &text(1)).await;
    let done = claim_from(&store, &["low"], 1).await.pop().unwrap().settle(FINISH);
    assert_eq!(store.settle(std::slice::from_ref(&done)).await.unwrap(), [Settled::Applied]);
    db.push("low", &text(1)).await;
    let again = claim_from(&store, &["low"], 1).await.pop().unwrap();
    assert_eq!(
        store.settle(&[done]).await.unwrap(),
        [Settled::Stale],
        "an equal job of the same worker is another run"
    );
    assert_eq!(settle(&store, again, FINISH).await, Settled::Applied);
    let worker = worker(0, &["low"]);
    assert_eq!(db.number("resque:stat:processed").await, Some(2));
    assert_eq!(db.number(&format!("resque:stat:processed:{worker}")).await, Some(2));
    assert_eq!(db.number("resque:stat:failed").await, None);
    assert_eq!(db.number(&format!("resque:worker:{worker}")).await, None);
}

#[tokio::test]
async fn a_failed_run_has_a_record_and_counts_as_processed_and_as_failed() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    db.push("low", &text(1)).await;
    let held = claim_from(&store, &["low"], 1).await.pop().unwrap();
    let (job, failed) = (held.id(), held.settle(fail("declined")));
    assert_eq!(store.settle(std::slice::from_ref(&failed)).await.unwrap(), [Settled::Applied]);
    assert_eq!(store.settle(&[failed]).await.unwrap(), [Settled::Stale]);
    let records = db.list("resque:failed").await;
    let record = FailureRecord::parse(&records[0]).unwrap();
    let id = worker(0, &["low"]).to_string();
    assert_eq!((records.len(), record.worker(), record.queue()), (1, Some(id.clone()), Some("low".to_owned())));
    assert_eq!((record.failed_at().is_some(), record.error().causes), (true, error("").causes));
    assert_eq!(record.payload().unwrap().text_of_ruby(), text(1));
    assert_eq!(record.payload().unwrap().id(), job, "it is the same job");
    for key in ["processed", "failed"] {
        assert_eq!(db.number(&format!("resque:stat:{key}")).await, Some(1));
        assert_eq!(db.number(&format!("resque:stat:{key}:{id}")).await, Some(1));
    }
}

#[tokio::test]
async fn failures_are_in_the_list_of_their_queue_if_the_fleet_has_one_for_each() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.by(db.clock.clone()).failures_by_queue(true).connect().await.unwrap();
    db.push("low", &text(1)).await;
    run(&store, fail("declined")).await;
    assert_eq!((db.list("resque:low_failed").await.len(), db.list("resque:failed").await.len()), (1, 0));
    let lists: Vec<String> = db.run(&["SMEMBERS", "resque:failed_queues"]).await;
    assert_eq!(lists, ["low_failed"]);
    assert_eq!(store.counts().await.unwrap().of(State::Failed), 1);
}

#[tokio::test]
async fn each_slot_is_a_worker_and_a_stopped_process_leaves_nothing() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    for number in 1..=4 {
        db.push("low", &text(number)).await;
    }
    let claimed = claim_from(&store, &["low"], 2).await;
    beat(&store).await;
    let mut workers: Vec<String> = db.run(&["SMEMBERS", "resque:workers"]).await;
    workers.sort();
    let ids = [0, 1].map(|slot| worker(slot, &["low"]).to_string());
    assert_eq!(workers, ids);
    let heartbeat: String = db.run(&["HGET", "resque:workers:heartbeat", &ids[0]]).await;
    let started: String = db.run(&["GET", &format!("resque:worker:{}:started", ids[0])]).await;
    assert_eq!(
        (heartbeat, read_time(&started)),
        (heartbeat_text(db.clock.now()), read_time(&heartbeat_text(db.clock.now())))
    );
    let [first, second] = <[_; 2]>::try_from(claimed).unwrap();
    assert_eq!(settle(&store, second, Decision::Release).await, Settled::Applied);
    assert_eq!(db.number("resque:stat:processed").await, None, "what goes back is not counted");
    let mut process = Process::new(ME, "me", "worker-1", 42);
    process.phase = ProcessStatus::Stopped;
    let _reply = store.heartbeat(&process).await.unwrap();
    assert_eq!(db.list("resque:queue:low").await, [text(1), text(2), text(3), text(4)]);
    assert_eq!(db.keys(&[]).await, ["resque:queue:low", "resque:queues"]);
    assert_eq!(settle(&store, first, FINISH).await, Settled::Stale);
}

#[tokio::test]
async fn slots_of_a_host_with_a_zero_in_its_name_are_workers_too() {
    for host in ["worker-0", "ip-10-0-1-17"] {
        let Some(db) = TestDb::new().await else { return };
        let (store, me) = (db.open().await, Process::new(ME, "me", host, 42));
        let _reply = store.heartbeat(&me).await.unwrap();
        for number in 1..=2 {
            db.push("low", &text(number)).await;
        }
        assert_eq!(claim_from(&store, &["low"], 2).await.len(), 2);
        let _reply = store.heartbeat(&me).await.unwrap();
        let mut alive: Vec<String> = db.run(&["HKEYS", "resque:workers:heartbeat"]).await;
        alive.sort();
        assert_eq!(alive, [0, 1].map(|slot| WorkerId::of_slot(host, 42, slot, ME, &["low"]).to_string()));
    }
}

#[tokio::test]
async fn idle_slots_are_workers_too_and_are_alive() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    assert!(claim_from(&store, &["low"], 3).await.is_empty());
    beat(&store).await;
    let alive: Vec<String> = db.run(&["HKEYS", "resque:workers:heartbeat"]).await;
    assert_eq!(alive.len(), 3);
}

#[tokio::test]
async fn a_worker_that_ruby_has_pruned_learns_it_and_its_settlement_is_stale() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    db.push("low", &text(1)).await;
    let held = claim_from(&store, &["low"], 1).await.pop().unwrap();
    let id = worker(0, &["low"]).to_string();
    for words in [["DEL", &*format!("resque:worker:{id}"), ""], ["SREM", "resque:workers", &id]] {
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let _: Value = db.run(&words).await;
    }
    let reply = store.heartbeat(&Process::new(ME, "me", "worker-1", 42)).await.unwrap();
    assert_eq!(reply, jobs_core::HeartbeatReply::WasRecovered);
    assert_eq!(settle(&store, held, retry_in(Duration::from_secs(60))).await, Settled::Stale);
    assert_eq!(store.counts().await.unwrap().total(), 0, "Ruby has made a failure of it");
    let workers: Vec<String> = db.run(&["SMEMBERS", "resque:workers"]).await;
    assert_eq!(workers, [id], "it is registered again");
}

#[tokio::test]
async fn a_dead_process_whose_worker_ruby_has_pruned_is_forgotten() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    db.push("low", &text(1)).await;
    assert_eq!(claim_from(&store, &["low"], 1).await.len(), 1);
    let _: i64 = db.run(&["DEL", &format!("resque:worker:{}", worker(0, &["low"]))]).await;
    db.clock.advance(Duration::from_secs(61));
    let recovery = jobs_core::Recovery::new(Duration::from_secs(60), 3);
    assert_eq!(store.recover(&recovery).await.unwrap().processes, [ME]);
    let claimers: Vec<String> = db.run(&["SMEMBERS", "resque:jobs_rs:claimers"]).await;
    assert_eq!(claimers, Vec::<String>::new());
}

#[tokio::test]
async fn a_dead_process_of_ours_is_recovered_and_workers_of_ruby_are_left_alone() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    let ruby = "worker-1:11189:low";
    let running = format!(r#"{{"queue":"low","run_at":"2026-11-29T16:50:02Z","payload":{}}}"#, text(9));
    let _: () = db.run(&["SADD", "resque:workers", ruby]).await;
    let _: () = db.run(&["SET", &format!("resque:worker:{ruby}"), &running]).await;
    for number in 1..=3 {
        db.push("low", &text(number)).await;
    }
    assert_eq!(claim_from(&store, &["low"], 2).await.len(), 2);
    db.clock.advance(Duration::from_secs(61));
    let recovery = jobs_core::Recovery::new(Duration::from_secs(60), 3);
    let recovered = db.open().await.recover(&recovery).await.unwrap();
    assert_eq!((recovered.processes, recovered.ready.len()), (vec![ME], 2));
    assert_eq!(db.list("resque:queue:low").await, [text(1), text(2), text(3)]);
    let workers: Vec<String> = db.run(&["SMEMBERS", "resque:workers"]).await;
    assert_eq!(workers, [ruby]);
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.of(State::Claimed), counts.of(State::Ready)), (1, 3), "as Resque's page counts");
}

#[tokio::test]
async fn a_worker_of_ruby_takes_no_orders_and_its_job_is_not_cancelled() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    let ruby = "worker-1:11189:low";
    let running = format!(r#"{{"queue":"low","run_at":"2026-11-29T16:50:02Z","payload":{}}}"#, text(9));
    let _: () = db.run(&["SADD", "resque:workers", ruby]).await;
    let _: () = db.run(&["SET", &format!("resque:worker:{ruby}"), &running]).await;
    let job = store.list(&jobs_core::Filter::state(State::Claimed)).await.unwrap().remove(0);
    let processes = store.processes().await.unwrap();
    let worker = processes.iter().find(|process| process.process.name == ruby).unwrap();
    assert!(!worker.takes_orders);
    let orders = store.process_orders().unwrap();
    let stopped = orders.order(worker.process.id, jobs_core::ProcessOrder::Stop).await.unwrap_err();
    assert!(stopped.is_unsupported() && stopped.to_string().contains("QUIT"), "{stopped}");
    assert!(orders.cancel(job.id).await.unwrap_err().is_unsupported());
    db.push("low", &text(9)).await;
    assert_eq!(claim_from(&store, &["low"], 1).await.len(), 1, "an equal job, of a process of ours");
    assert_eq!(orders.cancel(job.id).await.unwrap(), Some(ME));
    assert_eq!(orders.cancelled(ME).await.unwrap(), [job.id]);
}

#[tokio::test]
async fn paused_queues_give_no_jobs() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("low", &text(1)).await;
    for (key, value) in [("pause-all-workers", " TRUE "), ("pause:all", "true"), ("pause:queue:low", "true")] {
        let _: () = db.run(&["SET", &format!("resque:{key}"), value]).await;
        assert!(claim(&store, 1).await.is_empty(), "{key}");
        assert!(store.queues().await.unwrap()[0].paused, "{key}");
        let _: () = db.run(&["DEL", &format!("resque:{key}")]).await;
    }
    assert!(store.pause("low").await.unwrap());
    let paused: String = db.run(&["GET", "resque:pause:queue:low"]).await;
    assert_eq!((paused.as_str(), claim(&store, 1).await.len()), ("true", 0), "resque-pause sees it");
    assert!(store.resume("low").await.unwrap());
    let _: () = db.run(&["SET", "resque:pause-all-workers", "false"]).await;
    assert_eq!(claim(&store, 1).await.len(), 1);
}

#[tokio::test]
async fn a_text_that_is_not_json_becomes_a_failure_and_the_next_job_is_claimed() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run(&["SADD", "resque:queues", "low"]).await;
    let _: () = db.run(&["RPUSH", "resque:queue:low", "no json", "{\"class\":", "7"]).await;
    let mut latin1 = redis::cmd("RPUSH");
    latin1.arg("resque:queue:low").arg(&b"{\"class\":\"Caf\xe9\"}"[..]);
    let _: () = db.run_command(&latin1).await;
    db.push("low", r#"{"class":"Charge","args":["é € 😀"]}"#).await;
    let claimed = claim(&store, 1).await;
    assert_eq!(claimed[0].arguments, r#"["é € 😀"]"#);
    let records = db.list("resque:failed").await;
    let aside = records.iter().map(|text| FailureRecord::parse(text).unwrap().unreadable().unwrap());
    assert_eq!(aside.collect::<Vec<_>>(), [&b"no json"[..], b"{\"class\":", b"7", b"{\"class\":\"Caf\xe9\"}"]);
    assert_eq!(FailureRecord::parse(&records[0]).unwrap().queue().as_deref(), Some("low"));
    assert_eq!(db.list("resque:jobs_rs:unreadable").await, Vec::<String>::new());
    assert_eq!(store.counts().await.unwrap().of(State::Failed), 4);
}

#[tokio::test]
async fn a_queue_whose_name_is_not_utf8_holds_up_no_other() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let _: () = db.run_command(redis::cmd("SADD").arg("resque:queues").arg(&b"caf\xe9"[..])).await;
    let _: () = db.run_command(redis::cmd("RPUSH").arg(&b"resque:queue:caf\xe9"[..]).arg(text(1))).await;
    db.push("low", &text(2)).await;
    assert_eq!(claim(&store, 10).await.len(), 1);
}

#[tokio::test]
async fn an_object_that_is_no_job_becomes_a_failure_as_it_is() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let texts = [r#"{"class":"Charge","args":{"a":1}}"#, r#"{"class":"Charge","args":"x"}"#, r#"{"args":[1]}"#];
    for text in texts {
        db.push("low", text).await;
    }
    assert!(claim(&store, 3).await.is_empty());
    let records = db.list("resque:failed").await;
    let payloads: Vec<_> =
        records.iter().map(|text| FailureRecord::parse(text).unwrap().payload_text().to_owned()).collect();
    assert_eq!(payloads[..2], texts[..2]);
    assert_eq!(FailureRecord::parse(&records[2]).unwrap().unreadable().as_deref(), Some(texts[2].as_bytes()));
    assert_eq!(db.number("resque:stat:failed").await, Some(3));
    let page = store.page(&jobs_core::Filter::state(State::Failed)).await.unwrap();
    assert!(page.jobs.len() == 3 && page.jobs.iter().all(|job| !job.errors.is_empty()), "{page:?}");
}

#[tokio::test]
async fn a_job_without_args_runs_without_arguments() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for text in [r#"{"class":"Charge"}"#, r#"{"class":"Charge","args":null}"#] {
        db.push("low", text).await;
        let claimed = claim(&store, 1).await.pop().unwrap();
        assert_eq!((claimed.name.as_str(), claimed.arguments.as_str()), ("Charge", "[]"));
        assert_eq!((claimed.enqueued_at, claimed.due_at), (db.clock.now(), db.clock.now()), "Ruby tells no times");
    }
}

#[tokio::test]
async fn a_class_that_is_not_known_waits_and_goes_back_as_it_was() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("low", &text(1)).await;
    // What a worker does with the job of a name that it does not know.
    run(&store, Decision::Continue { wait: Duration::from_secs(60), meta: None }).await;
    assert!(claim(&store, 1).await.is_empty(), "no worker is busy with it");
    db.clock.advance(Duration::from_secs(61));
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
    assert_eq!(db.list("resque:queue:low").await, [text(1)]);
    assert_eq!(db.number("resque:stat:processed").await, None);
}

#[tokio::test]
async fn a_slot_of_a_reopened_store_is_not_given_twice() {
    let Some(db) = TestDb::new().await else { return };
    let (store, other) = (db.open().await, db.open().await);
    store.enqueue(&[job(1), job(2)]).await.unwrap();
    let claim = Claim::all(ME, 1);
    let first = store.claim(&claim).await.unwrap().pop().unwrap();
    let second = other.claim(&claim).await.unwrap().pop().unwrap();
    assert_eq!(settle(&other, first, FINISH).await, Settled::Applied, "by the handle that did not claim it");
    assert_eq!(settle(&store, second, FINISH).await, Settled::Applied);
}

#[tokio::test]
async fn a_process_has_one_worker_for_each_slot_however_its_claims_order_the_queues() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let ids = async || {
        let mut workers: Vec<String> = db.run(&["SMEMBERS", "resque:workers"]).await;
        let mut alive: Vec<String> = db.run(&["HKEYS", "resque:workers:heartbeat"]).await;
        workers.sort();
        alive.sort();
        assert_eq!(workers, alive);
        workers
    };
    // The first claim comes before the first heartbeat, which tells the host.
    db.push("low", &text(1)).await;
    let held = claim_from(&store, &["low", "high"], 1).await.pop().unwrap();
    for queues in [&["low", "high"][..], &["high", "low"], &["high"]] {
        assert!(claim_from(&store, queues, 1).await.is_empty());
        beat(&store).await;
        assert_eq!(ids().await.len(), 2, "one is busy under its old id, the other one is idle: {queues:?}");
    }
    assert_eq!(settle(&store, held, FINISH).await, Settled::Applied);
    beat(&store).await;
    assert_eq!(ids().await, [0, 1].map(|slot| worker(slot, &["low", "high"]).to_string()));
    assert!(claim_from(&store, &["low", "new"], 1).await.is_empty());
    beat(&store).await;
    assert_eq!(ids().await, [0, 1].map(|slot| worker(slot, &["low", "high", "new"]).to_string()));
}

#[tokio::test]
async fn workers_of_claims_at_the_same_time_all_keep_their_heartbeats() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    beat(&store).await;
    db.push("a", &text(1)).await;
    db.push("b", &text(2)).await;
    let (first, second) = tokio::join!(claim_from(&store, &["a"], 1), claim_from(&store, &["b"], 1));
    assert_eq!((first.len(), second.len()), (1, 1));
    db.clock.advance(Duration::from_secs(60));
    beat(&store).await;
    let busy: Vec<String> = db.run(&["KEYS", "resque:worker:*"]).await;
    assert!(busy.len() >= 2, "{busy:?}");
    for id in busy.iter().filter_map(|key| key.strip_prefix("resque:worker:")).filter(|id| !id.ends_with(":started")) {
        let beaten: String = db.run(&["HGET", "resque:workers:heartbeat", id]).await;
        assert_eq!(beaten, heartbeat_text(db.clock.now()), "{id}");
    }
}
