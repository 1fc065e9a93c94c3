//! Stored arguments and how they are read.

use std::io;

use jobs::prelude::*;
use jobs::{BoxError, Event, State};
use serde_json::Value;

use crate::fixture::{CallLog, Fixture, id};

#[job]
async fn send_mail(
    to: String,
    subject: Option<String>,
    #[default = 3] copies: u32,
    #[default] urgent: bool,
    #[serde(rename = "replyTo")] reply_to: Option<String>,
    calls: &CallLog,
) -> Result<(), io::Error> {
    calls.add(format!("{to} {subject:?} {copies} {urgent} {reply_to:?}"));
    Ok(())
}

/// Runs a job of these stored arguments; what it was given.
async fn given(arguments: &str) -> String {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let id = fixture.store_raw("send_mail", arguments, |_| {}).await;
    let _running = fixture.builder_logging(&calls, jobs::jobs![SendMail]).build().await.unwrap().start().await.unwrap();
    fixture.reaches(id, State::Finished).await;
    calls.all().concat()
}

#[tokio::test]
async fn missing_stored_arguments_are_none_or_the_default() {
    assert_eq!(given(r#"{"to":"ada"}"#).await, "ada None 3 false None");
    assert_eq!(given(r#"{"to":"ada","subject":null,"copies":1}"#).await, "ada None 1 false None");
}

#[tokio::test]
async fn stored_arguments_may_come_in_any_order_and_with_unknown_keys() {
    let stored = r#"{"urgent":true,"replyTo":"eve","later":[1],"subject":"hi","copies":9,"to":"bob"}"#;
    assert_eq!(given(stored).await, r#"bob Some("hi") 9 true Some("eve")"#);
}

#[tokio::test]
async fn stored_arguments_may_be_positional() {
    assert_eq!(given(r#"["bob","hi",2,true,null]"#).await, r#"bob Some("hi") 2 true None"#);
}

#[tokio::test]
async fn arguments_are_stored_by_name_and_renamed_as_serde_says() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![SendMail]).build().await.unwrap().start().await.unwrap();
    let job = SendMail::new("ada", None, Some("eve".to_owned())).urgent(true);
    let id = id(job.enqueue().on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Finished).await;
    let stored: Value = serde_json::from_str(&record.arguments).unwrap();
    let expected = serde_json::json!({"to": "ada", "subject": null, "copies": 3, "urgent": true, "replyTo": "eve"});
    assert_eq!(stored, expected);
    assert_eq!(calls.all(), [r#"ada None 3 true Some("eve")"#]);
}

/// Once took one name, then two.
#[job(name = "greet", aliases("hello", "Greetings::HelloJob"), version = 3, upgrade = bring_up_to_date)]
async fn greet_people(first: String, last: String, calls: &CallLog) -> Result<(), io::Error> {
    calls.add(format!("{first} {last}"));
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "an upgrade owns what it turns")]
fn bring_up_to_date(arguments: Value, version: u32) -> Result<Value, BoxError> {
    let name = arguments.get("name").and_then(Value::as_str).ok_or("there is no name")?;
    let (first, last) = name.split_once(if version == 1 { ' ' } else { ',' }).ok_or("there is no last name")?;
    Ok(serde_json::json!({"first": first, "last": last}))
}

async fn greeted(name: &str, version: u32, arguments: &str, end: State) -> (Vec<String>, jobs::store::JobRecord) {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let id = fixture.store_raw(name, arguments, |new| new.version = version).await;
    let _running =
        fixture.builder_logging(&calls, jobs::jobs![GreetPeople]).build().await.unwrap().start().await.unwrap();
    let record = fixture.reaches(id, end).await;
    (calls.all(), record)
}

#[tokio::test]
async fn arguments_of_each_older_version_are_upgraded() {
    for (version, stored) in [(1, r#"{"name":"Ada King"}"#), (2, r#"{"name":"Ada,King"}"#)] {
        assert_eq!(greeted("greet", version, stored, State::Finished).await.0, ["Ada King"]);
    }
    assert_eq!(greeted("greet", 3, r#"["Ada","King"]"#, State::Finished).await.0, ["Ada King"]);
}

#[tokio::test]
async fn arguments_that_cannot_be_upgraded_fail_with_the_upgrade_error_before_the_body() {
    let (calls, record) = greeted("greet", 1, r#"{"name":"Ada"}"#, State::Failed).await;
    assert!(calls.is_empty());
    let words = &record.errors[0].message;
    assert!(words.contains("from version 1 to 3") && words.contains("there is no last name"), "{words}");
    assert_eq!(record.arguments, r#"{"name":"Ada"}"#, "the stored arguments stay as they were");
}

#[tokio::test]
async fn arguments_of_a_newer_version_are_never_guessed_at_and_wait_for_a_newer_program() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let newer = r#"{"first":"Ada","last":"King"}"#;
    let id = fixture.store_raw("greet", newer, |new| new.version = 4).await;
    let _running =
        fixture.builder_logging(&calls, jobs::jobs![GreetPeople]).build().await.unwrap().start().await.unwrap();
    fixture.saw(id, |event| matches!(event, Event::VersionUnknown(event) if event.version == 4)).await;
    let record = fixture.reaches(id, State::Scheduled).await;
    assert!(calls.all().is_empty());
    assert_eq!((record.arguments.as_str(), record.version, record.attempts), (newer, 4, 0));
    assert!(record.errors.is_empty(), "nothing failed");
}

#[tokio::test]
async fn a_job_stored_under_an_older_name_runs() {
    for name in ["hello", "Greetings::HelloJob"] {
        let (calls, record) = greeted(name, 3, r#"["Ada","King"]"#, State::Finished).await;
        assert_eq!((calls.concat().as_str(), record.name.as_str()), ("Ada King", name));
    }
}

#[tokio::test]
async fn a_new_job_is_stored_under_its_fixed_name_and_current_version() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![GreetPeople]).build().await.unwrap().client();
    let record = fixture.record(id(GreetPeople::perform_later("Ada", "King").on(&jobs).await.unwrap())).await;
    assert_eq!((record.name.as_str(), record.version), ("greet", 3));
}

#[tokio::test]
async fn arguments_that_are_not_json_or_incomplete_fail_the_job_with_a_message() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let _running = fixture.builder_logging(&calls, jobs::jobs![SendMail]).build().await.unwrap().start().await.unwrap();
    for stored in ["", "{", "null", "[]", r#"{"to":"a""#, r#"{"to":7}"#, "{} {}", &"[".repeat(100_000)] {
        let id = fixture.store_raw("send_mail", stored, |_| {}).await;
        let record = fixture.reaches(id, State::Failed).await;
        let error = &record.errors[0];
        assert!(error.message.contains("the arguments cannot be read"), "{error:?}");
        assert_eq!(error.class, "jobs::DeserializeError", "{error:?}");
    }
    assert!(calls.all().is_empty());
}
