//! What wakes a worker that waits, and how callers at the same time share an enqueue.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Notifier, Store};
use jobs_testing::plain::enqueue_at_once;
use tokio::time::timeout;

use crate::application::{Application, Kind, NO_SERVER};
use crate::rows::job;

/// Only a deadline: nothing takes that long.
const DEADLINE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_row_of_ruby_wakes_a_worker_that_waits() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        let mut listener = store.notifier().map(Notifier::listen).unwrap();
        for number in 1..=2 {
            application.insert("--- !ruby/object:Report {}\n", None, "2026-01-02 03:04:05").await;
            assert!(timeout(DEADLINE, listener.recv()).await.is_ok(), "row {number} on {:?}", application.database);
        }
    }
}

/// Enqueues jobs 0 to 19 by a caller each, at the same time; job 7 in the queue `refused`. Which of them failed.
async fn enqueued_at_the_same_time(application: &Application) -> Vec<usize> {
    let jobs = (0..20).map(|number| {
        let mut job = job(number);
        if number == 7 { "refused" } else { "default" }.clone_into(&mut job.queue);
        job
    });
    enqueue_at_once(&Arc::new(application.store(application.options()).await), jobs).await
}

#[tokio::test]
async fn callers_at_the_same_time_share_a_transaction() {
    let Some(application) = Application::new(Kind::Postgres).await else { return jobs_testing::skip(NO_SERVER) };
    assert!(enqueued_at_the_same_time(&application).await.is_empty());
    let rows = application.query("SELECT COUNT(*), COUNT(DISTINCT xmin::text) FROM {jobs}").await;
    let (jobs, transactions) = (rows[0].int(0).unwrap(), rows[0].int(1).unwrap());
    assert!(jobs == 20 && transactions < 10, "{jobs} jobs in {transactions} transactions");
}

#[tokio::test]
async fn a_job_that_the_database_refuses_fails_alone_among_callers_at_the_same_time() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let Some(application) = Application::new(kind).await else {
            jobs_testing::skip(NO_SERVER);
            continue;
        };
        application.execute("ALTER TABLE {jobs} ADD CONSTRAINT refuse CHECK (queue <> 'refused')", &[]).await;
        assert_eq!(enqueued_at_the_same_time(&application).await, [7], "{kind:?}");
        assert_eq!(application.query("SELECT COUNT(*) FROM {jobs}").await[0].int(0).unwrap(), 19, "{kind:?}");
    }
}
