//! Beside genuine Delayed Job of three Debian releases: it performs what is written here, and what it writes is read here.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod tree;

use std::time::Duration;

use jobs_active_job::SerializedJob;
use jobs_core::{Claim, Clock, Decision, ErrorRecord, ProcessId, Store, SystemClock, Timestamp};
use jobs_delayed_job::row::{NewRow, parse_time};
use jobs_delayed_job::{DelayedJobOptions, PayloadObject};
use jobs_sql::Database;
use serde_json::{Value, json};

use tree::{RELEASES, Tree};

/// A job of the class that the Ruby program has.
fn guest_job(arguments: &Value, priority: i32) -> SerializedJob {
    let job = json!({
        "job_class": "GuestJob", "job_id": "5678e537-92ef-433f-903d-9103040d7d94", "queue_name": "guests",
        "priority": priority, "arguments": arguments, "executions": 0, "exception_executions": {}, "locale": "en",
    });
    SerializedJob::parse(&job.to_string()).unwrap()
}

/// The columns of a row as a program inserts them.
fn columns(row: &NewRow) -> Value {
    json!({
        "priority": row.priority, "handler": row.handler, "run_at": row.run_at, "queue": row.queue,
        "created_at": row.created_at, "updated_at": row.updated_at,
    })
}

/// The row of a job with these arguments that is due since an hour, so that the clocks of no tree matter.
fn due(arguments: &Value, priority: i32, minutes_ago: u64) -> Value {
    let now = Timestamp::from_micros(SystemClock.now().as_micros() - 3_600_000_000);
    let now = Timestamp::from_micros(now.as_micros() - i64::try_from(minutes_ago).unwrap() * 60_000_000);
    columns(&NewRow::of_active_job(&guest_job(arguments, priority), None, now).unwrap())
}

