//! What Rust writes for Resque, and what it reads of Ruby's jobs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::time::Duration;

use jobs_active_job::Rails;
use jobs_core::{ClaimToken, Due, ErrorRecord, JobId, NewJob, ProcessId, State, Timestamp};
use jobs_resque::{DelayedJob, Payload};
use serde_json::Value;

const NOW: Timestamp = Timestamp::from_micros(1_795_970_714_250_000);

fn id() -> JobId {
    "0192f0c1-2b7a-7000-8000-000000000abc".parse().unwrap()
}

fn job(arguments: &str) -> NewJob {
    let mut job = NewJob::new(id(), "charge", arguments);
    "payments".clone_into(&mut job.queue);
    job
}

#[test]
fn a_job_for_a_class_of_ruby_has_two_keys_in_the_order_of_resque() {
    let payload = Payload::of_ruby(&job(r#"{"order":42,"note":"é / <b>"}"#), "Charge").unwrap();
    assert_eq!(payload.text(), r#"{"class":"Charge","args":[42,"é / <b>"]}"#);
    assert!(!payload.is_ours());
}

#[test]
fn a_job_for_rust_keeps_id_names_and_metadata_in_a_third_key() {
    let mut new = job(r#"{"order":42}"#);
    (new.priority, new.version, new.meta) = (5, 2, Some(r#"{"tags":["a"]}"#.to_owned()));
    new.due = Due::At(NOW + Duration::from_millis(1_500));
    let text = Payload::of_job(&new, "charge", NOW).unwrap().text();
    assert!(text.starts_with(r#"{"class":"charge","args":[42],"jobs_rs":{"#), "{text}");
    let read = Payload::parse(&text).unwrap();
    let record = read.record("payments", State::Scheduled);
    assert_eq!((record.id, record.name.as_str(), record.arguments.as_str()), (id(), "charge", r#"{"order":42}"#));
    assert_eq!((record.priority, record.version, record.meta), (5, 2, new.meta));
    assert_eq!((record.enqueued_at, record.due_at), (NOW, NOW + Duration::from_millis(1_500)));
    assert_eq!(read.text_of_ruby(), r#"{"class":"charge","args":[42]}"#);
}

#[test]
fn a_job_without_args_or_with_null_runs_without_arguments() {
    for text in [r#"{"class":"Charge"}"#, r#"{"class":"Charge","args":null}"#, r#"{"class":"Charge","args":[]}"#] {
        let payload = Payload::parse(text).unwrap();
        assert_eq!((payload.arguments().as_str(), payload.text().as_str()), ("[]", text));
    }
}

#[test]
fn what_is_no_job_is_refused_without_showing_its_arguments() {
    let wrapper = format!(r#"{{"class":"{}","args":["secret"]}}"#, jobs_resque::WRAPPER);
    let texts =
        ["", "secret", "[\"secret\"]", r#"{"args":["secret"]}"#, r#"{"class":" ","args":["secret"]}"#, &wrapper];
    let args = [r#"{"class":"Charge","args":{"a":"secret"}}"#, r#"{"class":"Charge","args":"secret"}"#];
    for text in texts.into_iter().chain(args) {
        let error = Payload::parse(text).unwrap_err();
        assert!(error.is_corrupt() && !format!("{error} {error:?}").contains("secret"), "{text}: {error:?}");
    }
}

#[test]
fn equal_jobs_of_ruby_have_one_id_in_a_queue_and_in_the_schedule() {
    let one = Payload::parse(r#"{"class":"Charge","args":[1]}"#).unwrap();
    let other = Payload::parse(r#"{"class":"Charge","args":[2]}"#).unwrap();
    assert_ne!(one.id(), other.id());
    let delayed = DelayedJob::parse(r#"{"class":"Charge","args":[1],"queue":"low"}"#).unwrap();
    assert_eq!((delayed.payload.id(), delayed.queue.as_str()), (one.id(), "low"));
}

#[test]
fn failures_are_counted_with_their_errors_and_all_else_stays() {
    let text = r#"{"class":"Charge","args":[1e2,9007199254740993123],"other":{ "a" : 1 }}"#;
    let mut error = ErrorRecord::new("shop::PaymentError", "declined");
    error.attempt = 1;
    let once = Payload::parse(text).unwrap().failed(&error);
    error.attempt = 2;
    let twice = Payload::parse(&once.text()).unwrap().failed(&error);
    assert_eq!((twice.failures(), twice.errors().len()), (2, 2));
    assert!(twice.text().starts_with(text.strip_suffix('}').unwrap()), "{}", twice.text());
    let token = ClaimToken::new(twice.id(), ProcessId::new(7), 1);
    assert_eq!(twice.execution(token, "payments").attempt, 3);
}

#[test]
fn a_delayed_job_has_class_args_and_queue_first_and_comes_back() {
    let payload = Payload::of_ruby(&job("[1]"), "Charge").unwrap();
    assert_eq!(DelayedJob::new(payload, "low").text(), r#"{"class":"Charge","args":[1],"queue":"low"}"#);
    let ours = Payload::of_job(&job("[1]"), "charge", NOW).unwrap();
    let delayed = DelayedJob::new(ours.clone(), "payments");
    let read = DelayedJob::parse(&delayed.text()).unwrap();
    assert_eq!((read.payload.text(), read.payload.id()), (ours.text(), id()));
    assert_eq!(DelayedJob::second_of(NOW), 1_795_970_714, "the fraction is cut off");
    assert!(DelayedJob::parse(r#"{"class":"Charge","args":[1]}"#).unwrap_err().is_corrupt());
}

#[test]
fn a_job_of_active_job_keeps_its_id_over_retries_and_its_executions_rise() {
    let new = job(r#"{"order":42}"#);
    let payload = Payload::of_active_job(&new, "ChargeJob", NOW, Rails::V7_1).unwrap();
    let first = Payload::parse(&payload.text()).unwrap();
    assert_eq!((first.id(), first.name().as_str(), first.failures()), (id(), "ChargeJob", 0));
    assert_eq!(first.received_at(), Some(NOW));
    let due = NOW + Duration::from_secs(3);
    let meta = r#"{"exception_executions":{"[Declined]":1}}"#;
    let again = first.enqueued_again("slow", Some(meta), NOW, due, Rails::V7_1);
    let again = Payload::parse(&again.text()).unwrap();
    assert_eq!((again.id(), again.failures(), again.due_at()), (id(), 1, Some(due)));
    let value: Value = serde_json::from_str(&again.text()).unwrap();
    assert_eq!(value["class"], jobs_resque::WRAPPER);
    assert_eq!((&value["args"][0]["queue_name"], &value["args"][0]["executions"]), (&"slow".into(), &1.into()));
    assert_eq!(value["args"][0]["exception_executions"]["[Declined]"], 1);
}
