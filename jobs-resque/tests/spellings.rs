//! Texts of jobs that are not spelled as Ruby spells them: a job is the same before and after Ruby has written it again.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::time::Duration;

use common::TestDb;
use common::jobs::{claim, retry_in, settle};
use jobs_core::{Clock, Manage, Settled};
use jobs_resque::{DelayedJob, Keys, Payload};

const MINUTE: Duration = Duration::from_secs(60);

/// What other clients write, and what Ruby made of it: the gem `json` 2.7.2 and 3.1.0, and Active Support 7.2, as recorded.
const SPELLINGS: [(&str, [&str; 3]); 8] = [
    (r#"{"class": "Charge", "args": [1, 2]}"#, [r#"{"class":"Charge","args":[1,2]}"#; 3]),
    (r#"{"args":[{"b" : [ ]}],"class":"Charge"}"#, [r#"{"class":"Charge","args":[{"b":[]}]}"#; 3]),
    (
        r#"{"class":"Ch\u0061rge","args":["http:\/\/a","\u00e9 \ud83d\ude00 \u007f \u000B \" \\"]}"#,
        ["{\"class\":\"Charge\",\"args\":[\"http://a\",\"é 😀 \u{7f} \\u000b \\\" \\\\\"]}"; 3],
    ),
    (
        r#"{"class":"Charge","args":[1e16,1e-7,1e15,1e14,-0.0,-0,2.50,1e23,12345678901234567.0]}"#,
        [
            r#"{"class":"Charge","args":[1.0e+16,1.0e-07,1.0e+15,100000000000000.0,-0.0,0,2.5,1.0e+23,1.2345678901234568e+16]}"#,
            r#"{"class":"Charge","args":[1e+16,0.0000001,1e+15,100000000000000.0,-0.0,0,2.5,9.999999999999999e+22,1.2345678901234568e+16]}"#,
            r#"{"class":"Charge","args":[1.0e+16,1.0e-07,1.0e+15,100000000000000.0,-0.0,0,2.5,1.0e+23,1.2345678901234568e+16]}"#,
        ],
    ),
    (
        r#"{"class":"Charge","args":["<b>&\u2028\u2029",9007199254740993123]}"#,
        [
            "{\"class\":\"Charge\",\"args\":[\"<b>&\u{2028}\u{2029}\",9007199254740993123]}",
            "{\"class\":\"Charge\",\"args\":[\"<b>&\u{2028}\u{2029}\",9007199254740993123]}",
            r#"{"class":"Charge","args":["\u003cb\u003e\u0026\u2028\u2029",9007199254740993123]}"#,
        ],
    ),
    (
        r#"{"class":"Charge","args":["1.10 \" 1e5",1.10,{"2.50":"2.50"}]}"#,
        [r#"{"class":"Charge","args":["1.10 \" 1e5",1.1,{"2.50":"2.50"}]}"#; 3],
    ),
    (r#"{"class":"Charge"}"#, [r#"{"class":"Charge","args":[]}"#; 3]),
    (r#"{"class":"Charge","args":[{"b":1,"a":2,"\u0062":3}]}"#, [r#"{"class":"Charge","args":[{"b":3,"a":2}]}"#; 3]),
];

#[test]
fn what_ruby_finds_a_job_by_is_spelled_as_ruby_spells_it() {
    for (text, [of_ruby, ..]) in SPELLINGS {
        let payload = Payload::parse(text).unwrap();
        assert_eq!(payload.text_of_ruby(), of_ruby);
        let listed = DelayedJob::new(payload, "low").listed_text();
        if text.contains("args") {
            assert_eq!(
                Some(&*listed),
                of_ruby.strip_suffix('}').map(|head| format!(r#"{head},"queue":"low"}}"#)).as_deref()
            );
        }
    }
}

#[test]
fn a_job_of_ruby_has_one_id_however_its_text_is_spelled() {
    for (text, spellings) in SPELLINGS {
        let ids = spellings.map(|spelling| Payload::parse(spelling).unwrap().id());
        assert_eq!(ids, [Payload::parse(text).unwrap().id(); 3], "{text}");
    }
}

#[tokio::test]
async fn attempts_count_on_when_ruby_spells_the_retry_in_another_way() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for (text, spellings) in SPELLINGS {
        db.push("low", text).await;
        let mut id = None;
        for (attempt, spelling) in (1..).zip(spellings) {
            let execution = claim(&store, 1).await.pop().expect("it is ready");
            assert_eq!(execution.attempt, attempt, "{text}");
            assert_eq!(*id.get_or_insert(execution.id()), execution.id(), "it is the same job: {text}");
            assert_eq!(settle(&store, execution, retry_in(MINUTE)).await, Settled::Applied);
            db.clock.advance(MINUTE);
            moved_by_ruby(&db, spelling).await;
        }
        let last = claim(&store, 1).await.pop().expect("it is ready");
        assert_eq!((last.attempt, Some(last.id())), (4, id), "{text}");
        assert_eq!(settle(&store, last, common::jobs::FINISH).await, Settled::Applied);
    }
    let keys: Vec<String> = db.run(&["KEYS", "resque:jobs_rs:waiting:*"]).await;
    assert_eq!(keys, Vec::<String>::new(), "nothing is left beside the jobs");
}

/// The only delayed job is moved as resque-scheduler moves it, with this text.
async fn moved_by_ruby(db: &TestDb, spelling: &str) {
    let keys = Keys::default();
    let second = DelayedJob::second_of(db.clock.now());
    let texts = db.list(&keys.delayed(second)).await;
    assert_eq!(texts.len(), 1);
    db.push("low", spelling).await;
    let _: i64 = db.run(&["DEL", &keys.delayed(second), &keys.delayed_schedule(), &keys.timestamps(&texts[0])]).await;
}

#[tokio::test]
async fn jobs_whose_texts_differ_in_digits_alone_keep_what_is_known_of_each() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    let mut ids = Vec::new();
    for version in ["1.1", "1.10"] {
        db.push("low", &format!(r#"{{"class":"Build","args":["{version}"]}}"#)).await;
        let execution = claim(&store, 1).await.pop().unwrap();
        ids.push(execution.id());
        assert_eq!(settle(&store, execution, retry_in(MINUTE)).await, Settled::Applied);
    }
    db.clock.advance(MINUTE);
    db.push("low", r#"{"class":"Build","args":["1.10"]}"#).await;
    let execution = claim(&store, 1).await.pop().unwrap();
    assert_eq!((execution.id(), &*execution.arguments, execution.attempt), (ids[1], r#"["1.10"]"#, 2));
}

#[tokio::test]
async fn a_waiting_job_of_another_spelling_is_cancelled_with_all_that_is_known_of_it() {
    let Some(db) = TestDb::new().await else { return };
    let store = db.open().await;
    for (text, _) in SPELLINGS {
        db.push("low", text).await;
        let execution = claim(&store, 1).await.pop().unwrap();
        let id = execution.id();
        assert_eq!(settle(&store, execution, retry_in(MINUTE)).await, Settled::Applied);
        assert_eq!(store.discard(&[id]).await.unwrap(), 1, "{text}");
        let keys: Vec<String> = db.run(&["KEYS", "resque:*:{*"]).await;
        assert_eq!(keys, Vec::<String>::new());
    }
}
