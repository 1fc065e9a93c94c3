//! The rows that Rust writes, and what its moves make of them.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    Claim, Decision, Due, ErrorRecord, Execution, JobId, NewJob, Process, ProcessId, ProcessStatus, Settled,
    Settlement, State, Store,
};
use jobs_delayed_job::{DelayedJobStore, PayloadObject};
use jobs_testing::ManualClock;

use crate::application::{Application, Kind, NO_SERVER};

pub(crate) const ONE: ProcessId = ProcessId::new(1);

pub(crate) fn job(number: u8) -> NewJob {
    NewJob::new(JobId::from_bytes([number; 16]), "WelcomeJob", r#"{"user_id":42,"note":"Grüße"}"#)
}

pub(crate) async fn claim_one(store: &DelayedJobStore) -> Execution {
    store.claim(&Claim::all(ONE, 1)).await.unwrap().pop().expect("a job is ready")
}

pub(crate) async fn settle(store: &DelayedJobStore, execution: Execution, decision: Decision) {
    assert_eq!(store.settle(&[execution.settle(decision)]).await.unwrap(), [Settled::Applied]);
}

pub(crate) fn retry(wait: u64, message: &str) -> Decision {
    let error = ErrorRecord::new("shop::Error", message);
    Decision::Retry { wait: Duration::from_secs(wait), queue: None, priority: None, meta: None, error }
}

const COLUMNS: &str = "SELECT handler, priority, attempts, queue, locked_by, last_error, run_at, updated_at, locked_at, \
                       failed_at, created_at FROM {jobs} ORDER BY id";

#[tokio::test]
async fn a_new_row_is_that_of_an_active_job_with_our_priority_turned_round() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        let mut new = job(1);
        (new.priority, new.queue) = (7, "mail".to_owned());
        store.enqueue(&[new]).await.unwrap();
        let rows = application.query(COLUMNS).await;
        let row = &rows[0];
        assert_eq!((row.int(1).unwrap(), row.int(2).unwrap(), row.text(3).unwrap()), (-7, 0, "mail"));
        assert!([4, 5, 8, 9].into_iter().all(|column| row.text_or_null(column).is_none()), "{row:?}");
        let [due, changed, created] = [6, 7, 10].map(|column| row.time(column).unwrap());
        assert_eq!((due, due), (changed, created));
        let PayloadObject::ActiveJob(ruby) = PayloadObject::read(row.text(0).unwrap()).unwrap() else { panic!() };
        assert_eq!((ruby.class().as_deref(), ruby.arguments()), (Some("WelcomeJob"), r#"[42,"Grüße"]"#));
        assert_eq!((ruby.queue().as_deref(), ruby.priority()), (Some("mail"), Some(-7)));
    }
}

#[tokio::test]
async fn a_time_of_sqlite_is_a_text_with_six_digits() {
    let clock = ManualClock::new();
    let application = Application::new(crate::application::Kind::Sqlite).await.unwrap();
    let store = application.store(application.by(Arc::new(clock))).await;
    store.enqueue(&[job(1)]).await.unwrap();
    claim_one(&store).await;
    let rows = application.query("SELECT run_at, updated_at, locked_at FROM {jobs}").await;
    for column in 0..3 {
        let text = rows[0].text(column).unwrap();
        assert!(text.len() == 26 && text.as_bytes()[10] == b' ' && text.as_bytes()[19] == b'.', "{text}");
    }
}

#[tokio::test]
async fn a_scheduled_time_keeps_its_microseconds() {
    for application in Application::all().await {
        let clock = ManualClock::new();
        let store = application.store(application.by(Arc::new(clock.clone()))).await;
        let mut later = job(1);
        later.due = Due::In(Duration::from_micros(60_000_123));
        let due = later.due.at(jobs_core::Clock::now(&clock));
        store.enqueue(&[later]).await.unwrap();
        assert_eq!(application.query("SELECT run_at FROM {jobs}").await[0].time(0).unwrap(), due);
    }
}

#[tokio::test]
async fn a_claim_names_host_and_process_and_a_release_leaves_attempts_and_time() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let before = application.query(COLUMNS).await;
        let execution = claim_one(&store).await;
        let held = application.query(COLUMNS).await;
        let name = held[0].text(4).unwrap();
        let pid = format!(" pid:{} jobs_rs:{ONE}:", std::process::id());
        assert!(name.starts_with("host:") && name.contains(&pid) && name.len() <= 191, "{name}");
        assert!(held[0].time_or_null(8).is_some());
        settle(&store, execution, Decision::Release).await;
        assert_eq!(application.query(COLUMNS).await, before);
    }
}

