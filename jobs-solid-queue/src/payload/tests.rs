//! What the genuine Solid Queue wrote is read, and what is written is what it would have written.

use jobs_active_job::{ClassNames, Rails};
use jobs_core::{ClaimToken, Due, ErrorRecord, JobId, NewJob, ProcessId, Signature, State, Timestamp};
use jobs_sql::Dialect;
use serde_json::Value;

use super::{ExecutionRow, JobRow, NewRow, Next, RowForm, failed_record};

const FORM: RowForm = RowForm { names: ClassNames::Same, rails: Rails::V7_2, dialect: Dialect::Postgres };

fn at(text: &str) -> Timestamp {
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap();
    Timestamp::from_micros(time.and_utc().timestamp_micros())
}

/// The rows of a table in a sample.
fn rows(file: &str, table: &str) -> Vec<Value> {
    let path = format!("{}/tests/samples/{file}", env!("CARGO_MANIFEST_DIR"));
    let lines = std::fs::read_to_string(path).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["table"] == table).map(|line| line["row"].clone()).collect()
}

fn job_row(row: &Value) -> JobRow {
    let text = |column: &str| row[column].as_str().map(str::to_owned);
    let int = |column: &str| row[column].as_i64().or_else(|| row[column].as_str()?.parse().ok()).unwrap();
    JobRow {
        id: int("id"),
        queue: text("queue_name").unwrap(),
        class: text("class_name").unwrap(),
        arguments: text("arguments"),
        priority: int("priority"),
        active_job_id: text("active_job_id"),
        scheduled_at: text("scheduled_at").map(|text| at(&text)),
        finished_at: text("finished_at").map(|text| at(&text)),
        concurrency_key: text("concurrency_key"),
        created_at: at(&text("created_at").unwrap()),
        updated_at: at(&text("updated_at").unwrap()),
    }
}

fn jobs(file: &str) -> Vec<JobRow> {
    rows(file, "solid_queue_jobs").iter().map(job_row).collect()
}

/// The row as it stands in the table after an insert.
fn stored(new: NewRow, id: i64) -> JobRow {
    JobRow {
        id,
        queue: new.queue,
        class: new.class,
        arguments: Some(new.arguments),
        priority: new.priority.into(),
        active_job_id: Some(new.active_job_id),
        scheduled_at: Some(new.scheduled_at),
        finished_at: None,
        concurrency_key: new.concurrency_key,
        created_at: new.created_at,
        updated_at: new.created_at,
    }
}

fn token(id: JobId) -> ClaimToken {
    ClaimToken::new(id, ProcessId::new(1), 9)
}

#[test]
fn every_job_that_ruby_wrote_is_read_and_its_text_stays_letter_by_letter() {
    let mut read = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples")).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        for row in jobs(&file) {
            let payload = row.payload().unwrap_or_else(|why| panic!("{file} {}: {why}", row.id));
            assert_eq!(Some(payload.text(Dialect::MySql)), row.arguments, "{file} {}", row.id);
            let record = row.record(ExecutionRow::Done, ClassNames::Same);
            assert!(!payload.is_ours() && !row.is_discarded(), "{file} {}", row.id);
            assert_eq!((&record.name, &record.queue), (&row.class, &row.queue));
            assert_eq!(Some(record.id.to_string()), row.active_job_id);
            read += 1;
        }
    }
    assert!(read > 60, "{read} rows");
}

