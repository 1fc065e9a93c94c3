//! The columns of rows: those that the genuine Delayed Job wrote, and those of a new job.

use std::time::Duration;

use jobs_active_job::SerializedJob;
use jobs_core::{ErrorRecord, State, Timestamp};
use jobs_delayed_job::PayloadObject;
use jobs_delayed_job::row::{
    MAX_RUN_TIME, NewRow, Row, last_error_of, last_error_text, parse_time, retry_wait, time_text,
};
use serde_json::Value;

use super::samples::{DATABASES, rows};

/// A recorded row. The servers print all columns as texts, SQLite has numbers.
fn row(recorded: &Value) -> Row {
    let text = |column: &str| recorded[column].as_str().map(str::to_owned);
    let time = |column: &str| text(column).map(|text| parse_time(&text).unwrap());
    let number =
        |column: &str| text(column).map_or_else(|| recorded[column].as_i64().unwrap(), |text| text.parse().unwrap());
    Row {
        id: number("id"),
        priority: i32::try_from(number("priority")).unwrap(),
        attempts: u32::try_from(number("attempts")).unwrap(),
        handler: text("handler").unwrap(),
        last_error: text("last_error"),
        run_at: time("run_at"),
        locked_at: time("locked_at"),
        locked_by: text("locked_by"),
        failed_at: time("failed_at"),
        queue: text("queue"),
        created_at: time("created_at"),
        updated_at: time("updated_at"),
    }
}

fn captured() -> Timestamp {
    parse_time("2026-11-29 16:51:11.2").unwrap()
}

#[test]
fn the_state_of_every_recorded_row_is_known() {
    use State::{Claimed, Failed, Ready, Scheduled};
    let expected = [
        ("active_job", vec![Ready, Scheduled]),
        ("enqueue_methods", vec![Ready, Ready, Scheduled]),
        ("enqueue_structs", vec![Ready, Scheduled, Ready]),
        ("failed_once", vec![Scheduled]),
        ("failed_for_ever", vec![Failed]),
        ("unknown_class_kept", vec![Failed]),
        ("reserved", vec![Claimed, Ready]),
    ];
    for database in DATABASES {
        for (situation, states) in &expected {
            // Each database was recorded some seconds later.
            let rows: Vec<Row> = rows(database, situation).iter().map(row).collect();
            let now =
                rows.iter().filter_map(|row| row.locked_at.max(row.created_at)).max().unwrap() + Duration::from_secs(1);
            let read: Vec<State> = rows.iter().map(|row| row.state(now, MAX_RUN_TIME)).collect();
            assert_eq!(&read, states, "{database} {situation}");
        }
    }
}

#[test]
fn a_lock_holds_for_its_time_and_no_longer() {
    let now = captured();
    let locked = Row { run_at: Some(now), locked_at: Some(now), ..Row::default() };
    assert_eq!(locked.state(now + MAX_RUN_TIME, MAX_RUN_TIME), State::Claimed);
    assert_eq!(locked.state(now + MAX_RUN_TIME + Duration::from_micros(1), MAX_RUN_TIME), State::Ready);
    let never = Row { run_at: None, ..locked };
    assert_eq!(never.state(now + 2 * MAX_RUN_TIME, MAX_RUN_TIME), State::Scheduled, "without a time it never runs");
}

#[test]
fn a_recorded_row_is_listed_with_its_name_priority_and_error() {
    for database in DATABASES {
        let listed = |situation: &str| row(&rows(database, situation)[0]).record(captured(), MAX_RUN_TIME);
        let failed = listed("failed_once");
        assert_eq!((failed.name.as_str(), failed.attempts), ("FailStruct", 1));
        assert_eq!(failed.errors[0].message, "declined: é\nsecond line");
        assert!(failed.errors[0].causes[0].ends_with("in `perform'"), "{:?}", failed.errors[0].causes);
        assert_eq!(listed("active_job").queue, "mail");
        let prioritised = row(&rows(database, "enqueue_structs")[1]).record(captured(), MAX_RUN_TIME);
        assert_eq!((prioritised.priority, prioritised.id.to_string().as_str()), (-10, "2"));
        assert_eq!(time_text(prioritised.due_at), "2100-01-01 00:00:00.250000");
    }
    let unreadable = Row { handler: "--- !ruby/object:A\n[".to_owned(), priority: i32::MIN, ..Row::default() };
    let record = unreadable.record(captured(), MAX_RUN_TIME);
    assert_eq!((record.name.as_str(), record.arguments.as_str(), record.priority), ("A", "", i32::MAX));
}