#[tokio::test]
async fn a_failure_raises_attempts_writes_the_error_and_takes_the_lock_off() {
    for application in Application::all().await {
        let clock = ManualClock::new();
        let store = application.store(application.by(Arc::new(clock.clone()))).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let execution = claim_one(&store).await;
        let mut error = ErrorRecord::new("shop::Error", "the card was declined");
        error.causes = vec!["timed out".to_owned()];
        let decision = Decision::Retry { wait: Duration::from_secs(9), queue: None, priority: None, meta: None, error };
        settle(&store, execution, decision).await;
        let row = &application.query(COLUMNS).await[0];
        assert_eq!((row.int(2).unwrap(), row.text(5).unwrap()), (1, "the card was declined\ntimed out"));
        assert_eq!(row.time(6).unwrap(), jobs_core::Clock::now(&clock) + Duration::from_secs(9));
        assert!(row.text_or_null(4).is_none() && row.time_or_null(8).is_none() && row.time_or_null(9).is_none());
        assert!(PayloadObject::read(row.text(0).unwrap()).is_ok());
    }
}

#[tokio::test]
async fn a_job_that_failed_for_good_is_kept_or_deleted_as_the_options_say() {
    for application in Application::all().await {
        for destroys in [false, true] {
            let store = application.store(application.options().destroy_failed_jobs(destroys)).await;
            store.enqueue(&[job(1)]).await.unwrap();
            let execution = claim_one(&store).await;
            settle(&store, execution, Decision::Fail { meta: None, error: ErrorRecord::new("E", "no") }).await;
            let rows = application.query(COLUMNS).await;
            assert_eq!(rows.len(), 1, "the first one stays, and the second is deleted");
            assert!(rows[0].time_or_null(9).is_some() && rows[0].text_or_null(4).is_none());
        }
    }
}

#[tokio::test]
async fn a_manual_retry_gives_all_attempts_of_ruby_again_and_keeps_the_count() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let execution = claim_one(&store).await;
        settle(&store, execution, Decision::Fail { meta: None, error: ErrorRecord::new("E", "no") }).await;
        assert_eq!(store.manage().unwrap().retry(&[JobId::from_bytes([1; 16])]).await.unwrap(), 1);
        let row = &application.query(COLUMNS).await[0];
        assert_eq!((row.int(2).unwrap(), row.time_or_null(9), row.text_or_null(4)), (0, None, None));
        assert_eq!(claim_one(&store).await.attempt, 2);
    }
}

#[tokio::test]
async fn a_stale_settlement_in_the_same_call_does_not_refuse_the_valid_one() {
    for application in Application::all().await {
        let clock = ManualClock::new();
        let store = application.store(application.by(Arc::new(clock.clone()))).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let process = Process::new(ONE, "worker", "host", 7);
        let _reply = store.heartbeat(&process).await.unwrap();
        let first = claim_one(&store).await.token;
        let first = |decision| Settlement::new(first, decision);
        assert_eq!(store.settle(&[first(Decision::Release)]).await.unwrap(), [Settled::Applied]);
        let second = claim_one(&store).await;
        let finish = || Decision::Finish { keep: false };
        assert_eq!(store.settle(&[first(finish())]).await.unwrap(), [Settled::Stale]);
        clock.advance(Duration::from_secs(3 * 60 * 60));
        let _reply = store.heartbeat(&process).await.unwrap();
        let locked_at = application.query(COLUMNS).await[0].time(8).unwrap();
        assert_eq!(locked_at, jobs_core::Clock::now(&clock), "the second claim is still renewed");
        let settled = store.settle(&[first(finish()), second.settle(finish())]).await.unwrap();
        assert_eq!(settled, [Settled::Stale, Settled::Applied]);
    }
}

