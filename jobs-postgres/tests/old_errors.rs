//! Errors that an earlier version stored, which are more and longer than this version keeps.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use common::{ME, TestDb, enqueue, id};
use jobs_core::error_limits::{FIRST_ERRORS, LAST_ERRORS, MESSAGE_BYTES};
use jobs_core::{Claim, Decision, ErrorRecord, Filter, Store};

/// Three thousand errors of each job, the last one with a message of a megabyte.
const OLD: &str = r#"INSERT INTO {schema}.errors (job, error)
    SELECT id, '{"class":"shop::Away","message":"' || CASE n WHEN 3000 THEN repeat('é', 500000) ELSE n::text END || '","attempt":' || n || '}'
    FROM {schema}.jobs, generate_series(1, 3000) AS n;
    UPDATE {schema}.jobs SET claims = 3000, attempts = 3000"#;

#[tokio::test]
async fn old_errors_are_read_within_the_limits_and_removed_when_the_job_fails_again() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..21).await;
    db.run(OLD).await;
    let inspect = store.inspect().unwrap();
    let page = inspect.page(&Filter::default().summaries()).await.unwrap();
    assert_eq!(page.jobs.len(), 20);
    for job in page.jobs {
        let [error] = job.errors.as_slice() else { panic!("{} errors", job.errors.len()) };
        assert!(error.class == "shop::Away" && error.message.starts_with('é') && error.message.len() <= 1024);
    }
    let job = inspect.find(id(1)).await.unwrap().unwrap();
    assert_eq!(job.errors.len(), FIRST_ERRORS + LAST_ERRORS);
    assert_eq!((job.errors[4].attempt, job.errors[5].attempt), (5, 2956));
    assert!(job.errors.iter().all(|error| error.message.len() <= MESSAGE_BYTES));

    for left in [2001, 1002, 50, 50] {
        let claim = Claim::all(ME, 20);
        let failed = store.claim(&claim).await.unwrap().into_iter().map(|execution| {
            execution.settle(Decision::Retry {
                wait: std::time::Duration::ZERO,
                queue: None,
                priority: None,
                meta: None,
                error: ErrorRecord::new("shop::Away", "again"),
            })
        });
        store.settle(&failed.collect::<Vec<_>>()).await.unwrap();
        store.dispatch(20).await.unwrap();
        let count = db.sql("SELECT count(*) FROM {schema}.errors GROUP BY job");
        let counts = db.stranger().await.query(&count, &[]).await.unwrap();
        assert!(counts.iter().all(|row| row.get::<_, i64>(0) == left), "{left}: {counts:?}");
    }
    let job = inspect.find(id(1)).await.unwrap().unwrap();
    assert!(job.errors[..5].iter().all(|error| error.attempt <= 5), "the first ones stay");
    assert!(job.errors[46..].iter().all(|error| error.message == "again"), "and the last ones");
}
