//! Errors that an earlier version stored, which are more and longer than this version keeps.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use common::{File, ME, enqueue, id};
use jobs_core::error_limits::{FIRST_ERRORS, LAST_ERRORS, MESSAGE_BYTES};
use jobs_core::{Claim, Decision, ErrorRecord, Filter, Store};

/// Three thousand errors of each job, the last one with a message of a megabyte.
const OLD: &str = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)
    INSERT INTO errors (job, n, class, message, attempt, duration_ms, at)
    SELECT id, n, 'shop::Away', CASE n WHEN 3000 THEN printf('%.*c', 1000000, 'x') ELSE n END, n, 0, 0 FROM jobs, numbers";

#[tokio::test]
async fn old_errors_are_read_within_the_limits_and_removed_when_the_job_fails_again() {
    let file = File::new();
    let store = file.options().open().unwrap();
    enqueue(&store, 1..21).await;
    file.stranger().execute_batch(OLD).unwrap();
    let inspect = store.inspect().unwrap();
    let page = inspect.page(&Filter::default().summaries()).await.unwrap();
    assert_eq!(page.jobs.len(), 20);
    for job in page.jobs {
        let [error] = job.errors.as_slice() else { panic!("{} errors", job.errors.len()) };
        assert!(error.class == "shop::Away" && error.message.starts_with("xxx") && error.message.len() <= 1024);
    }
    let job = inspect.find(id(1)).await.unwrap().unwrap();
    assert_eq!(job.errors.len(), FIRST_ERRORS + LAST_ERRORS);
    assert_eq!((job.errors[4].attempt, job.errors[5].attempt), (5, 2956));
    assert!(job.errors.iter().all(|error| error.message.len() <= MESSAGE_BYTES));

    for left in [2001, 1002, 50, 50] {
        let claimed = store.claim(&Claim::all(ME, 20)).await.unwrap();
        let error = ErrorRecord::new("shop::Away", "again");
        let retry = |error: &ErrorRecord| Decision::Retry {
            wait: std::time::Duration::ZERO,
            queue: None,
            priority: None,
            meta: None,
            error: error.clone(),
        };
        let failed: Vec<_> = claimed.into_iter().map(|execution| execution.settle(retry(&error))).collect();
        assert_eq!(store.settle(&failed).await.unwrap().len(), 20);
        assert_eq!(store.dispatch(20).await.unwrap().ready, 20);
        let counts = "SELECT min(count), max(count) FROM (SELECT count(*) AS count FROM errors GROUP BY job)";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        assert_eq!(file.stranger().query_row(counts, [], read).unwrap(), (left, left));
    }
    let job = inspect.find(id(1)).await.unwrap().unwrap();
    assert!(job.errors[..5].iter().all(|error| error.attempt <= 5), "the first ones stay");
    assert!(job.errors[46..].iter().all(|error| error.message == "again"), "and the last ones");
}
