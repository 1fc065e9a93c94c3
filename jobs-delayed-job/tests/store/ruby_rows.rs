//! Rows that Ruby wrote: performed by Rust, retried by the rules of Ruby, listed and acted on.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Claim, Clock, Decision, Due, ErrorRecord, Filter, JobId, ProcessId, State, Store};
use jobs_delayed_job::{DelayedJobStore, PayloadObject};
use jobs_testing::ManualClock;
use serde_json::Value;

use crate::application::{Application, Kind};
use crate::rows::{ONE, claim_one, job, retry, settle};

const STRUCT: &str = "--- !ruby/struct:SendMail\nuser_id: 7\nnote: hello\n";
const PAST: &str = "2020-01-02 03:04:05.000001";

fn fail(message: &str) -> Decision {
    Decision::Fail { meta: None, error: ErrorRecord::new("E", message) }
}

async fn ready(store: &DelayedJobStore) {
    let _dispatched = store.dispatch(100).await.unwrap();
}

#[tokio::test]
async fn a_job_of_ruby_is_claimed_with_its_arguments_and_deleted_at_its_end() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        let row = application.insert(STRUCT, None, PAST).await;
        let execution = claim_one(&store).await;
        assert_eq!((execution.id(), execution.name.as_str()), (JobId::from_number(row), "SendMail"));
        assert_eq!((execution.arguments.as_str(), execution.attempt), (r#"{"user_id":7,"note":"hello"}"#, 1));
        settle(&store, execution, Decision::Finish { keep: true }).await;
        assert!(application.query("SELECT id FROM {jobs}").await.is_empty());
    }
}

#[tokio::test]
async fn a_row_without_a_queue_is_for_those_who_serve_all_queues() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        application.insert(STRUCT, None, PAST).await;
        let of = |queue: &str| Claim::new(ONE, vec![queue.parse().unwrap()], 5);
        for queue in ["default", "def*"] {
            assert!(store.claim(&of(queue)).await.unwrap().is_empty(), "{queue}");
        }
        let claimed = store.claim(&of("*")).await.unwrap();
        assert_eq!(claimed.iter().map(|one| one.queue.as_str()).collect::<Vec<_>>(), ["default"]);
    }
}

#[tokio::test]
async fn an_error_that_no_rule_handles_is_retried_by_the_rules_of_delayed_job() {
    for application in Application::all().await {
        let clock = ManualClock::new();
        let store = application.store(application.by(Arc::new(clock.clone())).max_attempts(3)).await;
        application.insert(STRUCT, Some("mail"), PAST).await;
        for (attempt, wait) in [(1_u32, 6), (2, 21)] {
            ready(&store).await;
            let execution = claim_one(&store).await;
            assert_eq!(execution.attempt, attempt);
            settle(&store, execution, fail("no luck")).await;
            let rows = application.query("SELECT attempts, run_at, failed_at FROM {jobs}").await;
            assert_eq!(rows[0].int(0).unwrap(), i64::from(attempt));
            assert_eq!(rows[0].time(1).unwrap(), clock.now() + Duration::from_secs(wait), "5 + n to the fourth");
            assert!(rows[0].time_or_null(2).is_none());
            clock.advance(Duration::from_secs(wait));
        }
        ready(&store).await;
        let execution = claim_one(&store).await;
        settle(&store, execution, fail("the last")).await;
        let row = &application.query("SELECT attempts, failed_at, handler FROM {jobs}").await[0];
        assert_eq!((row.int(0).unwrap(), row.time(1).unwrap()), (3, clock.now()));
        assert!(row.text(2).unwrap().starts_with(STRUCT), "the text of Ruby is unchanged");
        assert_eq!(PayloadObject::read(row.text(2).unwrap()).unwrap().name(), "SendMail");
    }
}

