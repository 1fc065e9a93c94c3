//! Failure records that Rust writes, and those that are damaged.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use jobs_core::{ErrorRecord, Timestamp};
use jobs_resque::{FailureRecord, Payload};

const NOW: Timestamp = Timestamp::from_micros(1_795_970_714_250_000);
const WORKER: &str = "worker-1-rust:42-0:payments";

fn record(error: &ErrorRecord) -> FailureRecord {
    let payload = Payload::parse(r#"{"class":"Charge","args":[1,{"a":2}]}"#).unwrap();
    FailureRecord::new(&payload, error, WORKER, "payments", NOW)
}

#[test]
fn a_record_of_rust_has_the_keys_of_resque_in_their_order() {
    let mut error = ErrorRecord::new("shop::PaymentError", "declined: é \"quoted\"");
    error.causes = vec!["the card expired".to_owned()];
    let expected = concat!(
        r#"{"failed_at":"2026/11/29 16:45:14 UTC","payload":{"class":"Charge","args":[1,{"a":2}]},"#,
        r#""exception":"shop::PaymentError","error":"declined: é \"quoted\"","backtrace":["the card expired"],"#,
        r#""worker":"worker-1-rust:42-0:payments","queue":"payments"}"#
    );
    assert_eq!(record(&error).text(), expected);
}

#[test]
fn an_error_without_causes_has_an_empty_backtrace_and_always_a_class() {
    let text = record(&ErrorRecord::new("", "")).text();
    assert!(text.contains(r#""exception":"jobs::Error","error":"","backtrace":[],"#), "{text}");
}

#[test]
fn a_retried_record_has_the_time_of_the_retry_and_stays_as_it_was() {
    let record = record(&ErrorRecord::new("E", "m"));
    let before = record.text();
    let text = record.retried(NOW).text();
    let end = r#","retried_at":"2026/11/29 16:45:14 UTC"}"#;
    assert_eq!(text, before.strip_suffix('}').unwrap().to_owned() + end);
    let read = FailureRecord::parse(&text).unwrap();
    assert_eq!(read.retried_at(), read.failed_at());
    let later = Timestamp::from_micros(NOW.as_micros() + 60_000_000);
    assert!(read.retried(later).text().ends_with(r#""retried_at":"2026/11/29 16:46:14 UTC"}"#));
}

#[test]
fn a_text_that_is_no_job_is_a_record_with_class_and_args_and_comes_back() {
    for text in [&b"no json"[..], b"{\"class\":", b"\xff\xfe{", b"", "größe".as_bytes()] {
        let error = ErrorRecord::new("jobs::Corrupt", "this is not a job of Resque");
        let record = FailureRecord::of_unreadable(text, &error, WORKER, "payments", NOW);
        let read = FailureRecord::parse(&record.text()).unwrap();
        assert_eq!(read.unreadable().as_deref(), Some(text));
        assert!(read.payload().is_ok() && read.failed_at().is_some(), "{}", record.text());
    }
}

#[test]
fn a_damaged_record_is_read_as_far_as_it_can_be() {
    for text in ["{}", r#"{"payload":null,"backtrace":null,"failed_at":"soon","worker":7}"#] {
        let record = FailureRecord::parse(text).unwrap();
        assert_eq!((record.failed_at(), record.worker(), record.unreadable()), (None, None, None));
        assert!(record.payload().unwrap_err().is_corrupt() && record.error().causes.is_empty());
    }
    assert!(FailureRecord::parse("null").unwrap_err().is_corrupt());
}
