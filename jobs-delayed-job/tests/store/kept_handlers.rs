//! Active Jobs of Ruby that a rule of Rust retries: Ruby reads the same values afterwards.

use jobs_core::Store;
use jobs_delayed_job::{DelayedJobStore, PayloadObject};

use crate::application::{Application, Kind};
use crate::rows::{claim_one, retry, settle};

const WRAPPER: &str = "--- !ruby/object:ActiveJob::QueueAdapters::DelayedJobAdapter::JobWrapper\n";
const PAST: &str = "2020-01-02 03:04:05.000001";

/// A handler with this argument, of which the second line and those after it are indented.
fn handler(argument: &str) -> String {
    format!(
        "{WRAPPER}job_data:\n  job_class: GuestJob\n  job_id: 5678e537-92ef-433f-903d-9103040d7d94\n  queue_name: mail\n\
         \x20 arguments:\n  - {argument}\n  executions: 0\n  exception_executions: {{}}\n"
    )
}

/// What JSON has no form for.
fn kept() -> Vec<String> {
    let arguments = [
        "!binary |-\n    4pyT/w==",
        ".inf",
        "-.inf",
        ".nan",
        "1.5e+400",
        ":card",
        "'k': :card",
        ":k: 1",
        "1: one",
        "? [1, 2]\n    : pair",
        "2026-01-02",
        "2026-01-02 03:04:05.500000000 Z",
        "!ruby/object:BigDecimal 18:0.125e2",
        "!ruby/string:ActiveSupport::SafeBuffer safe",
        "!ruby/hash:ActiveSupport::HashWithIndifferentAccess\n    k: 1",
        "!ruby/range 1..2",
        "[[.inf]]",
    ];
    let mut handlers: Vec<String> = arguments.into_iter().map(handler).collect();
    handlers.push(format!("{}  enqueued_by: :web\n", handler("1")));
    handlers.push(format!("{}other: 1\n", handler("1")));
    handlers.push(handler("1").replace("job_data:", "job_data: !ruby/hash:Sub"));
    handlers
}

/// What is the same value in JSON.
const WRITTEN: [&str; 13] = [
    "'yes'",
    "yes",
    "~",
    "'~'",
    "1_000",
    "'1_000'",
    "123456789012345678901234567890",
    "1.50",
    "1.0e+20",
    "'2026-01-02'",
    "':card'",
    "&1 {a: 1}\n  - *1",
    "{<<: {a: 1}, b: 2}",
];

/// The number, attempts and handler of the only row, after the job has failed and a rule retries it.
async fn retried(application: &Application, store: &DelayedJobStore) -> (i64, i64, String) {
    let execution = claim_one(store).await;
    settle(store, execution, retry(0, "no luck")).await;
    let rows = application.query("SELECT id, attempts, handler FROM {jobs}").await;
    assert_eq!(rows.len(), 1);
    (rows[0].int(0).unwrap(), rows[0].int(1).unwrap(), rows[0].text(2).unwrap().to_owned())
}

#[tokio::test]
async fn a_retry_keeps_a_handler_with_values_that_would_be_others_for_ruby() {
    let application = Application::new(Kind::Sqlite).await.unwrap();
    let store = application.store(application.options()).await;
    for text in kept() {
        let row = application.insert(&text, Some("mail"), PAST).await;
        for attempts in 1..=2 {
            let after = retried(&application, &store).await;
            assert_eq!((after.0, after.1), (row, attempts), "{text}");
            let comment = after.2.strip_prefix(&text).expect(&text);
            assert!(comment.starts_with("# jobs_rs ") && comment.lines().count() == 1, "{comment}");
            let _dispatched = store.dispatch(9).await.unwrap();
        }
        assert_eq!(claim_one(&store).await.attempt, 3, "{text}");
        application.execute("DELETE FROM {jobs}", &[]).await;
    }
}

#[tokio::test]
async fn a_retry_writes_a_handler_anew_whose_values_stay_the_same() {
    let application = Application::new(Kind::Sqlite).await.unwrap();
    let store = application.store(application.options()).await;
    for text in WRITTEN.map(handler) {
        let row = application.insert(&text, Some("mail"), PAST).await;
        let (again, attempts, written) = retried(&application, &store).await;
        assert!(again != row && attempts == 0, "{text}");
        let arguments = |text: &str| PayloadObject::read(text).unwrap().arguments();
        assert_eq!(arguments(&written), arguments(&text));
        application.execute("DELETE FROM {jobs}", &[]).await;
    }
}
