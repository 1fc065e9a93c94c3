//! Any job is written and read back, and any text is read or refused.

use jobs_active_job::SerializedJob;
use jobs_delayed_job::PayloadObject;
use proptest::prelude::*;
use serde_json::{Value, json};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,120}",
        "([a-z]{1,9} ){0,40}",
        "[a-c :#'\"\n-]{0,40}",
        any::<String>(),
        "[0-9_,.:eExo+-]{1,8}",
        Just("yes".to_owned()),
    ]
    .prop_filter("no line separator of Unicode in a block", |text| !text.contains(['\u{85}', '\u{2028}', '\u{2029}']))
    // libyaml itself writes another line feed after such a text at the end of a document.
    .prop_map(|text| text.trim_end_matches('\n').to_owned())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..5).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn a_job_that_is_written_is_read_back(arguments in prop::collection::vec(value(), 0..4)) {
        let text = json!({"job_class": "A", "arguments": arguments, "executions": 0}).to_string();
        let handler = PayloadObject::write_active_job(&SerializedJob::parse(&text).unwrap()).unwrap();
        let PayloadObject::ActiveJob(job) = PayloadObject::read(&handler).unwrap() else { panic!("a job: {handler}") };
        let read: Value = serde_json::from_str(job.arguments()).unwrap();
        prop_assert_eq!(read, Value::from(arguments), "{}", handler);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), fields in "[a-c&*!<>|\\[\\]{}:, '\"\n-]{0,60}") {
        let _answer = PayloadObject::read(&text);
        let _answer = PayloadObject::read(&format!("--- !ruby/struct:A\n{fields}"));
        let _answer = PayloadObject::class_of(&text);
    }
}
