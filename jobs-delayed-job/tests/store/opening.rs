//! Opening a store: which tables it takes, and what it says about others.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    AttemptCounting, AttemptLogs, ClaimOrder, Decision, Due, Guarantees, Identity, Retention, Settled, Store,
    Uniqueness, connect_without_migrating,
};
use jobs_delayed_job::{DelayedJobOptions, DelayedJobStore};

use jobs_testing::ManualClock;

use crate::application::{Application, Kind};
use crate::rows::{claim_one, job, retry, settle};

#[tokio::test]
async fn a_table_that_is_missing_is_refused_with_what_to_do() {
    for application in Application::all().await {
        let options = application.options().table("no_such_table").unwrap();
        let error = options.connect().await.unwrap_err();
        assert!(
            error.is_invalid() && error.to_string().contains("rails generate delayed_job:active_record"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_table_of_an_old_application_without_queues_is_refused_by_name() {
    for application in Application::all().await {
        application.execute("ALTER TABLE {jobs} DROP COLUMN queue", &[]).await;
        let error = application.options().connect().await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("no column `queue`"), "{error}");
    }
}

#[tokio::test]
async fn without_the_tables_of_ours_a_store_that_may_not_create_them_is_refused() {
    for application in Application::all().await {
        let error = application.options().create_tables(false).connect().await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("jobsctl migrate"), "{error}");
        application.store(application.options()).await;
        application.store(application.options().create_tables(false)).await;
    }
}

#[tokio::test]
async fn the_store_says_which_guarantees_it_gives() {
    // The guide's table of stores says so.
    let expected = Guarantees::ALL
        .with_identity(Identity::AtLeastOnce)
        .with_order(ClaimOrder::PriorityThenDue)
        .with_retention(Retention::FailedOnly)
        .with_uniqueness(Uniqueness::Unsupported)
        .with_attempts(AttemptCounting::AtFailure)
        .with_attempt_logs(AttemptLogs::Unsupported);
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        assert_eq!((store.guarantees(), DelayedJobStore::GUARANTEES), (expected, expected));
        let is_postgres = application.database.dialect() == jobs_sql::Dialect::Postgres;
        assert_eq!(store.transactional().is_some(), is_postgres, "a transaction of another driver cannot be lent");
        assert!(store.recurring().is_none());
    }
}

#[tokio::test]
async fn the_zone_of_the_session_changes_no_time() {
    let zones = [(Kind::Postgres, "options=-c%20TimeZone%3DAsia/Tokyo"), (Kind::MariaDb, "timezone=%2B09:00")];
    for (kind, zone) in zones {
        let Some(application) = Application::new(kind).await else { continue };
        let store = application.with_option(zone).connect().await.unwrap();
        let before = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        assert_eq!(claim_one(&before).await.id(), job(1).id, "it is due now in both zones");
        before.enqueue(&[job(2)]).await.unwrap();
        assert_eq!(claim_one(&store).await.id(), job(2).id);
        let columns = "SELECT locked_at, run_at, created_at FROM {jobs} ORDER BY id";
        let rows = application.query(columns).await;
        for column in 0..3 {
            let [first, second] = [0, 1].map(|row: usize| rows[row].time(column).unwrap());
            let apart = first.duration_since(second).max(second.duration_since(first));
            assert!(apart < Duration::from_secs(3600), "{kind:?}: {rows:?}");
        }
    }
}

#[tokio::test]
async fn a_column_that_is_not_known_is_left_alone() {
    for application in Application::all().await {
        application.execute("ALTER TABLE {jobs} ADD COLUMN tenant varchar(20) DEFAULT 'shop'", &[]).await;
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        let execution = claim_one(&store).await;
        settle(&store, execution, retry(60, "later")).await;
        assert_eq!(application.query("SELECT tenant FROM {jobs}").await[0].text(0).unwrap(), "shop");
    }
}

#[tokio::test]
async fn after_lost_connections_the_next_calls_go_on() {
    let Some(application) = Application::new(Kind::Postgres).await else { return };
    let url = format!("{}?application_name={}", std::env::var("JOBS_TEST_POSTGRES").unwrap(), application.table);
    let store = DelayedJobOptions::new(url).table(&application.table).unwrap().connect().await.unwrap();
    store.enqueue(&[job(1)]).await.unwrap();
    let execution = claim_one(&store).await;
    let end = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{jobs}'";
    assert!(application.query(end).await[0].int(0).unwrap() > 0);
    let settlements = [execution.settle(Decision::Finish { keep: false })];
    let mut answer = store.settle(&settlements).await;
    while answer.as_ref().is_err_and(jobs_core::Error::is_transient) {
        answer = store.settle(&settlements).await;
    }
    assert_eq!(answer.unwrap(), [Settled::Applied]);
}

#[tokio::test]
async fn whole_seconds_of_an_old_table_are_served() {
    for application in Application::all().await {
        let time = match application.database.dialect() {
            jobs_sql::Dialect::Postgres => "ALTER COLUMN {} TYPE timestamp(0)",
            jobs_sql::Dialect::MySql => "MODIFY {} datetime",
            jobs_sql::Dialect::Sqlite => continue,
        };
        let columns = ["run_at", "locked_at", "failed_at", "created_at", "updated_at"];
        let changes = columns.map(|column| time.replace("{}", column)).join(", ");
        application.execute(&format!("ALTER TABLE {{jobs}} {changes}"), &[]).await;
        let clock = ManualClock::new();
        let store = application.store(application.by(Arc::new(clock.clone()))).await;
        let mut later = job(2);
        later.due = Due::In(Duration::from_millis(2_300));
        store.enqueue(&[job(1), later]).await.unwrap();
        clock.advance(Duration::from_secs(1));
        assert_eq!(claim_one(&store).await.id(), job(1).id);
        clock.advance(Duration::from_secs(2));
        assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
        assert_eq!(claim_one(&store).await.id(), job(2).id);
    }
}

#[test]
fn options_of_a_url_are_read_and_others_are_left_to_the_driver() {
    let url =
        "delayed_job+postgres://u:secret@host/db?names=ruby&sslmode=require&table=shop.delayed_jobs&max_run_time=2h";
    let shown = format!("{:?}", DelayedJobOptions::from_url(url).unwrap());
    assert!(shown.contains("shop.delayed_jobs") && shown.contains("Ruby") && shown.contains("7200s"), "{shown}");
    for wrong in
        ["names=perl", "table=a%20b", "max_attempts=0", "max_run_time=long", "destroy_failed_jobs=1", "rails=4"]
    {
        let error = DelayedJobOptions::from_url(&format!("delayed_job+mysql://u:secret@host/db?{wrong}")).unwrap_err();
        assert!(error.is_invalid() && !format!("{error:?}").contains("secret"), "{wrong}: {error:?}");
    }
}

#[test]
fn an_unknown_option_is_refused_with_the_nearest_name() {
    let cases = [
        ("postgres://u:secret@host/db?max_atempts=3", "max_attempts"),
        ("postgres://u:secret@host/db?sslmod=require", "sslmode"),
        ("mysql://u:secret@host/db?tabel=jobs", "table"),
        ("sqlite:app.sqlite3?sslmode=require", "names"),
        ("sqlite:app.sqlite3?x", "names"),
    ];
    for (url, named) in cases {
        let error = DelayedJobOptions::from_url(&format!("delayed_job+{url}")).unwrap_err();
        let shown = error.to_string();
        assert!(error.is_invalid() && shown.contains(named) && !shown.contains("secret"), "{url}: {shown}");
    }
}

#[tokio::test]
async fn a_table_whose_ids_are_no_numbers_is_refused() {
    for application in Application::all().await {
        application.execute("ALTER TABLE {jobs} RENAME TO {jobs}_old", &[]).await;
        let copy = "CREATE TABLE {jobs} AS SELECT CAST('x' AS CHAR(36)) AS id, priority, attempts, handler, last_error, run_at, \
                    locked_at, locked_by, failed_at, queue, created_at, updated_at FROM {jobs}_old";
        application.execute(copy, &[]).await;
        let error = application.options().connect().await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("whole numbers"), "{error}");
    }
}

#[tokio::test]
async fn programs_that_start_at_the_same_time_both_find_their_tables() {
    for application in Application::all().await {
        let open = || application.options().connect();
        let opened = tokio::join!(open(), open(), open(), open());
        for store in [opened.0, opened.1, opened.2, opened.3] {
            store.unwrap();
        }
    }
}

#[tokio::test]
async fn the_schemes_are_those_of_the_three_databases() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("delayed_job+sqlite:{}/app.sqlite3", folder.path().display());
    let error = connect_without_migrating(&url).await.unwrap_err();
    assert!(error.to_string().contains("there is no table `delayed_jobs`"), "{error}");
    assert!(DelayedJobOptions::from_url("delayed_job+oracle://host/db").unwrap_err().is_invalid());
}
