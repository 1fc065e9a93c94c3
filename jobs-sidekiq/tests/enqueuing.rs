//! What Rust enqueues is what Sidekiq's client would have written.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, claim, payload};
use common::server::OwnServer;
use futures_util::FutureExt;
use futures_util::future::{join, join_all};
use jobs_core::{Claim, Due, Enqueued, Execution, JobId, Meta, NewJob, QueueSelector, Signature, Store, Timestamp};
use jobs_sidekiq::{SidekiqOptions, TimeUnit};
use jobs_testing::plain::id;
use serde_json::{Value, json};

fn job(number: u64) -> NewJob {
    NewJob::new(id(number), "HardJob", r#"{"order":42,"note":"Grüße"}"#)
}

/// The same after a change.
fn job_with(number: u64, change: impl FnOnce(&mut NewJob)) -> NewJob {
    let mut job = job(number);
    change(&mut job);
    job
}

#[tokio::test]
async fn an_enqueued_job_is_at_the_left_end_with_all_keys() {
    let Some(db) = TestDb::new().await else { return };
    db.push("default", &payload(1, json!({}))).await;
    let store = db.open().await;
    store.enqueue(&[job(0x1234)]).await.unwrap();
    let queues: Vec<String> = db.run(&["SMEMBERS", "queues"]).await;
    assert_eq!(queues, ["default"]);
    let texts = db.list("queue:default").await;
    let pushed: Value = serde_json::from_str(&texts[0]).unwrap();
    let now = 1_767_225_600_000_u64;
    for (key, expected) in [
        ("class", json!("HardJob")),
        ("args", json!([42, "Grüße"])),
        ("jid", json!("000000000000000000001234")),
        ("queue", json!("default")),
        ("retry", json!(true)),
        ("created_at", json!(now)),
        ("enqueued_at", json!(now)),
    ] {
        assert_eq!(pushed[key], expected, "{key}");
    }
    assert!(texts[0].contains("Grüße"), "as Ruby writes it: {}", texts[0]);
}

#[tokio::test]
async fn the_class_in_ruby_says_how_often_a_job_is_retried_if_asked_for() {
    for (query, retry) in [
        ("", json!(true)),
        ("?retry=true", json!(true)),
        ("?retry=class", json!(null)),
        // Sidekiq would ask the wrapper.
        ("?retry=class&jobs=active_job", json!(true)),
    ] {
        let Some(db) = TestDb::new().await else { return };
        let options = SidekiqOptions::from_url(&format!("{}{query}", db.url)).unwrap().clock(db.clock.clone());
        let store = options.connect().await.unwrap();
        let later = job_with(2, |job| job.due = Due::In(Duration::from_secs(60)));
        store.enqueue(&[job(1), later]).await.unwrap();
        db.clock.advance(Duration::from_secs(61));
        assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
        for text in db.list("queue:default").await {
            let payload: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(payload.get("retry"), Some(&retry), "{query}: {text}");
        }
    }
    let wrong = SidekiqOptions::from_url("sidekiq+redis://h/0?retry=5").unwrap_err();
    assert!(wrong.to_string().contains("class"), "{wrong}");
}

#[tokio::test]
async fn times_are_written_in_the_unit_of_the_living_fleet() {
    for (info, is_float) in [
        (Some(r#"{"hostname":"h"}"#), true),
        (Some(r#"{"version":"7.3.2"}"#), true),
        (Some(r#"{"version":"8.1.7"}"#), false),
        (None, false),
    ] {
        let Some(db) = TestDb::new().await else { return };
        if let Some(info) = info {
            let _: () = db.run(&["SADD", "processes", "h:1:abc"]).await;
            let _: () = db.run(&["HSET", "h:1:abc", "info", info]).await;
        }
        let store = db.open().await;
        store.enqueue(&[job(1)]).await.unwrap();
        let pushed: Value = serde_json::from_str(&db.list("queue:default").await[0]).unwrap();
        assert_eq!(pushed["created_at"].is_f64(), is_float, "{info:?}: {pushed}");
        let by_hand = db.by(db.clock.clone()).time_unit(TimeUnit::Seconds).connect().await.unwrap();
        by_hand.enqueue(&[job(2)]).await.unwrap();
        assert!(db.list("queue:default").await[0].contains(r#""enqueued_at":1767225600.0"#));
    }
}

#[tokio::test]
async fn a_scheduled_job_is_a_member_without_at_and_registers_no_queue() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let at = Timestamp::from_micros(1_767_225_660_123_456);
    let later = job_with(1, |job| job.due = Due::At(at));
    store.enqueue(&[later]).await.unwrap();
    let (member, due) = db.only("schedule").await;
    assert!((due - 1_767_225_660.123_456).abs() < 1e-7, "with microseconds: {due}");
    assert!(member.get("at").is_none() && member.get("enqueued_at").is_none(), "{member}");
    let queues: Vec<String> = db.run(&["SMEMBERS", "queues"]).await;
    assert_eq!(queues, Vec::<String>::new());
}

#[tokio::test]
async fn jobs_that_are_due_together_have_different_scores_and_keep_their_order() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let due = Due::In(Duration::from_secs(60));
    let batch =
        |numbers: std::ops::Range<u64>| numbers.map(|number| job_with(number, |job| job.due = due)).collect::<Vec<_>>();
    store.enqueue(&batch(1..21)).await.unwrap();
    store.enqueue(&batch(21..41)).await.unwrap();
    let mut scores: Vec<String> = db.set("schedule").await.iter().map(|(_, score)| score.to_string()).collect();
    assert!(
        scores.iter().all(|score| score.parse::<f64>().unwrap() <= 1_767_225_660.0),
        "none is later than asked for"
    );
    scores.sort();
    scores.dedup();
    assert_eq!(scores.len(), 40);
    db.clock.advance(Duration::from_secs(60));
    assert_eq!(store.dispatch(100).await.unwrap().ready, 40);
    let claimed: Vec<JobId> = claim(&store, 100).await.iter().map(jobs_core::Execution::id).collect();
    let first: Vec<JobId> = claimed.into_iter().filter(|it| *it < id(21)).collect();
    assert_eq!(first, (1..21).map(id).collect::<Vec<_>>());
}

#[tokio::test]
async fn many_jobs_stand_in_the_list_in_their_order() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&(0..2_500).map(job).collect::<Vec<_>>()).await.unwrap();
    let texts = db.list("queue:default").await;
    let jids = texts.iter().rev().map(|text| serde_json::from_str::<Value>(text).unwrap()["jid"].to_string());
    assert!(jids.eq((0..2_500).map(|number| format!("\"{number:024x}\""))));
}

#[tokio::test]
async fn arguments_pass_byte_for_byte_in_both_directions() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let values =
        r#"[123456789012345678901234567890,1.0,1e400,-0.0,null,{"a":{"b":[[],{}]}},"\u0001\u2028 🦀","\ud83e\udd80"]"#;
    let text = payload(1, json!({})).replace("\"args\":[1]", &format!("\"args\":{values}"));
    db.push("default", &text).await;
    assert_eq!(claim(&store, 1).await[0].arguments, values);
    let named = format!(r#"{{"all":{values}}}"#);
    store.enqueue(&[NewJob::new(id(1), "HardJob", &named)]).await.unwrap();
    assert!(db.list("queue:default").await[0].contains(&format!("\"args\":[{values}]")));
    assert_eq!(claim(&store, 1).await[0].arguments, named);
}

#[tokio::test]
async fn arguments_stand_in_the_order_of_the_signature_and_keywords_are_refused() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let signature = Signature::new(&["id", "currency", "retries", "note"]).keywords(&["force"]);
    let call = |text: &str| {
        let mut job = NewJob::new(id(1), "HardJob", text);
        job.signature = Some(signature);
        job
    };
    for (text, args) in [
        (r#"{"id":7,"retries":3}"#, json!([7, null, 3])),
        (r#"{"id":7}"#, json!([7])),
        (r#"{"retries":3,"id":7}"#, json!([7, null, 3])),
        (r#"{"id":7,"currency":"EUR"}"#, json!([7, "EUR"])),
    ] {
        store.enqueue(&[call(text)]).await.unwrap();
        let pushed: Value = serde_json::from_str(&db.list("queue:default").await[0]).unwrap();
        assert_eq!(pushed["args"], args, "{text}");
        assert_eq!(claim(&store, 1).await[0].arguments, text, "Rust reads what it wrote");
    }
    let error = store.enqueue(&[call(r#"{"id":7,"force":true}"#)]).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("jobs=active_job"), "{error}");
}

#[tokio::test]
async fn values_of_active_job_are_refused_in_jobs_of_sidekiq_itself() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let serialized =
        |kind: &str| json!({"_aj_serialized": format!("ActiveJob::Serializers::{kind}Serializer"), "value": "x"});
    for (value, words) in [
        (serialized("Symbol"), "a symbol"),
        (serialized("BigDecimal"), "a decimal"),
        (serialized("Date"), "a date"),
        (serialized("TimeWithZone"), "a time"),
        (serialized("Own"), "a value of a serializer"),
        (json!({"_aj_globalid": "gid://shop/Item/7"}), "a record"),
        (json!({"a": 1, "_aj_symbol_keys": ["a"]}), "symbols as keys"),
        (json!({"a": 1, "_aj_hash_with_indifferent_access": true}), "indifferent"),
    ] {
        for arguments in [json!({"deep": [{"x": value}]}), json!([value])] {
            let error = store.enqueue(&[NewJob::new(id(1), "HardJob", arguments.to_string())]).await.unwrap_err();
            assert!(error.is_invalid() && error.to_string().contains(words), "{arguments}: {error}");
            assert!(error.to_string().contains("jobs=active_job"), "{error}");
        }
    }
    let text = json!({"note": "a key such as _aj_symbol_keys"}).to_string();
    store.enqueue(&[NewJob::new(id(1), "HardJob", text)]).await.unwrap();
    assert_eq!(claim(&store, 10).await.len(), 1);
}

#[tokio::test]
async fn tags_of_a_job_are_labels_on_the_page_and_come_back() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut meta = Meta::default();
    meta.tags = vec!["vip".to_owned()];
    store.enqueue(&[job_with(1, |job| job.meta = meta.to_text())]).await.unwrap();
    let pushed: Value = serde_json::from_str(&db.list("queue:default").await[0]).unwrap();
    assert_eq!(pushed["tags"], json!(["vip"]));
    db.push("default", &payload(2, json!({"tags": ["ruby"]}))).await;
    let tags: Vec<_> = claim(&store, 2).await.iter().map(|execution| execution.meta().unwrap().tags).collect();
    assert_eq!(tags, [["vip"], ["ruby"]]);
}

#[tokio::test]
async fn locale_and_current_attributes_travel_in_both_directions() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let of_7 = db.by(db.clock.clone()).time_unit(TimeUnit::Seconds).connect().await.unwrap();
    let object = json!({"user_id": 7});
    let symbol = json!({"_aj_serialized": "ActiveJob::Serializers::SymbolSerializer", "value": "user_id"});
    let pairs = json!([[symbol, 7]]);
    // As Sidekiq 7 and Sidekiq 8 write current attributes.
    for cattr in [&object, &pairs] {
        db.push("default", &payload(1, json!({"locale": "de", "cattr": cattr, "cattr_1": cattr}))).await;
        let meta = claim(&store, 1).await[0].meta().unwrap();
        assert_eq!(meta.carried, json!({"locale": "de", "cattr": object, "cattr_1": object}));
        for (store, form) in [(&store, &pairs), (&of_7, &object)] {
            store.enqueue(&[job_with(1, |job| job.meta = meta.to_text())]).await.unwrap();
            let pushed: Value = serde_json::from_str(&db.list("queue:default").await[0]).unwrap();
            assert_eq!((&pushed["locale"], &pushed["cattr"], &pushed["cattr_1"]), (&json!("de"), form, form));
            assert_eq!(claim(store, 1).await.len(), 1);
        }
    }
}

#[tokio::test]
async fn names_become_classes_of_ruby_if_asked_for() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.by(db.clock.clone()).ruby_names().connect().await.unwrap();
    store.enqueue(&[NewJob::new(id(1), "process_payment", "[]")]).await.unwrap();
    assert!(db.list("queue:default").await[0].contains(r#""class":"ProcessPaymentJob""#));
    db.push("default", &payload(2, json!({"class": "Billing::ChargeJob"}))).await;
    let names: Vec<_> = claim(&store, 2).await.iter().map(|execution| execution.name.clone()).collect();
    assert_eq!(names, ["process_payment", "billing::charge"]);
}

#[tokio::test]
async fn queue_names_with_colons_and_dots_and_those_of_ruby_with_spaces_work() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store.enqueue(&[job_with(1, |job| "mail:eu.west".clone_into(&mut job.queue))]).await.unwrap();
    db.push("two words", &payload(2, json!({"queue": "two words"}))).await;
    let claimed = store.claim(&Claim::new(ME, vec![QueueSelector::All], 10)).await.unwrap();
    let mut queues: Vec<_> = claimed.iter().map(|execution| execution.queue.clone()).collect();
    queues.sort();
    assert_eq!(queues, ["mail:eu.west", "two words"]);
}

#[tokio::test]
async fn a_namespace_stands_in_front_of_every_key() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.by(db.clock.clone()).namespace("shop").connect().await.unwrap();
    store.enqueue(&[job(1), job_with(2, |job| job.due = Due::In(Duration::from_secs(60)))]).await.unwrap();
    assert_eq!(claim(&store, 10).await.len(), 1);
    let keys: Vec<String> = db.run(&["KEYS", "*"]).await;
    assert!(!keys.is_empty() && keys.iter().all(|key| key.starts_with("shop:")), "{keys:?}");
}

#[tokio::test]
async fn the_url_says_which_database_and_options() {
    let Some(db) = TestDb::new().await else { return };
    let url = format!("{}?names=ruby&version=7.3&namespace=ns&dead_max_jobs=50&dead_timeout=30d&batches=yes", db.url);
    let store = jobs_core::connect(&url).await.unwrap();
    store.enqueue(&[NewJob::new(id(1), "note", "[]")]).await.unwrap();
    let texts = db.list("ns:queue:default").await;
    assert!(
        texts[0].contains("NoteJob") && texts[0].contains("\"created_at\":1") && texts[0].contains('.'),
        "{texts:?}"
    );
    for (wrong, says) in [
        ("sidekiq+redis://h/0?name=ruby", "names"),
        ("sidekiq+redis://h/0?names=rubi", "ruby"),
        ("sidekiq+redis://h/0?dead_max_jobs=0", "dead_max_jobs"),
        ("sidekiq+redis://h/0?rails=5.2", "rails=7.2"),
        ("sidekiq+redis://h/0?rails=new", "rails=7.2"),
        ("sidekiq+redis://h/0?dead_max_jobs=1", "from 2 on"),
        ("sidekiq+redis://user:secret@h/zero", "database"),
    ] {
        let error = jobs_core::connect(wrong).await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains(says), "{wrong}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

/// How often scripts were called.
async fn script_calls(server: &OwnServer) -> u64 {
    let figures: String = server.run(&["INFO", "commandstats"]).await;
    let calls = figures.split_once("cmdstat_evalsha:calls=").map_or("0", |(_, it)| it);
    calls.split(',').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn callers_at_the_same_time_share_a_call_and_each_gets_its_answer() {
    let Some(server) = OwnServer::new().await else { return };
    let store = SidekiqOptions::from_url(&server.url()).unwrap().connect().await.unwrap();
    let before = script_calls(&server).await;
    let jobs: Vec<_> = (1..=50).map(|number| [job(number)]).collect();
    for (answer, [job]) in join_all(jobs.iter().map(|job| store.enqueue(job))).await.into_iter().zip(&jobs) {
        assert_eq!(answer.unwrap(), [Enqueued::New(job.id)]);
    }
    let calls = script_calls(&server).await - before;
    assert!(calls < 10, "{calls} calls for 50 callers");
    let stored: Vec<_> = store.claim(&Claim::new(ME, vec![QueueSelector::All], 100)).await.unwrap();
    assert!(stored.iter().map(Execution::id).eq(jobs.iter().map(|[job]| job.id)), "in the order of the callers");
}

#[tokio::test]
async fn a_claim_is_one_call_of_a_script() {
    let Some(server) = OwnServer::new().await else { return };
    let store = SidekiqOptions::from_url(&server.url()).unwrap().connect().await.unwrap();
    store.enqueue(&[job(1), job(2), job(3)]).await.unwrap();
    let before = script_calls(&server).await;
    assert_eq!(claim(&store, 10).await.len(), 3);
    assert_eq!(script_calls(&server).await - before, 1);
}

#[tokio::test]
async fn a_refused_job_fails_alone() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let () = db.run(&["SET", "queue:broken", "no list"]).await;
    let (good, refused) = ([job(1)], [job_with(2, |job| job.queue = "broken".into())]);
    let (stored, failed) = join(store.enqueue(&good), store.enqueue(&refused)).await;
    assert_eq!((stored.is_ok(), failed.is_ok()), (true, false));
    assert_eq!(db.list("queue:default").await.len(), 1);
}

#[tokio::test]
async fn a_caller_that_stops_waiting_leaves_the_jobs_of_others_stored() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let (left, kept) = ([job(1)], [job(2)]);
    assert!(store.enqueue(&left).now_or_never().is_none(), "it is dropped while it waits");
    store.enqueue(&kept).await.unwrap();
    let texts = db.list("queue:default").await;
    assert!(texts.iter().any(|text| text.contains("000000000000000000000002")), "{texts:?}");
}