#[test]
fn a_job_of_ruby_reaches_the_worker_with_its_arguments_counters_and_times() {
    let row = jobs("pg_enqueue.jsonl").remove(2);
    let execution =
        row.payload().unwrap().execution(&row, ClassNames::Ruby, token(row.job_id()), ("mail".to_owned(), 5));
    assert_eq!((execution.name.as_str(), execution.queue.as_str(), execution.priority), ("guest", "mail", -5));
    let arguments: Value = serde_json::from_str(&execution.arguments).unwrap();
    assert_eq!(
        (&arguments[0], &arguments[1], &arguments[3]),
        (&"sym".into(), &"gid://shop/Item/7".into(), &5400.into())
    );
    assert_eq!(arguments[5], "<b>&'\u{2028} café");
    assert_eq!(arguments[6]["key"], "word");
    assert_eq!(execution.meta.as_deref(), Some(r#"{"carried":{"locale":"en","timezone":"UTC"}}"#));
    assert_eq!((execution.attempt, execution.crashes), (1, 0));
    assert_eq!(execution.due_at, at("2026-11-29 16:52:51.546467"));
    assert_eq!(execution.enqueued_at, at("2026-11-29 16:52:51.547175"));
}

#[test]
fn both_rows_of_a_retried_job_have_one_id_and_the_second_counts_on() {
    let [first, second] = jobs("pg_retry_on.jsonl").try_into().unwrap();
    assert_eq!(first.job_id(), second.job_id());
    let execution = second.payload().unwrap().execution(
        &second,
        ClassNames::Same,
        token(second.job_id()),
        ("default".to_owned(), 0),
    );
    assert_eq!(execution.attempt, 2);
    assert_eq!(execution.meta().unwrap().exception_executions["[ArgumentError]"], 1);
}

#[test]
fn a_retry_is_written_as_active_jobs_retry_on_writes_it() {
    let [first, second] = jobs("pg_retry_on.jsonl").try_into().unwrap();
    let (now, due) = (second.created_at, second.scheduled_at.unwrap());
    let error = ErrorRecord::new("ArgumentError", "no");
    let meta = r#"{"exception_executions":{"[ArgumentError]":1},"carried":{"locale":"en","timezone":"UTC"}}"#;
    let payload = first.payload().unwrap().counted().failed(&error, Some(meta));
    let next = NewRow::of_next(&first, payload, &Next { queue: None, priority: None, now, due }, FORM);
    let mut written: Value = serde_json::from_str(&next.arguments).unwrap();
    let own = written.as_object_mut().unwrap().remove("jobs_rs").unwrap();
    let mut of_ruby: Value = serde_json::from_str(second.arguments.as_deref().unwrap()).unwrap();
    // Ruby takes the time to the nanosecond, a moment earlier.
    for key in ["enqueued_at", "scheduled_at"] {
        of_ruby[key] = written[key].clone();
    }
    assert_eq!(written, of_ruby);
    assert_eq!((own["errors"][0]["class"].as_str(), own["meta"].as_str()), (Some("ArgumentError"), None));
    assert_eq!((next.queue, next.class, next.priority), (second.queue, second.class, 0));
    assert_eq!((Some(next.active_job_id), next.scheduled_at), (second.active_job_id, due));
}

#[test]
fn a_failed_job_of_ruby_shows_its_error_with_the_backtrace() {
    let row = jobs("mysql_failed.jsonl").remove(0);
    let failed = rows("mysql_failed.jsonl", "solid_queue_failed_executions").remove(0);
    let failed_at = at(failed["created_at"].as_str().unwrap());
    let error = failed["error"].as_str().map(str::to_owned);
    let record = row.record(ExecutionRow::Failed { error, at: failed_at }, ClassNames::Same);
    assert_eq!((record.state, record.attempts, record.arguments.as_str()), (State::Failed, 1, r#"[1,"x"]"#));
    let [error] = record.errors.try_into().unwrap();
    assert_eq!((error.class.as_str(), error.message.as_str()), ("ArgumentError", "declined: é <tag>"));
    assert_eq!((error.attempt, error.at), (1, failed_at));
    assert!(error.causes[0].contains("perform"), "{:?}", error.causes.first());
}

#[test]
fn a_job_of_rust_comes_back_with_all_that_it_was_enqueued_with() {
    let now = at("2026-01-02 03:04:05.000006");
    let mut job = NewJob::new(JobId::from_bytes([7; 16]), "billing::charge_card", r#"{"order_id":42,"note":"<b>"}"#);
    (job.queue, job.priority, job.version) = ("money".to_owned(), 7, 3);
    job.meta = Some(r#"{"exception_executions":{"a":2},"carried":{"locale":"de","tenant":9},"tags":["x"]}"#.to_owned());
    (job.expires_at, job.batch_id) = (Some(now), Some("b".to_owned()));
    job.concurrency_key = Some("Shop/1".to_owned());
    job.due = Due::At(at("2026-01-02 04:00:00"));
    let new = NewRow::of(&job, RowForm { names: ClassNames::Ruby, ..FORM }, now).unwrap();
    assert_eq!((new.class.as_str(), new.priority), ("Billing::ChargeCardJob", -7));
    let hash: Value = serde_json::from_str(&new.arguments).unwrap();
    let text = |key: &str| hash[key].as_str().unwrap_or_default();
    assert_eq!((text("job_class"), text("queue_name"), text("locale")), ("Billing::ChargeCardJob", "money", "de"));
    assert_eq!(text("job_id"), "07070707-0707-0707-0707-070707070707");
    assert_eq!(
        (text("enqueued_at"), text("scheduled_at")),
        ("2026-01-02T03:04:05.000006000Z", "2026-01-02T04:00:00.000000000Z")
    );
    assert_eq!(
        (&hash["priority"], &hash["provider_job_id"], &hash["executions"]),
        (&(-7).into(), &Value::Null, &0.into())
    );
    assert_eq!((&hash["arguments"], &hash["exception_executions"]["a"]), (&serde_json::json!([42, "<b>"]), &2.into()));
    assert!(!new.arguments.contains('<'), "as Rails escapes it");
    let row = stored(new, 5);
    let record = row.record(ExecutionRow::Scheduled(row.scheduled_at.unwrap()), ClassNames::Ruby);
    assert_eq!((record.id, record.name, record.queue), (job.id, job.name, job.queue));
    assert_eq!((record.priority, record.version, record.arguments, record.meta), (7, 3, job.arguments, job.meta));
    assert_eq!(
        (record.expires_at, record.batch_id, record.concurrency_key),
        (job.expires_at, job.batch_id, job.concurrency_key)
    );
    assert_eq!((record.enqueued_at, record.due_at, record.state), (now, at("2026-01-02 04:00:00"), State::Scheduled));
}

#[test]
fn a_job_for_ruby_with_defaults_is_written_as_ruby_writes_it() {
    let now = at("2026-11-29 16:52:51.319222");
    let mut job = NewJob::new(JobId::from_bytes([7; 16]), "PlainJob", r#"{"n":1,"word":"x"}"#);
    job.signature = Some(Signature::new(&["n"]).keywords(&["word"]));
    let new = NewRow::of(&job, FORM, now).unwrap();
    assert_eq!(
        new.arguments,
        r#"{"job_class":"PlainJob","job_id":"07070707-0707-0707-0707-070707070707","provider_job_id":null,"queue_name":"default","priority":null,"arguments":[1,{"word":"x","_aj_ruby2_keywords":["word"]}],"executions":0,"exception_executions":{},"locale":null,"timezone":null,"enqueued_at":"2026-11-29T16:52:51.319222000Z","scheduled_at":"2026-11-29T16:52:51.319222000Z"}"#
    );
    assert_eq!((new.queue.as_str(), new.priority, new.scheduled_at), ("default", 0, now));
}

#[test]
fn texts_of_any_kind_come_back_letter_by_letter() {
    for text in ["", "{}", "[]", "日本語 🦀", "a\u{0}b", "\r\n\t ", "{\"a\" : 1}", "[1]", "{\"a\":\"<\"}"] {
        let job = NewJob::new(JobId::from_bytes([1; 16]), format!("näme_{text}"), text);
        let row = stored(NewRow::of(&job, FORM, at("2026-01-01 00:00:00")).unwrap(), 1);
        let record = row.record(ExecutionRow::Ready { queue: "default".to_owned(), priority: 0 }, ClassNames::Same);
        assert_eq!((record.arguments, record.name), (job.arguments, job.name), "{text:?}");
        assert!(!row.class.contains('\0'));
    }
}

#[test]
fn the_metadata_of_a_retry_is_the_one_that_was_written_and_rubys_reset_counts() {
    let row = jobs("pg_retry_on.jsonl").remove(1);
    for meta in [None, Some(r#"{"cursor":17}"#), Some(r#"{"exception_executions":{"any":5}}"#)] {
        let mut plain = NewJob::new(JobId::from_bytes([1; 16]), "a", "{}");
        plain.meta = Some(r#"{"exception_executions":{"old":1}}"#.to_owned());
        let plain = stored(NewRow::of(&plain, FORM, row.created_at).unwrap(), 1);
        let payload = plain.payload().unwrap().with_meta(meta);
        assert_eq!(payload.meta().as_deref(), meta);
    }
    let counted = row.payload().unwrap().with_meta(Some(r#"{"exception_executions":{"any":5},"snoozes":1}"#));
    let reset = counted.retried_by_person();
    assert_eq!(reset.meta().as_deref(), Some(r#"{"snoozes":1}"#));
}

#[test]
fn a_manual_retry_begins_anew_in_ruby_and_keeps_what_we_know() {
    let row = jobs("pg_retry_on.jsonl").remove(1);
    let failed = failed_record(r#"{"exception_class":"E","message":"m","backtrace":null}"#, 2, row.created_at);
    let payload = row.payload().unwrap().counted().with_errors(Some(&failed)).retried_by_person();
    let text = payload.text(Dialect::Sqlite);
    let hash: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&hash["executions"], &hash["exception_executions"]), (&0.into(), &serde_json::json!({})));
    let again = JobRow { arguments: Some(text), ..row };
    let record = again.record(ExecutionRow::Ready { queue: "default".to_owned(), priority: 0 }, ClassNames::Same);
    assert_eq!((record.attempts, record.errors), (2, vec![failed]));
}

#[test]
fn a_row_that_cannot_be_read_is_shown_as_it_is() {
    let good = jobs("pg_enqueue.jsonl").remove(0);
    for text in
        [None, Some("null"), Some("[1]"), Some("no json"), Some("{}"), Some(r#"{"job_class":"A","arguments":7}"#)]
    {
        let row = JobRow { arguments: text.map(str::to_owned), ..good.clone() };
        assert!(row.payload().is_err(), "{text:?}");
        let record = row.record(ExecutionRow::Blocked, ClassNames::Same);
        assert_eq!((record.name.as_str(), record.arguments.as_str()), ("PlainJob", text.unwrap_or_default()));
        assert_eq!((record.state, record.id), (State::Blocked, good.job_id()));
    }
}

#[test]
fn errors_that_do_not_fit_in_mysql_are_left_out_from_the_oldest_on() {
    let row = jobs("mysql_enqueue.jsonl").remove(0);
    let mut payload = row.payload().unwrap();
    for number in 0..30 {
        payload = payload.failed(&ErrorRecord::new(format!("E{number}"), "x".repeat(8_000)), None);
    }
    assert!(payload.text(Dialect::Postgres).len() > 200_000);
    let text = payload.text(Dialect::MySql);
    assert!(text.len() <= 65_535, "{}", text.len());
    let record = JobRow { arguments: Some(text), ..row }.record(ExecutionRow::Blocked, ClassNames::Same);
    assert_eq!(record.errors.last().unwrap().class, "E29");
}
