//! The file itself is damaged.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;

use jobs::store::{Claim, Filter, ProcessId};
use tempfile::TempDir;

use crate::support::fixture::Fixture;
use crate::support::process::Process;
use crate::support::worker::{Orders, Work, builder};

const PAGE: u64 = 4096;

/// A folder with a file of many jobs, closed, with junk from this page on.
async fn junk(page: impl Fn(u64) -> u64) -> TempDir {
    let Fixture { folder, jobs, .. } = Fixture::new().await;
    let _stored = jobs.perform_all_later((0..3000).map(Work::new)).await.unwrap();
    drop(jobs);
    let file = OpenOptions::new().write(true).open(folder.path().join("jobs.db")).unwrap();
    let length = file.metadata().unwrap().len();
    let from = page(length / PAGE) * PAGE;
    assert!(from > 0 && length > from + 20 * PAGE, "the log was moved into the file");
    file.write_all_at(&vec![0xA5; usize::try_from(length - from).unwrap()], from).unwrap();
    folder
}

/// A fixture on such a file.
async fn damaged(page: impl Fn(u64) -> u64) -> Fixture {
    let folder = junk(page).await;
    let runtime = builder(&Orders::new(folder.path())).build().await.unwrap();
    Fixture { jobs: runtime.client(), folder, schema: None }
}

#[tokio::test]
async fn a_damaged_file_is_an_error_of_each_call_and_no_panic() {
    let fixture = damaged(|pages| pages / 4).await;
    let store = fixture.jobs.store();
    let errors = [
        fixture.inspect().list(&Filter::default()).await.err(),
        fixture.inspect().counts().await.err(),
        store.claim(&Claim::all(ProcessId::new(1), 10)).await.err(),
        fixture.jobs.perform_all_later((0..10).map(Work::new)).await.err().map(jobs::Error::from),
    ];
    assert!(errors.iter().any(Option::is_some), "junk is no database");
    for error in errors.into_iter().flatten() {
        assert!(error.is_corrupt() && error.to_string().contains("the database is damaged"), "{error}");
    }
}

#[tokio::test]
async fn a_runtime_on_a_file_that_is_all_junk_does_not_start_and_says_why() {
    let folder = junk(|_| 3).await;
    let error = match builder(&Orders::new(folder.path())).build().await {
        Ok(runtime) => runtime.start().await.unwrap_err(),
        Err(error) => error,
    };
    assert!(error.is_corrupt() && error.to_string().contains("restore it from a backup"), "{error}");
}

#[tokio::test]
async fn a_worker_that_reads_a_damaged_page_reports_it_and_continues() {
    let fixture = damaged(|pages| pages / 2).await;
    let mut orders = fixture.orders();
    orders.until_drained = false;
    let mut worker = Process::start(&orders);
    worker.says(3, "@store_failed settle and claim: could not settle and claim: the database is damaged").await;
    assert!(worker.is_alive());
    worker.signal("TERM");
    worker.says(1, "@quiet").await;
    worker.signal("TERM");
    worker.succeeds().await;
    assert!(worker.has_said("@stop"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_at_build_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jobs.db");
    let text = "order,price\n".repeat(1000);
    std::fs::write(&file, &text).unwrap();
    let error = builder(&Orders::new(folder.path())).build().await.unwrap_err();
    assert!(error.is_corrupt() && error.to_string().contains("is not an SQLite database"), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
