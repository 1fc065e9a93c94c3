//! The envelope of a job.

use jobs_active_job::{Rails, SerializedJob};
use jobs_core::Timestamp;

const FAILED_ONCE: &str = r#"{"job_class":"Foo","job_id":"bbca5b17-63bb-4081-9912-fdb340f615d4","provider_job_id":"abc","queue_name":"default","priority":null,"arguments":[],"executions":1,"exception_executions":{"[StandardError]":1},"locale":"en","timezone":null,"enqueued_at":"2026-11-24T05:47:42.997984989Z","scheduled_at":"2026-11-24T05:47:42.997729813Z"}"#;

#[test]
fn all_fields_of_a_job_are_read() {
    let job = SerializedJob::parse(FAILED_ONCE).unwrap();
    assert_eq!(job.class().as_deref(), Some("Foo"));
    assert_eq!(job.provider_job_id().as_deref(), Some("abc"));
    assert_eq!((job.queue().as_deref(), job.priority(), job.executions()), (Some("default"), None, 1));
    assert_eq!(job.exception_executions().get("[StandardError]"), Some(&1));
    assert_eq!((job.locale().as_deref(), job.timezone()), (Some("en"), None));
    assert_eq!(job.enqueued_at(), Some(Timestamp::from_micros(1_795_499_262_997_984)));
    assert_eq!(job.scheduled_at(), Some(Timestamp::from_micros(1_795_499_262_997_729)));
}

#[test]
fn a_new_job_has_no_locale_so_that_rails_takes_its_own() {
    let job = SerializedJob::new("Foo", "1", "default", "[]".to_owned(), Rails::default()).unwrap();
    assert_eq!(job.get("locale"), Some("null"));
}

#[test]
fn a_retry_changes_its_counters_and_nothing_else() {
    let mut job = SerializedJob::parse(FAILED_ONCE).unwrap();
    job.set_executions(2);
    job.set_exception_executions("[StandardError]", 2);
    job.set_exception_executions("[Net::OpenTimeout, Timeout::Error]", 1);
    let expected = FAILED_ONCE
        .replace(r#""executions":1"#, r#""executions":2"#)
        .replace(r#"{"[StandardError]":1}"#, r#"{"[StandardError]":2,"[Net::OpenTimeout, Timeout::Error]":1}"#);
    assert_eq!(job.to_string(), expected);
}

#[test]
fn keys_of_applications_and_their_numbers_are_kept() {
    let text = r#"{"job_class":"Foo","continuation":{"completed":["one"]},"resumptions":0,"price":1.500,"big":1180591620717411303424}"#;
    let mut job = SerializedJob::parse(text).unwrap();
    assert_eq!(job.to_string(), text);
    job.set("tenant", "north").unwrap();
    assert_eq!(job.to_string(), text.replace("424}", r#"424,"tenant":"north"}"#));
    assert_eq!(job.get("price"), Some("1.500"));
}

#[test]
fn a_job_of_class_and_arguments_alone_is_read() {
    let job = SerializedJob::parse(r#"{"job_class":"Foo","arguments":[1]}"#).unwrap();
    assert_eq!((job.arguments(), job.executions(), job.job_id()), ("[1]", 0, None));
    assert!(job.exception_executions().is_empty());
}

#[test]
fn forms_of_older_releases_and_other_offsets_are_read() {
    let read = |key: &str, value: &str| SerializedJob::parse(&format!("{{\"{key}\":{value}}}")).unwrap();
    assert_eq!(
        read("enqueued_at", r#""2026-11-29T16:48:45Z""#).enqueued_at(),
        Some(Timestamp::from_micros(1_795_970_925_000_000))
    );
    let moved = read("scheduled_at", r#""2026-11-29T18:48:45.5+02:00""#);
    assert_eq!(moved.scheduled_at(), Some(Timestamp::from_micros(1_795_970_925_500_000)));
    assert!(read("exception_executions", "null").exception_executions().is_empty());
    assert_eq!(read("provider_job_id", "17").provider_job_id().as_deref(), Some("17"));
    assert_eq!(read("job_class", "null").class(), None);
}

#[test]
fn a_value_of_an_unexpected_type_counts_as_missing_and_is_kept() {
    let text = r#"{"job_class":7,"executions":"x","enqueued_at":false,"exception_executions":{"[A]":"x"}}"#;
    let job = SerializedJob::parse(text).unwrap();
    assert_eq!((job.class(), job.executions(), job.enqueued_at()), (None, 0, None));
    assert_eq!(job.to_string(), text);
}

#[test]
fn what_is_no_object_is_refused() {
    for text in ["[]", "null", "7", "", "{"] {
        assert!(SerializedJob::parse(text).unwrap_err().is_corrupt(), "{text}");
    }
    assert!(SerializedJob::new("Foo", "1", "default", "[".to_owned(), Rails::default()).unwrap_err().is_invalid());
}
