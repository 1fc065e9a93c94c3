//! A claimed job lies in a hash of ours until it is settled, and is never in two hands.
#![allow(clippy::panic, clippy::similar_names, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{ME, OTHER, claim, payload, run, settle};
use jobs_core::{
    Claim, ClaimToken, Decision, Filter, Inspect, Manage, QueueClaim, QueueSelector, Recovery, Settled, Settlement,
    State, Store,
};
use serde_json::json;

const FINISH: Decision = Decision::Finish { keep: false };

#[tokio::test]
async fn the_right_end_of_a_queue_is_claimed_first() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for number in 1..=3 {
        db.push("default", &payload(number, json!({}))).await;
    }
    let given_back = payload(9, json!({}));
    let _: () = db.run(&["RPUSH", "queue:default", &given_back]).await;
    let arguments: Vec<_> = claim(&store, 10).await.iter().map(|execution| execution.arguments.clone()).collect();
    assert_eq!(arguments, ["[9]", "[1]", "[2]", "[3]"]);
}

#[tokio::test]
async fn a_lower_queue_is_served_when_those_before_it_are_empty() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for number in 1..=3 {
        db.push("low", &payload(number, json!({}))).await;
        db.push("high", &payload(10 + number, json!({}))).await;
    }
    let selectors: Vec<QueueSelector> = vec!["high".parse().unwrap(), "low".parse().unwrap()];
    let claimed = store.claim(&Claim::new(ME, selectors, 4)).await.unwrap();
    let queues: Vec<_> = claimed.iter().map(|execution| execution.queue.as_str()).collect();
    assert_eq!(queues, ["high", "high", "high", "low"]);
}

#[tokio::test]
async fn each_selector_gives_at_most_its_own_limit() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for number in 1..=10 {
        db.push("mail_a", &payload(number, json!({}))).await;
        db.push("mail_b", &payload(10 + number, json!({}))).await;
        db.push("other", &payload(20 + number, json!({}))).await;
    }
    let limited = |word: &str, limit| QueueClaim::new(word.parse().unwrap(), limit);
    let claims = [limited("mail_a", 1), limited("mail_*", 2), limited("*", 3)];
    let claimed = store.claim(&Claim::limited(ME, claims.to_vec(), 5)).await.unwrap();
    let count = |queue: &str| claimed.iter().filter(|execution| execution.queue == queue).count();
    assert_eq!((count("mail_a"), count("mail_b"), count("other")), (1, 2, 2));
}

#[tokio::test]
async fn a_paused_queue_of_sidekiq_gives_nothing() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("mail", &payload(1, json!({}))).await;
    let _: () = db.run(&["SADD", "paused", "mail"]).await;
    assert_eq!(claim(&store, 10).await.len(), 0);
    assert!(store.resume("mail").await.unwrap());
    assert_eq!(claim(&store, 10).await.len(), 1);
}

#[tokio::test]
async fn the_jobs_of_a_killed_process_go_back_with_their_bytes() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let texts: Vec<String> = (1..=3).map(|number| payload(number, json!({"cattr": [[1, {}], []]}))).collect();
    for text in &texts {
        db.push("default", text).await;
    }
    let before = db.list("queue:default").await;
    assert_eq!(claim(&store, 2).await.len(), 2);
    // A person deletes the queue on Sidekiq's page meanwhile.
    let _: () = db.run(&["SREM", "queues", "default"]).await;
    let recovered = db.open().await.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap();
    assert_eq!(recovered.ready.len(), 2);
    assert_eq!(db.list("queue:default").await, before, "at the right end, in their order, byte for byte");
    let queues: Vec<String> = db.run(&["SMEMBERS", "queues"]).await;
    assert_eq!(queues, ["default"]);
}

