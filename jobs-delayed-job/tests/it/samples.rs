//! Rows that the genuine Delayed Job 4.1 wrote on three databases.

use jobs_delayed_job::PayloadObject;
use serde_json::{Value, json};

use super::lines;

/// The rows of a situation on one database.
pub(super) fn rows(database: &str, situation: &str) -> Vec<Value> {
    let path = format!("{}/tests/samples/4.1/{database}_{situation}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let rows = lines(&std::fs::read_to_string(path).unwrap()).into_iter();
    rows.filter(|line| line["table"] == "delayed_jobs").map(|line| line["row"].clone()).collect()
}

fn handlers(database: &str, situation: &str) -> Vec<String> {
    rows(database, situation).iter().map(|row| row["handler"].as_str().unwrap().to_owned()).collect()
}

pub(super) const DATABASES: [&str; 3] = ["pg", "mysql", "sqlite"];

#[test]
fn every_recorded_handler_is_read_and_its_name_known() {
    let expected = [
        ("active_job", &["GuestJob", "GuestJob"][..]),
        ("active_job_failed", &["BadGuestJob"]),
        ("enqueue_methods", &["Mathy.add", "Item#touch_it", "Tools.sweep"]),
        ("enqueue_structs", &["PlainStruct", "PlainObject", "QueueStruct"]),
        ("failed_for_ever", &["FewStruct"]),
        ("failed_nine_times", &["FailStruct"]),
        ("failed_once", &["FailStruct"]),
        ("own_reschedule", &["LaterStruct"]),
        ("reserved", &["PlainStruct", "PlainStruct"]),
        ("unknown_class_default", &[]),
        ("unknown_class_kept", &["RustOnly"]),
    ];
    for database in DATABASES {
        for (situation, names) in expected {
            let read = handlers(database, situation).into_iter().map(|text| PayloadObject::read(&text).unwrap().name());
            assert_eq!(read.collect::<Vec<_>>(), names, "{database} {situation}");
        }
    }
}

#[test]
fn the_arguments_of_recorded_jobs_are_read_with_all_their_values() {
    for database in DATABASES {
        let arguments = |situation: &str, index: usize| -> Value {
            let handler = PayloadObject::read(&handlers(database, situation)[index]).unwrap();
            serde_json::from_str(&handler.arguments()).unwrap()
        };
        let expected = json!([
            "sym", "gid://shop/Item/1", "2026-01-02T03:04:05.500000000Z", 5400, {"a": 1}, "multi\nline: 'x'", "yes",
            "1_000", "2026-01-02",
            {"key": "word", "_aj_ruby2_keywords": ["key"]}
        ]);
        assert_eq!(arguments("active_job", 0), expected);
        let list = json!([1, "two", "three", null, 1.5, "2026-01-02T03:04:05.500Z", "2026-01-02"]);
        assert_eq!(arguments("enqueue_structs", 1), json!({"a": "x", "list": list}));
        assert_eq!(arguments("enqueue_methods", 1), json!([1, "x", {"a": 1, "b": "c"}, [1, null]]));
    }
}

#[test]
fn a_recorded_handler_of_active_job_is_written_again_byte_for_byte() {
    for database in DATABASES {
        for text in ["active_job", "active_job_failed"].iter().flat_map(|situation| handlers(database, situation)) {
            let PayloadObject::ActiveJob(job) = PayloadObject::read(&text).unwrap() else {
                panic!("a job of Active Job: {text}")
            };
            assert_eq!(PayloadObject::write_active_job(&job).unwrap(), text);
        }
    }
}