#[test]
fn a_failed_job_waits_as_the_recorded_ones_do() {
    let seconds: Vec<u64> = (1..=4).map(|failures| retry_wait(failures).as_secs()).collect();
    assert_eq!(seconds, [6, 21, 86, 261]);
    assert_eq!(retry_wait(u32::MAX).as_secs(), u64::from(u32::MAX).saturating_pow(4).saturating_add(5));
    for database in DATABASES {
        for situation in ["failed_once", "failed_nine_times"] {
            let recorded = &rows(database, situation)[0];
            let updated = parse_time(recorded["updated_at"].as_str().unwrap()).unwrap();
            let row = row(recorded);
            let early = (updated + retry_wait(row.attempts)).duration_since(row.run_at.unwrap());
            assert!(early < Duration::from_secs(1), "{database} {situation}: {early:?}");
        }
    }
}

#[test]
fn a_new_row_is_that_of_a_recorded_job() {
    for database in DATABASES {
        for recorded in rows(database, "active_job") {
            let stored = row(&recorded);
            let PayloadObject::ActiveJob(job) = PayloadObject::read(&stored.handler).unwrap() else {
                panic!("{stored:?}")
            };
            let now = stored.created_at.unwrap();
            let new = NewRow::of_active_job(&job, job.scheduled_at(), now).unwrap();
            assert_eq!((new.priority, &new.handler, &new.queue), (stored.priority, &stored.handler, &stored.queue));
            let due = job.scheduled_at().unwrap_or(now);
            assert_eq!((parse_time(&new.run_at), parse_time(&new.created_at)), (Some(due), Some(now)));
            assert_eq!(new.created_at, new.updated_at);
        }
    }
    let job = SerializedJob::parse(r#"{"job_class":"A","priority":3000000000}"#).unwrap();
    let error = NewRow::of_active_job(&job, None, captured()).unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("3000000000"), "{error}");
}

#[test]
fn times_are_texts_of_six_digits_in_utc_that_compare_as_times() {
    let text = "2026-11-29 16:51:10.858987";
    assert_eq!(time_text(parse_time(text).unwrap()), text);
    for (printed, whole) in [("2100-01-01 00:00:00", "000000"), ("2100-01-01 00:00:00.25", "250000")] {
        assert_eq!(time_text(parse_time(printed).unwrap()), format!("2100-01-01 00:00:00.{whole}"));
    }
    assert_eq!(time_text(Timestamp::from_micros(i64::MAX)), "9999-12-31 23:59:59.999999");
    assert_eq!(time_text(Timestamp::from_micros(i64::MIN)), "1000-01-01 00:00:00.000000");
    assert_eq!(parse_time("soon"), None);
}

#[test]
fn a_last_error_is_message_and_frames_and_fits_the_column() {
    let mut error = ErrorRecord::new("shop::Declined", "declined: é\nsecond\0 line");
    error.causes = vec!["gateway.rs:12:in `charge`".to_owned(), "main.rs:3:in `main`".to_owned()];
    let text = last_error_text(&error, 65_535);
    assert_eq!(text, "declined: é\nsecond\u{fffd} line\ngateway.rs:12:in `charge`\nmain.rs:3:in `main`");
    assert_eq!(last_error_of(&text).causes, error.causes);
    assert_eq!(last_error_text(&error, 11), "declined: ", "cut at the border of a character");
    let plain = last_error_of("it is 12:30 in Rome: no");
    assert_eq!((plain.message.as_str(), plain.causes.len()), ("it is 12:30 in Rome: no", 0));
}
