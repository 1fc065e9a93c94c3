//! The recurring jobs of the gems sidekiq-cron and sidekiq-scheduler: shown among the tasks, and served beside Ruby.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::TestDb;
use common::jobs::ME;
use common::log::Log;
use common::server::OwnServer;
use jobs_core::{Claim, Execution, Recurring, Store, Timestamp};
use jobs_sidekiq::{SidekiqOptions, SidekiqStore};
use serde_json::{Value, json};

/// Half past ten on a morning, UTC, and five seconds.
const NOW: Timestamp = Timestamp::from_micros(1_796_034_605_000_000);
const TICK: &str = "2026-11-30T10:30:00Z";

const KEY: &str = "cron_job:default:Nightly";

/// Writes a job as sidekiq-cron 2.3 does.
async fn save(db: &TestDb, key: &str, fields: &[(&str, &str)]) {
    let message = r#"{"retry":5,"queue":"reports","class":"NightlyJob","args":[7,"a"]}"#;
    let defaults = [
        ("name", "Nightly"),
        ("namespace", "default"),
        ("klass", "NightlyJob"),
        ("cron", "*/30 * * * *"),
        ("description", "Writes reports"),
        ("source", "schedule"),
        ("args", "[7,\"a\"]"),
        ("date_as_argument", "0"),
        ("message", message),
        ("status", "enabled"),
        ("active_job", "0"),
        ("queue_name_prefix", ""),
        ("queue_name_delimiter", ""),
        ("retry", "5"),
        ("last_enqueue_time", ""),
        ("symbolize_args", "0"),
    ];
    let set = if key.starts_with("cron_job:default:") { "cron_jobs:default" } else { "cron_jobs" };
    let _: i64 = db.run(&["SADD", set, key]).await;
    for (field, value) in defaults.iter().chain(fields) {
        let _: i64 = db.run(&["HSET", key, field, value]).await;
    }
}

async fn at_half_past_ten() -> Option<(TestDb, SidekiqStore)> {
    let db = TestDb::new().await?;
    db.clock.set(NOW);
    let store = db.by(db.clock.clone()).serve_cron(true).connect().await.unwrap();
    Some((db, store))
}

/// Claims as a process does that has the job `NightlyJob`.
async fn claim(store: &SidekiqStore) -> Vec<Execution> {
    let names: Arc<[String]> = Arc::new(["NightlyJob".to_owned()]);
    store.claim(&Claim::all(ME, 10).with_names(names)).await.unwrap()
}

/// Dispatches, as a process that knows the job does after its first claim, and claims.
async fn turn(store: &SidekiqStore) -> Vec<Execution> {
    let early = claim(store).await;
    store.dispatch(100).await.unwrap();
    early.into_iter().chain(claim(store).await).collect()
}

#[tokio::test]
async fn jobs_of_sidekiq_cron_are_shown_among_the_tasks() {
    let Some((db, store)) = at_half_past_ten().await else { return };
    save(&db, KEY, &[("last_enqueue_time", "2026-11-30 10:00:12 +0000"), ("status", "disabled")]).await;
    let jid = r#"{"jid":"c4504bf5adfff27760c0212d","enqueued":"2026-11-30 10:00:12 UTC"}"#;
    let _: i64 = db.run(&["LPUSH", &format!("{KEY}:jid_history"), jid]).await;
    save(&db, "cron_job:Old", &[("cron", "every monday at 9am"), ("description", "")]).await;
    save(&db, "cron_job:default:Bad", &[("cron", "now and then")]).await;
    let tasks = store.tasks().await.unwrap();
    let keys: Vec<&str> = tasks.tasks.iter().map(|record| record.task.key.as_str()).collect();
    assert_eq!(keys, ["sidekiq-cron:Old", "sidekiq-cron:default:Bad", "sidekiq-cron:default:Nightly"]);
    let nightly = tasks.find("sidekiq-cron:default:Nightly").unwrap();
    assert_eq!((nightly.source.as_deref(), nightly.paused), (Some("sidekiq-cron"), true));
    let task = &nightly.task;
    assert_eq!((&*task.job, &*task.arguments, task.queue.as_deref()), ("NightlyJob", "[7,\"a\"]", Some("reports")));
    assert_eq!((&*task.schedule, task.description.as_deref()), ("*/30 * * * *", Some("Writes reports")));
    assert_eq!(nightly.last_tick.map(|at| at.to_string()), Some("2026-11-30T10:00:12.000000Z".to_owned()));
    assert_eq!(nightly.last_job.map(|job| job.to_string()), Some("c4504bf5adfff27760c0212d".to_owned()));
    let old = tasks.find("sidekiq-cron:Old").unwrap();
    assert_eq!(old.next(NOW).map(|at| at.to_string()), Some("2026-12-07T09:00:00.000000Z".to_owned()));
    assert!(tasks.find("sidekiq-cron:default:Bad").unwrap().task.when().is_err(), "its fault is shown");
    assert_eq!(tasks.late_tick(), None, "their ticks are not ours to be late with");
    assert!(nightly.check_declared().unwrap_err().to_string().contains("sidekiq-cron"));
}