#[tokio::test]
async fn of_equal_texts_a_settlement_takes_one() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for _ in 0..2 {
        db.push("default", &payload(1, json!({}))).await;
    }
    let mut claimed = claim(&store, 2).await;
    assert_eq!(settle(&store, claimed.pop().unwrap(), FINISH).await, Settled::Applied);
    assert_eq!(store.counts().await.unwrap().of(State::Claimed), 1);
    assert_eq!(settle(&store, claimed.pop().unwrap(), FINISH).await, Settled::Applied);
    assert_eq!(store.counts().await.unwrap().total(), 0);
}

#[tokio::test]
async fn a_token_for_another_job_is_stale_also_in_another_handle() {
    let Some(db) = TestDb::new().await else { return };
    let (store, other) = (db.open().await, db.open().await);
    db.push("default", &payload(1, json!({}))).await;
    let token = claim(&store, 1).await[0].token;
    let forged = ClaimToken::new(jobs_testing::plain::id(5), ME, token.claim);
    let stolen = ClaimToken::new(token.job, OTHER, token.claim);
    for (handle, token) in [(&store, forged), (&other, forged), (&store, stolen), (&other, stolen)] {
        assert_eq!(handle.settle(&[Settlement::new(token, FINISH)]).await.unwrap(), [Settled::Stale]);
    }
    assert_eq!(other.settle(&[Settlement::new(token, FINISH)]).await.unwrap(), [Settled::Applied]);
}

#[tokio::test]
async fn what_is_no_payload_is_dead_in_a_form_that_pages_show_and_stops_no_other() {
    let texts = [
        "this is { not JSON",
        "[1,2]",
        "\"text\"",
        "7",
        r#"{"class":"HardJob","args":{"a":1}}"#,
        r#"{"args":[]}"#,
        "{}",
    ];
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for text in texts {
        db.push("default", text).await;
    }
    let _: () = redis::cmd("LPUSH")
        .arg("queue:default")
        .arg(&b"\xff\xfe"[..])
        .query_async(&mut db.connection().await)
        .await
        .unwrap();
    db.push("default", &payload(1, json!({}))).await;
    let claimed = claim(&store, 100).await;
    assert_eq!(claimed.len(), 1);
    let dead: Vec<String> = db.run(&["ZRANGE", "dead", "0", "-1"]).await;
    assert_eq!(dead.len(), texts.len() + 1);
    let (unchanged, shown): (Vec<_>, Vec<_>) = dead.iter().partition(|text| *text == texts[0]);
    assert_eq!((unchanged.len(), shown.len()), (1, texts.len()), "what is not JSON is shown as it is");
    for text in &shown {
        let entry: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(
            ["class", "jid", "queue"].iter().all(|key| entry[key].is_string()) && entry["args"].is_array(),
            "{text}"
        );
    }
    let kept = |text: &str| {
        let argument = serde_json::to_string(text).unwrap();
        shown.iter().any(|entry| entry.contains(&argument))
    };
    assert!(texts[1..5].iter().all(|text| kept(text)), "the text is the argument: {shown:?}");
    let listed = store.list(&Filter::state(State::Failed)).await.unwrap();
    assert!(listed.len() == dead.len() && listed.iter().all(|job| !job.errors.is_empty()), "each says why");
    let ids: Vec<_> = listed.iter().map(|job| job.id).collect();
    assert_eq!(store.discard(&ids).await.unwrap(), dead.len() as u64, "and can be removed");
    let processed: Option<String> = db.run(&["GET", "stat:processed"]).await;
    assert_eq!(processed, None);
}

#[tokio::test]
async fn a_job_of_a_batch_goes_back_to_the_ruby_processes() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let text = payload(1, json!({"bid": "b-1"}));
    db.push("default", &text).await;
    assert_eq!(claim(&store, 1).await.len(), 0);
    let waiting: Vec<String> = db.run(&["ZRANGE", "schedule", "0", "-1"]).await;
    assert_eq!(waiting, [text.as_str()], "unchanged, and not at once");
    let brave = db.by(db.clock.clone()).perform_batches(true).connect().await.unwrap();
    db.push("default", &text).await;
    assert_eq!(claim(&brave, 1).await.len(), 1);
}