#[tokio::test]
async fn a_comment_that_cannot_be_read_makes_no_settlement_stale() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let execution = claim_one(&store).await;
        application.execute("UPDATE {jobs} SET handler = REPLACE(handler, '# jobs_rs {', '# jobs_rs 2 {')", &[]).await;
        settle(&store, execution, Decision::Finish { keep: false }).await;
    }
}

#[tokio::test]
async fn a_handler_that_its_column_does_not_hold_is_refused_with_what_to_do() {
    let Some(application) = Application::new(Kind::MariaDb).await else { return jobs_testing::skip(NO_SERVER) };
    application.execute("ALTER TABLE {jobs} MODIFY handler text NOT NULL", &[]).await;
    let store = application.store(application.options()).await;
    let long = NewJob::new(JobId::from_bytes([1; 16]), "WelcomeJob", format!(r#"{{"note":"{}"}}"#, "x".repeat(70_000)));
    let error = store.enqueue(&[long]).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("longtext"), "{error}");
}

#[tokio::test]
async fn at_a_stop_no_row_has_a_lock_of_the_process() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1), job(2)]).await.unwrap();
        assert_eq!(store.claim(&Claim::all(ONE, 5)).await.unwrap().len(), 2);
        let mut process = Process::new(ONE, "worker", "host", 7);
        process.phase = ProcessStatus::Stopped;
        let _reply = store.heartbeat(&process).await.unwrap();
        let held =
            application.query("SELECT id FROM {jobs} WHERE locked_at IS NOT NULL OR locked_by IS NOT NULL").await;
        assert!(held.is_empty(), "{held:?}");
    }
}

#[tokio::test]
async fn heartbeats_renew_the_locks_of_the_jobs_that_a_process_holds() {
    for application in Application::all().await {
        let clock = ManualClock::new();
        let store = application.store(application.by(Arc::new(clock.clone()))).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let process = Process::new(ONE, "worker", "host", 7);
        let _reply = store.heartbeat(&process).await.unwrap();
        let execution = claim_one(&store).await;
        for _ in 0..3 {
            clock.advance(Duration::from_secs(3 * 60 * 60));
            let _reply = store.heartbeat(&process).await.unwrap();
            let locked_at = application.query(COLUMNS).await[0].time(8).unwrap();
            assert_eq!(locked_at, jobs_core::Clock::now(&clock), "no Ruby worker takes it");
        }
        settle(&store, execution, Decision::Finish { keep: false }).await;
        assert!(application.query(COLUMNS).await.is_empty(), "a finished job is deleted");
    }
}

#[tokio::test]
async fn figures_of_all_states_add_up_to_the_rows() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        let mut jobs: Vec<NewJob> = (1..=5).map(job).collect();
        jobs[4].due = Due::In(Duration::from_secs(60));
        store.enqueue(&jobs).await.unwrap();
        for decision in [Some(Decision::Fail { meta: None, error: ErrorRecord::new("E", "no") }), None] {
            let execution = claim_one(&store).await;
            if let Some(decision) = decision {
                settle(&store, execution, decision).await;
            }
        }
        application
            .execute(
                "UPDATE {jobs} SET run_at = NULL WHERE id = (SELECT n FROM (SELECT MAX(id) AS n FROM {jobs}) AS m)",
                &[],
            )
            .await;
        let counts = store.inspect().unwrap().counts().await.unwrap();
        let of = [State::Ready, State::Scheduled, State::Claimed, State::Failed].map(|state| counts.of(state));
        assert_eq!((of, counts.total()), ([2, 1, 1, 1], 5), "a row without a time is scheduled for ever");
    }
}

#[tokio::test]
async fn the_last_error_is_cut_to_its_column_and_the_job_goes_on() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let mut error = ErrorRecord::new("E", "\0é".repeat(100_000));
        error.causes = vec!["cause 🦀".repeat(1000); 40];
        let execution = claim_one(&store).await;
        settle(&store, execution, Decision::Fail { meta: None, error }).await;
        let text = application.query(COLUMNS).await[0].text(5).unwrap().to_owned();
        assert!(text.len() <= 65_535 && !text.contains('\0'), "{}", text.len());
    }
}
