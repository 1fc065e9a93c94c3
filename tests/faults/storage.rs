//! The disk is full, or the file goes away under a worker.

use std::time::Duration;

use jobs::{AnyJob, State};

use crate::support::fixture::Fixture;
use crate::support::process::Process;
use crate::support::worker::Rest;

#[tokio::test]
async fn a_worker_whose_disk_is_full_reports_it_and_continues_when_there_is_room() {
    let fixture = Fixture::new().await;
    let mut orders = fixture.orders();
    orders.until_drained = false;
    let mut worker = Process::start(&orders);
    worker.says(1, "@start").await;
    worker.limit_files("1");
    let _stored = fixture.jobs.perform_all_later((0..500).map(|_| AnyJob::new(Rest::new()))).await.unwrap();
    worker.says(3, "@store_failed").await;
    assert!(worker.is_alive());
    worker.limit_files("unlimited");
    worker.says(500, "@perform rest").await;
    worker.signal("TERM");
    worker.succeeds().await;
    let counts = fixture.counts().await;
    assert_eq!((counts.of(State::Finished), counts.total()), (500, 500));
    assert!(fixture.all().await.iter().all(|record| record.attempts == 1));
}

#[tokio::test]
async fn a_worker_whose_folder_is_removed_does_not_end_and_stops_in_order() {
    let fixture = Fixture::new().await;
    let mut orders = fixture.orders();
    // Nothing can be settled any more, so there is no use in waiting for long.
    (orders.until_drained, orders.shutdown) = (false, Duration::from_millis(200));
    // Settlements cannot be written any more; the worker tries for this long.
    orders.shutdown = Duration::from_secs(1);
    let mut worker = Process::start(&orders);
    worker.says(1, "@start").await;
    fixture.enqueue(0..50).await;
    worker.says(10, "@perform work").await;
    // A job may write its line in between.
    while std::fs::remove_dir_all(fixture.folder.path()).is_err() {}
    // The ledger is gone, so the jobs fail, but the worker does not.
    worker.says(1, "@fail work").await;
    assert!(worker.is_alive());
    worker.signal("TERM");
    worker.succeeds().await;
    assert!(worker.has_said("@stop"));
}

#[tokio::test]
async fn a_worker_whose_file_is_removed_reports_it() {
    let fixture = Fixture::new().await;
    let mut orders = fixture.orders();
    orders.until_drained = false;
    let worker = Process::start(&orders);
    worker.says(1, "@start").await;
    std::fs::remove_dir_all(fixture.folder.path()).unwrap();
    worker.says(1, "@store_failed").await;
}