#[tokio::test]
async fn unknown_keys_are_kept_through_every_move() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let more = json!({"traceparent": "00-1", "cattr": {"locale": [1.0, null]}, "unique_for": 60, "lock_args": [[]]});
    let mut text = payload(1, more);
    text.insert_str(text.len() - 1, r#","big":123456789012345678901234567890,"float":1.0e+20,"esc":"\u00e9\/""#);
    db.push("default", &text).await;
    let kept = [
        r#""big":123456789012345678901234567890"#,
        r#""float":1.0e+20"#,
        r#""esc":"\u00e9\/""#,
        r"[1.0,null]",
        r#""lock_args":[[]]"#,
    ];
    run(&store, common::jobs::fail("one")).await;
    db.clock.advance(Duration::from_secs(3600));
    assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
    run(&store, Decision::Release).await;
    run(&store, Decision::Continue { wait: Duration::ZERO, meta: None }).await;
    assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
    let texts = db.list("queue:default").await;
    assert!(kept.iter().all(|kept| texts[0].contains(kept)), "{texts:?}");
}

#[tokio::test]
async fn a_job_that_no_program_knows_goes_back_as_it_was() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let text = payload(1, json!({}));
    db.push("default", &text).await;
    // What a worker decides for a name that it does not know.
    run(&store, Decision::Continue { wait: Duration::from_secs(60), meta: None }).await;
    let (member, score) = db.only("schedule").await;
    assert!((score - 1_767_225_660.0).abs() < 1e-3);
    let mut expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    expected.as_object_mut().unwrap().remove("enqueued_at");
    assert_eq!(member, expected, "no attempt, no error, no key of ours");
}

#[tokio::test]
async fn an_interrupted_iterable_job_of_ruby_goes_back_with_its_state() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("default", &payload(1, json!({"class": "ImportJob"}))).await;
    let key = format!("it-{:024x}", 1);
    let _: () = db.run(&["HSET", &key, "ex", "2", "c", "[41]", "rt", "12.5"]).await;
    // What a worker decides for a name that it does not know.
    run(&store, Decision::Continue { wait: Duration::from_secs(60), meta: None }).await;
    db.clock.advance(Duration::from_secs(60));
    assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
    assert_eq!(db.list("queue:default").await.len(), 1);
    let state: Vec<String> = db.run(&["HMGET", &key, "ex", "c", "rt"]).await;
    assert_eq!(state, ["2", "[41]", "12.5"]);
}

#[tokio::test]
async fn an_interrupted_job_is_at_the_left_end_with_its_jid_when_it_goes_on() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    db.push("default", &payload(1, json!({}))).await;
    run(&store, Decision::Continue { wait: Duration::ZERO, meta: None }).await;
    db.push("default", &payload(2, json!({}))).await;
    assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
    let texts = db.list("queue:default").await;
    let first: serde_json::Value = serde_json::from_str(&texts[0]).unwrap();
    assert_eq!((texts.len(), &first["jid"]), (2, &json!(format!("{:024x}", 1))));
}

#[tokio::test]
async fn the_next_dispatch_is_at_the_time_of_the_next_job_of_either_set() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    assert_eq!(store.dispatch(10).await.unwrap().next_in, None);
    for (set, score) in [("schedule", "1767225690.5"), ("retry", "1767225630.25")] {
        let _: () = db.run(&["ZADD", set, score, &payload(1, json!({}))]).await;
        let _: () = db.run(&["ZADD", set, "1767229999", &payload(2, json!({}))]).await;
    }
    for wait in [Duration::from_millis(30_250), Duration::from_millis(60_250)] {
        let dispatched = store.dispatch(10).await.unwrap();
        assert_eq!(dispatched.next_in, Some(wait), "a process sleeps no longer than that");
        db.clock.advance(wait);
        assert_eq!(store.dispatch(1).await.unwrap().ready, 1);
    }
}

