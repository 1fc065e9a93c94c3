//! The wrapper of Active Job, read and written as Ruby writes it.

use jobs_active_job::SerializedJob;
use jobs_delayed_job::PayloadObject;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{lines, refused};

const DUMPED: &str = include_str!("../samples/psych-5.1/dumped.jsonl");

fn job_of(handler: &str) -> SerializedJob {
    let PayloadObject::ActiveJob(job) = PayloadObject::read(handler).unwrap() else {
        panic!("a job of Active Job: {handler}")
    };
    job
}

/// A recorded job and the handler that Ruby made of it. Numbers are too big for `Value` to keep all digits.
#[derive(serde::Deserialize)]
struct Dumped {
    job: Box<RawValue>,
    handler: String,
}

#[test]
fn a_handler_is_written_byte_for_byte_as_the_genuine_psych_writes_it() {
    for line in DUMPED.lines() {
        let dumped: Dumped = serde_json::from_str(line).unwrap();
        let job = SerializedJob::parse(dumped.job.get()).unwrap();
        assert_eq!(PayloadObject::write_active_job(&job).unwrap(), dumped.handler);
    }
}

#[test]
fn a_handler_of_the_genuine_psych_is_read_with_all_its_values() {
    let mut read = 0;
    for line in lines(DUMPED) {
        let handler = line["handler"].as_str().unwrap();
        match PayloadObject::read(handler) {
            Ok(PayloadObject::ActiveJob(job)) => {
                let arguments: Value = serde_json::from_str(job.arguments()).unwrap();
                assert_eq!(arguments, line["job"]["arguments"], "{handler}");
                read += 1;
            }
            other => assert!(handler.contains(['\u{85}', '\u{2028}', '\u{2029}']), "{other:?}: {handler}"),
        }
    }
    assert!(read > 200, "{read} were read");
}

#[test]
fn a_long_text_folded_over_lines_comes_back_whole() {
    let text = "lorem ipsum dolor sit amet ".repeat(20) + "end";
    let job = SerializedJob::parse(&json!({"job_class": "A", "arguments": [text]}).to_string()).unwrap();
    let handler = PayloadObject::write_active_job(&job).unwrap();
    assert!(handler.lines().count() > 5, "{handler}");
    assert_eq!(job_of(&handler).arguments(), json!([text]).to_string());
}

#[test]
fn the_json_form_that_other_programs_write_is_read() {
    let handler = "--- !ruby/object:ActiveJob::QueueAdapters::DelayedJobAdapter::JobWrapper\n\
                   job_data: {\"job_class\":\"A\",\"arguments\":[1,\"x: y\",{\"k\":null}],\"executions\":2}\n";
    let job = job_of(handler);
    assert_eq!((job.class().as_deref(), job.executions()), (Some("A"), 2));
    assert_eq!(job.arguments(), r#"[1,"x: y",{"k":null}]"#);
}

#[test]
fn unknown_keys_of_a_job_are_kept_in_their_order() {
    let text = r#"{"job_class":"A","z_of_the_application":{"a":[true,1.5]},"arguments":[],"b":"x"}"#;
    let handler = PayloadObject::write_active_job(&SerializedJob::parse(text).unwrap()).unwrap();
    assert_eq!(job_of(&handler).to_string(), text);
}

#[test]
fn a_wrapper_without_a_job_is_refused_with_a_clear_word() {
    for data in ["", "job_data:\n", "job_data: []\n", "job_data:\n  arguments: []\n"] {
        let handler = format!("--- !ruby/object:ActiveJob::QueueAdapters::DelayedJobAdapter::JobWrapper\n{data}");
        assert!(refused(&handler).contains("no `job_data` with a `job_class`"), "{data}");
    }
}