#[tokio::test]
async fn jobs_of_sidekiq_scheduler_are_shown_among_the_tasks() {
    let Some((db, store)) = at_half_past_ten().await else { return };
    let configs = [
        (
            "Nightly",
            json!({"cron": "0 2 * * * Europe/Berlin", "class": "NightlyJob", "queue": "reports", "args": [1.0]}),
        ),
        ("Often", json!({"every": ["5m", {"first_in": "0s"}], "class": "OftenJob", "description": "often"})),
        ("OnceJob", json!({"at": "2030/01/01"})),
    ];
    for (name, config) in &configs {
        let _: i64 = db.run(&["HSET", "schedules", name, &config.to_string()]).await;
    }
    let _: i64 = db.run(&["HSET", "schedules", "Broken", "no JSON"]).await;
    let _: i64 = db.run(&["HSET", "sidekiq-scheduler:states", "Often", r#"{"enabled":false}"#]).await;
    let _: i64 = db.run(&["HSET", "sidekiq-scheduler:last_times", "Nightly", "2026-11-30 02:00:00 +0100"]).await;
    let tasks = store.tasks().await.unwrap().tasks;
    let shown: Vec<_> = tasks.iter().map(|it| (&*it.task.key, &*it.task.job, &*it.task.schedule, it.paused)).collect();
    assert_eq!(
        shown,
        [
            ("sidekiq-scheduler:Nightly", "NightlyJob", "0 2 * * *", false),
            ("sidekiq-scheduler:Often", "OftenJob", "every 5m", true),
            ("sidekiq-scheduler:OnceJob", "OnceJob", "at 2030/01/01", false),
        ]
    );
    assert_eq!((tasks[0].task.zone.as_deref(), &*tasks[0].task.arguments), (Some("Europe/Berlin"), "[1.0]"));
    assert_eq!(tasks[0].last_tick.map(|at| at.to_string()), Some("2026-11-30T01:00:00.000000Z".to_owned()));
    assert!(tasks.iter().all(|record| record.source.as_deref() == Some("sidekiq-scheduler")));
}

#[tokio::test]
async fn keys_of_strangers_hide_no_task() {
    let Some((db, store)) = at_half_past_ten().await else { return };
    let _: i64 = db.run(&["PFADD", "cron_jobs", "a visitor"]).await;
    let _: i64 = db.run(&["PFADD", "schedules", "a visitor"]).await;
    save(&db, KEY, &[]).await;
    let _: i64 = db.run(&["SADD", "cron_jobs:default", "cron_job:default:Removed", "elsewhere"]).await;
    assert_eq!(store.tasks().await.unwrap().tasks.len(), 1);
}

#[tokio::test]
async fn a_tick_of_sidekiq_cron_is_enqueued_once_by_all_processes() {
    let Some((db, store)) = at_half_past_ten().await else { return };
    let other = db.by(db.clock.clone()).serve_cron(true).connect().await.unwrap();
    save(&db, KEY, &[]).await;
    let _: i64 = db.run(&["ZADD", &format!("{KEY}:enqueued"), "1796032800.0", "2026-11-30T10:00:00Z"]).await;
    assert!(claim(&store).await.is_empty() && claim(&other).await.is_empty());
    let (one, two) = tokio::join!(store.dispatch(100), other.dispatch(100));
    // The next look is ten seconds away.
    assert!(one.unwrap().next_in.is_some_and(|wait| wait <= Duration::from_secs(10)) && two.is_ok());
    let taken = claim(&store).await;
    let seen: Vec<_> = taken.iter().map(|job| (&*job.name, &*job.arguments, &*job.queue)).collect();
    assert_eq!(seen, [("NightlyJob", "[7,\"a\"]", "reports")]);
    let ticks: Vec<String> = db.run(&["ZRANGE", &format!("{KEY}:enqueued"), "0", "-1"]).await;
    assert_eq!(ticks, ["2026-11-30T10:00:00Z", TICK]);
    db.clock.advance(Duration::from_secs(25));
    assert!(turn(&store).await.is_empty(), "the same tick once more");
    db.clock.advance(Duration::from_secs(1_800));
    assert_eq!(turn(&store).await.len(), 1, "the next tick");
}

#[tokio::test]
async fn a_tick_that_ruby_has_enqueued_is_left_alone() {
    for mark in ["the set", "the time"] {
        let Some((db, store)) = at_half_past_ten().await else { return };
        save(&db, KEY, &[]).await;
        if mark == "the set" {
            let _: i64 = db.run(&["ZADD", &format!("{KEY}:enqueued"), "1796034600.0", TICK]).await;
        } else {
            save(&db, KEY, &[("last_enqueue_time", "2026-11-30 10:30:02 +0000")]).await;
        }
        assert!(turn(&store).await.is_empty(), "{mark}");
    }
}

#[tokio::test]
async fn a_served_tick_is_noted_down_in_the_form_of_sidekiq_cron() {
    let Some((db, store)) = at_half_past_ten().await else { return };
    save(&db, KEY, &[]).await;
    let old = format!("{KEY}:enqueued");
    let _: i64 = db.run(&["ZADD", &old, "1795940000.0", "2026-11-29T08:13:20Z"]).await;
    let _: i64 = db.run(&["ZADD", &old, "1795950001.0", "2026-11-29T11:00:01Z"]).await;
    assert!(claim(&store).await.is_empty());
    store.dispatch(100).await.unwrap();
    let pushed: Value = serde_json::from_str(&db.list("queue:reports").await[0]).unwrap();
    assert_eq!(
        (&pushed["class"], &pushed["args"], &pushed["retry"]),
        (&json!("NightlyJob"), &json!([7, "a"]), &json!(5))
    );
    let jid = pushed["jid"].as_str().unwrap();
    assert_eq!(jid.len(), 24);
    assert!(pushed["created_at"].is_number() && pushed["enqueued_at"].is_number());
    let last: String = db.run(&["HGET", KEY, "last_enqueue_time"]).await;
    assert_eq!(last, "2026-11-30 10:30:05 +0000");
    let history: Value = serde_json::from_str(&db.list(&format!("{KEY}:jid_history")).await[0]).unwrap();
    assert_eq!(history, json!({"jid": jid, "enqueued": "2026-11-30 10:30:05 UTC"}));
    let ticks: Vec<(String, f64)> = db.run(&["ZRANGE", &old, "0", "-1", "WITHSCORES"]).await;
    assert_eq!(ticks, [("2026-11-29T11:00:01Z".to_owned(), 1_795_950_001.0), (TICK.to_owned(), 1_796_034_600.0)]);
}

#[tokio::test]
async fn a_job_that_is_disabled_or_of_ruby_or_too_late_is_not_enqueued() {
    let cases = [("status", "disabled"), ("klass", "OtherJob"), ("cron", "28 10 * * *"), ("cron", "no schedule")];
    for (field, value) in cases {
        let Some((db, store)) = at_half_past_ten().await else { return };
        save(&db, KEY, &[(field, value)]).await;
        assert!(turn(&store).await.is_empty(), "{field} {value}");
        assert_eq!(db.run::<i64>(&["EXISTS", &format!("{KEY}:enqueued"), "queues"]).await, 0);
        save(&db, KEY, &[("status", "enabled"), ("klass", "NightlyJob"), ("cron", "29,30 10 * * *")]).await;
        db.clock.advance(Duration::from_secs(10));
        assert_eq!(turn(&store).await.len(), 1, "its page has changed it: {field} {value}");
    }
}

#[tokio::test]
async fn jobs_of_sidekiq_cron_are_not_enqueued_unless_it_is_asked_for() {
    let Some(db) = TestDb::new().await else { return };
    db.clock.set(NOW);
    save(&db, KEY, &[]).await;
    assert!(turn(&db.open().await).await.is_empty());
}

#[tokio::test]
async fn a_served_job_of_active_job_is_in_its_wrapper_with_prefix_and_date() {
    let Some((db, store)) = at_half_past_ten().await else { return };
    let fields = [("active_job", "1"), ("queue_name_prefix", "shop"), ("date_as_argument", "1"), ("args", "[1.0]")];
    save(&db, KEY, &fields).await;
    let taken = turn(&store).await;
    assert_eq!(taken.len(), 1);
    assert_eq!((&*taken[0].name, &*taken[0].queue), ("NightlyJob", "shop_reports"));
    assert_eq!(taken[0].arguments, "[1.0,1796034605.0]");
}

#[tokio::test]
async fn a_queue_that_cannot_take_the_job_of_a_tick_keeps_no_other_from_it() {
    let Some((db, store)) = at_half_past_ten().await else { return };
    save(&db, "cron_job:default:A", &[]).await;
    save(&db, "cron_job:default:B", &[("message", r#"{"queue":"good"}"#)]).await;
    let _: i64 = db.run(&["PFADD", "queue:reports", "a visitor"]).await;
    assert!(claim(&store).await.is_empty());
    store.dispatch(100).await.unwrap();
    assert_eq!(db.list("queue:good").await.len(), 1);
    let _: i64 = db.run(&["DEL", "queue:reports"]).await;
    db.clock.advance(Duration::from_secs(10));
    store.dispatch(100).await.unwrap();
    assert_eq!(db.list("queue:reports").await.len(), 1, "the tick was not taken before");
}

#[tokio::test]
async fn rights_that_are_missing_to_jobs_of_ruby_are_told_once_with_their_keys() {
    let Some(server) = OwnServer::new().await else { return };
    server.add_user(&["~[^cs]*", "~schedule", "~stat*", "~sidekiq*", "allchannels", "+@all"]).await;
    let url = server.url().replace("//", "//app:secret@");
    let store = SidekiqOptions::from_url(&url).unwrap().serve_cron(true).connect().await.unwrap();
    let log = Log::default();
    let _logging = log.begin();
    for _ in 0..2 {
        assert!(turn(&store).await.is_empty());
        assert!(store.tasks().await.unwrap().tasks.is_empty());
    }
    let logged = log.text();
    let lines: Vec<&str> = logged.lines().collect();
    assert_eq!(lines.len(), 2, "{logged}");
    assert!(lines[0].contains("not enqueued") && lines[0].contains("`cron_jobs`"), "{logged}");
    assert!(lines[0].contains("`cron_jobs:default`") && !lines[0].contains("schedules"), "{logged}");
    assert!(lines[1].contains("not shown") && lines[1].contains("`schedules`"), "{logged}");
}

#[tokio::test]
async fn a_tick_is_taken_as_late_as_the_ruby_processes_are_told_to() {
    for (grace, taken) in [(60, 0), (600, 1)] {
        let Some((db, _)) = at_half_past_ten().await else { return };
        let options = db.by(db.clock.clone()).serve_cron(true).cron_grace(Duration::from_secs(grace));
        let store = options.connect().await.unwrap();
        save(&db, KEY, &[("cron", "28 10 * * *")]).await;
        assert_eq!(turn(&store).await.len(), taken, "{grace} s");
    }
    assert!(SidekiqOptions::from_url("sidekiq+redis://127.0.0.1/0?cron_grace=soon").is_err());
}

#[tokio::test]
async fn many_jobs_of_sidekiq_cron_are_read_a_part_at_a_time() {
    let Some((db, store)) = at_half_past_ten().await else { return };
    let code = "for n = 1, 1500 do local key = 'cron_job:default:' .. n \
        redis.call('SADD', 'cron_jobs:default', key) \
        redis.call('HSET', key, 'klass', 'NightlyJob', 'cron', '0 3 * * *', 'status', 'enabled') \
        redis.call('HSET', 'schedules', 'task ' .. n, '{\"class\":\"A\",\"cron\":\"0 3 * * *\"}') end";
    let _: Option<i64> = db.run(&["EVAL", code, "0"]).await;
    assert_eq!(store.tasks().await.unwrap().tasks.len(), 3_000);
}
