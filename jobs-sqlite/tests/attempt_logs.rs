//! Logs of attempts, in files of the version before and beside programs of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::{File, enqueue, id, work};
use jobs_core::{AttemptLog, Claim, Decision, ErrorRecord, LogLevel, LogLine, ProcessId, Store, Timestamp};

fn logged(message: &str) -> AttemptLog {
    AttemptLog::new(vec![LogLine::new(Timestamp::default(), LogLevel::Info, "shop", message)], 0, Vec::new())
}

async fn claimed(store: &dyn Store) -> jobs_core::Execution {
    store.claim(&Claim::all(ProcessId::new(7), 1)).await.unwrap().remove(0)
}

#[tokio::test]
async fn logs_are_kept_in_a_file_of_the_version_before() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 1..3).await;
    let retry = |words: &str| {
        let error = ErrorRecord::new("E", words);
        Decision::Retry { wait: std::time::Duration::ZERO, queue: None, priority: None, meta: None, error }
    };
    let _settled = store.settle(&[claimed(&store).await.settle(retry("old"))]).await.unwrap();
    drop(store);
    file.back_to_step(10);
    let store = file.open();
    store.dispatch(1).await.unwrap();
    let finish = Decision::Finish { keep: true };
    for (decision, log) in [(retry("new"), "failed"), (finish, "finished")] {
        let settlement = claimed(&store).await.settle(decision).with_log(Some(logged(log)));
        let _settled = store.settle(&[settlement]).await.unwrap();
    }
    let find = async |number| store.inspect().unwrap().find(id(number)).await.unwrap().unwrap();
    let logs: Vec<_> = find(1).await.errors.into_iter().map(|error| error.log.map(|log| *log)).collect();
    assert_eq!(logs, [None, Some(logged("failed"))]);
    assert_eq!(
        (find(2).await.log, find(2).await.finished_by),
        (Some(Box::new(logged("finished"))), Some(ProcessId::new(7)))
    );
}

/// What a program of the version before this one writes and removes, beside one of this version.
#[tokio::test]
async fn a_program_that_knows_no_logs_works_beside_one_that_does() {
    let file = File::new();
    let store = file.open();
    enqueue(&store, 1..3).await;
    let finish = claimed(&store).await.settle(Decision::Finish { keep: true }).with_log(Some(logged("finished")));
    let _settled = store.settle(&[finish]).await.unwrap();
    let older = file.stranger();
    older
        .execute_batch(
            "INSERT INTO errors (job, n, class, message, causes, attempt, duration_ms, at, process)
             SELECT id, 1, 'E', 'old', NULL, 1, 0, 0, NULL FROM jobs WHERE state = 2;
             DELETE FROM jobs WHERE state = 5",
        )
        .unwrap();
    let failed = store.inspect().unwrap().find(id(2)).await.unwrap().unwrap();
    assert_eq!((failed.errors.len(), &failed.errors[0].log), (1, &None));
    let left = || older.query_row("SELECT count(*) FROM finished_logs", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(left(), 1, "the older program left the log behind");
    assert_eq!(work(&store, 1).await, [id(2)]);
    file.clock.advance(std::time::Duration::from_secs(3600));
    assert_eq!(store.manage().unwrap().prune(std::time::Duration::from_secs(60), 10).await.unwrap(), 1);
    assert_eq!(left(), 0, "it goes with the next jobs that are pruned");
}