#[tokio::test]
async fn a_rule_that_retries_an_active_job_makes_a_new_row_with_one_more_execution() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        let samples = samples("pg_active_job");
        let handler =
            samples.iter().find_map(|row| row["handler"].as_str().filter(|it| it.contains("GuestJob"))).unwrap();
        let first = application.insert(handler, Some("mail"), PAST).await;
        for executions in 1..=2_u32 {
            let execution = claim_one(&store).await;
            assert_eq!(execution.attempt, executions);
            let mut decision = retry(0, "no luck");
            if let Decision::Retry { meta, .. } = &mut decision {
                *meta = Some(format!(r#"{{"exception_executions":{{"[StandardError]":{executions}}}}}"#));
            }
            settle(&store, execution, decision).await;
            let rows = application.query("SELECT id, attempts, handler, last_error FROM {jobs}").await;
            assert_eq!((rows.len(), rows[0].int(1).unwrap(), rows[0].text_or_null(3)), (1, 0, None));
            assert_ne!(rows[0].int(0).unwrap(), first);
            let PayloadObject::ActiveJob(again) = PayloadObject::read(rows[0].text(2).unwrap()).unwrap() else {
                panic!()
            };
            assert_eq!(again.executions(), executions);
            assert_eq!(again.exception_executions().values().copied().collect::<Vec<_>>(), [executions]);
            assert!(handler.contains(&again.job_id().unwrap()));
            ready(&store).await;
        }
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_left_to_ruby_and_shown_and_holds_up_no_other() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        let broken = application.insert("--- !ruby/object:Broken\n[", None, PAST).await;
        let other = application.insert("no handler at all", None, PAST).await;
        let row = application.insert(STRUCT, None, PAST).await;
        for expected in [vec![JobId::from_number(row)], vec![]] {
            let claimed = store.claim(&Claim::all(ONE, 2)).await.unwrap();
            assert_eq!(claimed.iter().map(jobs_core::Execution::id).collect::<Vec<_>>(), expected);
        }
        let free =
            application.query("SELECT id FROM {jobs} WHERE locked_at IS NULL AND locked_by IS NULL ORDER BY id").await;
        assert_eq!(free.iter().map(|row| row.int(0).unwrap()).collect::<Vec<_>>(), [broken, other]);
        let shown = store.inspect().unwrap().find(JobId::from_number(broken)).await.unwrap().unwrap();
        assert_eq!((shown.name.as_str(), shown.state), ("Broken", State::Ready));
        assert!(shown.errors[0].message.contains("leaves it to Ruby"), "{:?}", shown.errors);
    }
}

#[tokio::test]
async fn a_class_that_the_program_does_not_know_stays_for_those_who_do() {
    for application in Application::all().await {
        let store = application.store(application.options().ruby_names()).await;
        for class in ["SendMail", "Other", "SendMails"] {
            application.insert(&STRUCT.replace("SendMail", class), Some("mail"), PAST).await;
        }
        application.insert("--- !ruby/object:SendMail {}\n", Some("mail"), PAST).await;
        let mut ours = job(9);
        ours.name = "welcome_guest".to_owned();
        store.enqueue(&[ours, job(10)]).await.unwrap();
        let names = ["SendMail", "welcome_guest"].map(str::to_owned);
        let claimed = store.claim(&Claim::all(ONE, 10).with_names(names.into())).await.unwrap();
        let names: Vec<_> = claimed.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["SendMail", "SendMail", "welcome_guest"]);
        let left = application.query("SELECT id FROM {jobs} WHERE locked_at IS NULL").await;
        assert_eq!(left.len(), 3);
    }
}

#[tokio::test]
async fn a_row_that_a_ruby_worker_holds_is_claimed_after_max_run_time_and_not_before() {
    for application in Application::all().await {
        let clock = ManualClock::new();
        let hour = Duration::from_secs(3600);
        let store = application.store(application.by(Arc::new(clock.clone())).max_run_time(hour)).await;
        application.insert(STRUCT, None, PAST).await;
        let now = jobs_delayed_job::row::time_text(clock.now());
        let lock =
            format!("UPDATE {{jobs}} SET locked_at = '{now}', locked_by = 'delayed_job.0 host:worker-1 pid:4242'");
        application.execute(&lock, &[]).await;
        let recovery = jobs_core::Recovery::new(Duration::from_secs(60), 3);
        clock.advance(hour);
        assert!(store.recover(&recovery).await.unwrap().ready.is_empty());
        assert!(store.claim(&Claim::all(ONE, 5)).await.unwrap().is_empty());
        clock.advance(Duration::from_micros(1));
        assert_eq!(store.recover(&recovery).await.unwrap().ready.len(), 1);
        assert_eq!(claim_one(&store).await.attempt, 1, "Ruby does not count it either");
    }
}

#[tokio::test]
async fn a_job_that_a_ruby_worker_performs_is_not_cancelled() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        application.insert(STRUCT, None, PAST).await;
        let lock = "UPDATE {jobs} SET locked_at = run_at, locked_by = 'delayed_job.0 host:worker-1 pid:4242'";
        application.execute(lock, &[]).await;
        let job = store.inspect().unwrap().list(&Filter::state(State::Claimed)).await.unwrap().remove(0);
        let error = store.process_orders().unwrap().cancel(job.id).await.unwrap_err();
        assert!(error.is_unsupported() && error.to_string().contains("host:worker-1"), "{error}");
    }
}