#[test]
fn a_handler_of_rust_is_performed_by_ruby_with_all_its_arguments() {
    let symbol = json!({"_aj_serialized": "ActiveJob::Serializers::SymbolSerializer", "value": "card"});
    let cases = [
        (json!([1, -2.5, 1e20, null, true]), "[1, -2.5, 1.0e+20, nil, true]"),
        (
            json!(["yes", "1e3", "1_000", ":x", "2026-01-02", "~", "", "<<"]),
            r#"["yes", "1e3", "1_000", ":x", "2026-01-02", "~", "", "<<"]"#,
        ),
        (
            json!(["a\nb\n\n", " x ", "it's \"so\"", "é\u{1F600}"]),
            "[\"a\\nb\\n\\n\", \" x \", \"it's \\\"so\\\"\", \"é\u{1F600}\"]",
        ),
        (json!([symbol, [[]], {"_aj_symbol_keys": []}]), "[:card, [[]], {}]"),
        (json!(["word ".repeat(60)]), &format!("[\"{}\"]", "word ".repeat(60))),
        (json!([{"k": 1, "_aj_symbol_keys": ["k"]}]), "[{:k=>1}]"),
    ];
    let rows: Vec<Value> = cases.iter().map(|(arguments, _)| due(arguments, 0, 0)).collect();
    for release in RELEASES {
        let Some(tree) = Tree::of(release) else { return };
        let result = &tree.perform(&rows)[0];
        let performed: Vec<&str> =
            result["performed"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(performed, cases.iter().map(|(_, expected)| *expected).collect::<Vec<_>>(), "{release}");
        assert_eq!(result["left"], json!([]), "{release}");
    }
}

/// The handler that a rule of Rust leaves of this one when it retries the job.
async fn retried(handler: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/app.sqlite3", folder.path().display());
    let database = Database::open(&url).await.unwrap();
    let table = "CREATE TABLE delayed_jobs (id integer PRIMARY KEY, priority integer, attempts integer, handler text, last_error text, \
                 run_at datetime, locked_at datetime, failed_at datetime, locked_by text, queue text, created_at datetime, updated_at datetime)";
    database.run_script(table, "make a table").await.unwrap();
    let store = DelayedJobOptions::new(url).connect().await.unwrap();
    let mut transaction = database.begin("insert a row").await.unwrap();
    let insert = "INSERT INTO delayed_jobs (priority, attempts, handler, run_at, updated_at) VALUES (0, 0, ?, '2020-01-02', '2020-01-02')";
    transaction.execute(insert, &[handler.into()]).await.unwrap();
    transaction.commit().await.unwrap();
    let execution = store.claim(&Claim::all(ProcessId::new(1), 1)).await.unwrap().remove(0);
    let error = ErrorRecord::new("E", "no luck");
    let retry = Decision::Retry { wait: Duration::ZERO, queue: None, priority: None, meta: None, error };
    store.settle(&[execution.settle(retry)]).await.unwrap();
    let rows = database.query("SELECT handler FROM delayed_jobs", &[], "read a row").await.unwrap();
    rows[0].text(0).unwrap().to_owned()
}

#[tokio::test]
async fn ruby_reads_the_same_arguments_after_a_retry_of_rust() {
    let arguments = [
        ("1", "[1]"),
        ("'yes'", r#"["yes"]"#),
        ("1.0e+20", "[1.0e+20]"),
        ("123456789012345678901234567890", "[123456789012345678901234567890]"),
        (".inf", "[Infinity]"),
        (".nan", "[NaN]"),
        ("!binary |-\n    4pz/", r#"["\xE2\x9C\xFF"]"#),
        ("&1 [a]\n  - *1", r#"[["a"], ["a"]]"#),
    ];
    let mut rows = Vec::new();
    for (argument, _) in arguments {
        let mut row = due(&json!(["argument"]), 0, 0);
        let handler = row["handler"].as_str().unwrap().replace("- argument", &format!("- {argument}"));
        row["handler"] = retried(&handler).await.into();
        rows.push(row);
    }
    for release in RELEASES {
        let Some(tree) = Tree::of(release) else { return };
        let result = &tree.perform(&rows)[0];
        assert_eq!(result["performed"], json!(arguments.map(|(_, performed)| performed)), "{release}");
    }
}

#[test]
fn a_row_that_only_rust_can_perform_does_not_end_a_ruby_worker() {
    let rust_only = |minutes_ago| {
        let mut row = due(&json!([]), 0, minutes_ago);
        row["handler"] = "--- !ruby/object:RustJob\nname: charge\n".into();
        row
    };
    let rows = [rust_only(4), due(&json!([1]), 0, 3), rust_only(2), due(&json!([2]), 0, 1)];
    for release in RELEASES {
        let Some(tree) = Tree::of(release) else { return };
        let result = &tree.perform(&rows)[0];
        assert_eq!(result["performed"], json!(["[1]", "[2]"]), "{release}");
        assert_eq!(result["left"], json!([]), "by its default the worker deletes what it cannot load");
    }
}

#[test]
fn ruby_performs_rows_of_rust_by_priority_then_time_and_not_before_it() {
    let later = parse_time("2100-01-01 00:00:00.123456").unwrap();
    let scheduled = NewRow::of_active_job(&guest_job(&json!(["later"]), 0), Some(later), SystemClock.now()).unwrap();
    let rows = [
        columns(&scheduled),
        due(&json!(["low"]), 10, 9),
        due(&json!(["second"]), 0, 1),
        due(&json!(["first"]), 0, 5),
        due(&json!(["high"]), -5, 0),
    ];
    for release in RELEASES {
        let Some(tree) = Tree::of(release) else { return };
        let result = &tree.perform(&rows)[0];
        let order = [r#"["high"]"#, r#"["first"]"#, r#"["second"]"#, r#"["low"]"#];
        assert_eq!(result["performed"], json!(order), "{release}");
        let left = json!([{
            "id": 1, "attempts": 0, "locked_by": null, "queue": "guests", "run_at": "2100-01-01T00:00:00.123456Z"
        }]);
        assert_eq!(result["left"], left, "{release}");
    }
}

#[test]
fn what_ruby_enqueues_is_read_with_names_and_arguments() {
    let shared = json!({"a": 1});
    let list = json!([1, "two", null, 1.5, "1e3"]);
    let hash = json!({"k": [1, 2.5, null], "_aj_symbol_keys": []});
    let expected = [
        ("PlainStruct", json!({"user_id": 7, "note": "hello: world"})),
        (
            "PlainObject",
            json!({"text": "word ".repeat(40), "lines": "one\n two\n", "list": list, "again": [shared, shared]}),
        ),
        ("Tools.sweep", json!([1, {"x": "y"}])),
        ("Item#touch_it", json!([1, "yes", [null, true]])),
        ("GuestJob", json!(["sym", "yes", "a\nb", hash, {"named": "1_000", "_aj_ruby2_keywords": ["named"]}])),
    ];
    for release in RELEASES {
        let Some(tree) = Tree::of(release) else { return };
        let rows = tree.enqueue();
        assert_eq!(rows.len(), expected.len(), "{release}");
        for (row, (name, arguments)) in rows.iter().zip(&expected) {
            let handler = row["handler"].as_str().unwrap();
            let payload = PayloadObject::read(handler).unwrap();
            let read: Value = serde_json::from_str(&payload.arguments()).unwrap();
            let wanted = without_marks(arguments);
            assert_eq!((payload.name().as_str(), without_marks(&read)), (*name, wanted), "{release}: {handler}");
        }
        let PayloadObject::ActiveJob(job) = PayloadObject::read(rows[4]["handler"].as_str().unwrap()).unwrap() else {
            panic!("the last row is a job of Active Job")
        };
        assert_eq!((job.queue().as_deref(), job.priority()), (Some("mail"), Some(5)), "{release}");
        assert_eq!((&rows[4]["queue"], &rows[4]["priority"]), (&json!("mail"), &json!(5)), "{release}");
        assert_eq!(PayloadObject::write_active_job(&job).unwrap(), rows[4]["handler"].as_str().unwrap(), "{release}");
    }
}

/// Hashes without the marks of Active Job, which plain arguments keep for keywords alone.
fn without_marks(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_marks).collect(),
        Value::Object(map) => {
            let plain = map.iter().filter(|(key, _)| !key.starts_with("_aj_"));
            plain.map(|(key, value)| (key.clone(), without_marks(value))).collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
