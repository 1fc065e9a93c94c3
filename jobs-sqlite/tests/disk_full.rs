//! A full disk: a transient error, and no job that was enqueued is lost. Instead of a full disk, the shell that starts
//! the process under test sets a limit on the size of files.
#![cfg(unix)]

mod common;

use std::process::{Command, Stdio};

use common::{File, count, enqueue, jobs, work};
use jobs_core::{State, Store};
use jobs_sqlite::SqliteStore;

const CHILD: &str = "JOBS_SQLITE_TEST_FULL";

/// Not a test of its own: the process whose disk is full. It prints how many jobs were enqueued.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let folder = std::path::Path::new(&folder);
    let store = SqliteStore::open(folder.join("jobs.db")).unwrap();
    let mut stored = 0;
    let error = loop {
        match store.enqueue(&jobs(stored..stored + 100)).await {
            Ok(_) => stored += 100,
            Err(error) => break error,
        }
        assert!(stored < 1_000_000, "the limit was to be met by now");
    };
    assert!(error.is_transient(), "{error:?}");
    assert_eq!(count(&store, State::Ready).await, stored, "looking goes on, and sees whole calls only");
    std::fs::write(folder.join("stored"), format!("{stored} {error}")).unwrap();
}

#[tokio::test]
async fn a_full_disk_is_a_transient_error_and_loses_nothing() {
    let file = File::new();
    let child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 4000; exec \"$0\" child --exact"])
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, file.folder.path())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(child.success());
    let answer = std::fs::read_to_string(file.folder.path().join("stored")).unwrap();
    let (stored, words) = answer.split_once(' ').unwrap();
    let stored: u64 = stored.parse().unwrap();
    assert!(stored > 0 && words.starts_with("could not enqueue: "), "{answer}");

    let store = SqliteStore::open(&file.path).unwrap();
    assert_eq!(count(&store, State::Ready).await, stored);
    enqueue(&store, stored..stored + 100).await;
    assert_eq!(work(&store, usize::MAX).await.len() as u64, stored + 100);
}