#[tokio::test]
async fn a_job_that_names_no_queue_comes_back_to_the_queue_it_was_claimed_from() {
    for more in [json!({}), json!({"bid": "b-1"})] {
        let Some(db) = TestDb::new().await else { return };
        let store = db.open().await;
        let mut text: serde_json::Value = serde_json::from_str(&payload(1, more.clone())).unwrap();
        text.as_object_mut().unwrap().remove("queue");
        db.push("mail", &text.to_string()).await;
        for execution in claim(&store, 1).await {
            let decision = Decision::Continue { wait: Duration::from_secs(60), meta: None };
            assert_eq!(settle(&store, execution, decision).await, Settled::Applied);
        }
        assert_eq!(db.only("schedule").await.0["queue"], json!("mail"), "{more}");
    }
}

#[tokio::test]
async fn runs_are_counted_for_the_dashboard_as_sidekiq_does() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for number in 1..=4 {
        db.push("default", &payload(number, json!({}))).await;
    }
    run(&store, FINISH).await;
    run(&store, common::jobs::fail("one")).await;
    run(&store, Decision::Release).await;
    let count = async |key: &str| db.run::<Option<String>>(&["GET", key]).await.unwrap_or_default();
    for (key, expected) in [("stat:processed", "2"), ("stat:failed", "1")] {
        assert_eq!(count(key).await, expected, "{key}");
        let day = format!("{key}:2026-01-01");
        assert_eq!(count(&day).await, expected, "{day}");
        let expires: i64 = db.run(&["TTL", &day]).await;
        assert!((157_679_000..=157_680_000).contains(&expires), "five years: {expires}");
    }
}

#[tokio::test]
async fn a_due_job_with_a_leftover_at_moves_once_and_one_without_keys_is_completed() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let text = payload(1, json!({"at": 1_767_225_000.5}));
    let _: () =
        db.run(&["ZADD", "schedule", "1767225000", &text, "1767225001", r#"{"class":"HardJob","args":[]}"#]).await;
    let _: () = db.run(&["ZADD", "schedule", "1767225002", "no payload"]).await;
    assert_eq!(store.dispatch(10).await.unwrap().ready, 3);
    assert_eq!(db.set("schedule").await.len(), 0);
    let texts = db.list("queue:default").await;
    assert!(texts.len() == 2 && texts.iter().all(|text| !text.contains("\"at\":")), "{texts:?}");
    for key in ["jid", "queue", "retry", "created_at", "enqueued_at"] {
        assert!(texts[0].contains(key), "{key}: {}", texts[0]);
    }
    let dead: Vec<String> = db.run(&["ZRANGE", "dead", "0", "-1"]).await;
    assert_eq!(dead, ["no payload"], "Sidekiq would lose it");
}

#[tokio::test]
async fn a_job_is_found_by_its_jid_wherever_it_is() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    store
        .enqueue(&[jobs_core::NewJob::new("0192f0c1-2b7a-7000-8000-000000000abc".parse().unwrap(), "note", "[]")])
        .await
        .unwrap();
    let jid: jobs_core::JobId = "2b7a70008000000000000abc".parse().unwrap();
    for state in [State::Ready, State::Claimed, State::Failed] {
        assert_eq!(store.find(jid).await.unwrap().map(|job| job.state), Some(state));
        match state {
            State::Ready => assert_eq!(claim(&store, 1).await.len(), 1),
            State::Claimed => {
                store.recover(&Recovery::new(Duration::ZERO, 1)).await.unwrap();
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_deleted_queue_does_not_disturb_a_worker_that_has_a_job_of_it() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for number in 1..=3 {
        db.push("default", &payload(number, json!({}))).await;
    }
    let held = claim(&store, 1).await.pop().unwrap();
    // What the page does to delete one entry, then the queue.
    let removed: i64 = db.run(&["LREM", "queue:default", "1", &payload(2, json!({}))]).await;
    assert_eq!((removed, db.list("queue:default").await.len()), (1, 1));
    let _: () = db.run(&["UNLINK", "queue:default"]).await;
    let _: () = db.run(&["SREM", "queues", "default"]).await;
    assert_eq!(settle(&store, held, FINISH).await, Settled::Applied);
}