#[tokio::test]
async fn a_ruby_worker_that_unlocked_or_deleted_a_row_makes_the_settlement_stale() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        for statement in ["UPDATE {jobs} SET locked_at = NULL, locked_by = NULL", "DELETE FROM {jobs}"] {
            application.insert(STRUCT, None, PAST).await;
            let execution = claim_one(&store).await;
            application.execute(statement, &[]).await;
            let settled = store.settle(&[execution.settle(Decision::Finish { keep: false })]).await.unwrap();
            assert_eq!(settled, [jobs_core::Settled::Stale], "{statement}");
            application.execute("DELETE FROM {jobs}", &[]).await;
        }
    }
}

#[tokio::test]
async fn a_row_whose_time_is_null_or_to_come_or_that_has_failed_is_not_claimed() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        for change in ["run_at = NULL", "run_at = '2999-01-01 00:00:00.000000'", "failed_at = run_at"] {
            application.insert(STRUCT, None, PAST).await;
            application.execute(&format!("UPDATE {{jobs}} SET {change}"), &[]).await;
            ready(&store).await;
            assert!(store.claim(&Claim::all(ONE, 5)).await.unwrap().is_empty(), "{change}");
            application.execute("DELETE FROM {jobs}", &[]).await;
        }
    }
}

/// The rows of a recorded file.
fn samples(name: &str) -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/4.1");
    let text = std::fs::read_to_string(format!("{folder}/{name}.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter_map(|line| line.get("row").cloned()).collect()
}

const RECORDED: [&str; 10] = [
    "active_job",
    "active_job_failed",
    "enqueue_methods",
    "enqueue_structs",
    "failed_for_ever",
    "failed_nine_times",
    "failed_once",
    "own_reschedule",
    "reserved",
    "unknown_class_kept",
];

const RECORDED_COLUMNS: [&str; 11] = [
    "priority",
    "attempts",
    "handler",
    "last_error",
    "run_at",
    "locked_at",
    "locked_by",
    "failed_at",
    "queue",
    "created_at",
    "updated_at",
];

/// Inserts the recorded rows of a database; how many.
async fn insert_recorded(application: &Application, prefix: &str) -> u64 {
    let is_mysql = application.database.dialect() == jobs_sql::Dialect::MySql;
    let mut rows = 0;
    for row in RECORDED.iter().flat_map(|name| samples(&format!("{prefix}_{name}"))) {
        let values = RECORDED_COLUMNS.map(|column| match &row[column] {
            Value::Null => "NULL".to_owned(),
            Value::String(text) => {
                let text = if is_mysql { text.replace('\\', "\\\\") } else { text.clone() };
                format!("'{}'", text.replace('\'', "''").replace(" UTC", ""))
            }
            other => other.to_string(),
        });
        // A `?` would be taken for the place of a value.
        if values.iter().all(|value| !value.contains('?')) {
            let columns = RECORDED_COLUMNS.join(", ");
            application.execute(&format!("INSERT INTO {{jobs}} ({columns}) VALUES ({})", values.join(", ")), &[]).await;
            rows += 1;
        }
    }
    rows
}

#[tokio::test]
async fn every_recorded_row_is_listed_and_acted_on() {
    for (kind, prefix) in [(Kind::Postgres, "pg"), (Kind::MariaDb, "mysql"), (Kind::Sqlite, "sqlite")] {
        let Some(application) = Application::new(kind).await else { continue };
        let store = application.store(application.options()).await;
        let rows = insert_recorded(&application, prefix).await;
        let inspect = store.inspect().unwrap();
        let all = inspect.list(&Filter { limit: 1000, ..Filter::default() }).await.unwrap();
        assert_eq!((all.len() as u64, inspect.counts().await.unwrap().total()), (rows, rows), "{prefix}");
        assert!(rows > 10 && all.iter().all(|job| !job.name.is_empty()), "{prefix}");
        let ids: Vec<_> = all.iter().filter(|job| job.state != State::Claimed).map(|job| job.id).collect();
        let manage = store.manage().unwrap();
        let moved = manage.reschedule(&ids, Due::In(Duration::from_secs(60))).await.unwrap();
        let failed = all.iter().filter(|job| job.state == State::Failed).count() as u64;
        assert_eq!(moved + failed, ids.len() as u64, "{prefix}");
        assert_eq!(manage.retry(&ids).await.unwrap(), ids.len() as u64, "{prefix}");
        let claimed = store.claim(&Claim::all(ProcessId::new(7), 1000)).await.unwrap();
        assert!(claimed.len() > 10, "{prefix}: {}", claimed.len());
        assert_eq!(manage.discard(&ids).await.unwrap(), (ids.len() - claimed.len()) as u64, "{prefix}");
    }
}
