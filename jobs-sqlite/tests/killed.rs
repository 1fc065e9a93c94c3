//! A process is killed at the worst moments. Afterwards no job is lost.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::{File, ME, finish, id, job};
use jobs_core::{Claim, Execution, JobId, ProcessId, Recovery, State, Store};
use jobs_sqlite::SqliteStore;

const CHILD: &str = "JOBS_SQLITE_TEST_CHILD";
const JOBS: u64 = 60;

/// Not a test of its own: the process that is killed. It prints each result that it got.
#[tokio::test]
async fn child() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let folder = Path::new(&folder);
    let store = SqliteStore::open(folder.join("jobs.db")).unwrap();
    let mut answers = std::fs::File::create(folder.join("answers")).unwrap();
    let mut note = |what: &str, ids: &[JobId]| {
        let lines = ids.iter().fold(String::new(), |mut lines, id| {
            writeln!(lines, "{what} {id}").unwrap();
            lines
        });
        answers.write_all(lines.as_bytes()).unwrap();
    };
    for number in 0..JOBS {
        let _stored = store.enqueue(&[job(number)]).await.unwrap();
        note("enqueued", &[id(number)]);
    }
    let mut settlements = Vec::new();
    loop {
        let settled: Vec<_> = settlements.iter().map(|it: &jobs_core::Settlement| it.token.job).collect();
        let (_, executions) = store.settle_and_claim(&settlements, &Claim::all(ME, 5)).await.unwrap();
        note("settled", &settled);
        if executions.is_empty() {
            return;
        }
        settlements = finish(executions);
    }
}

/// Runs the child until it dies at the fault point. Returns its file and the results that it got.
fn killed_at(point: &str) -> (File, BTreeSet<String>) {
    let file = File::new();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture"])
        .env(CHILD, file.folder.path())
        .env("JOBS_SQLITE_FAULT", point)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success(), "the child was to die at {point}");
    let answers = std::fs::read_to_string(file.folder.path().join("answers")).unwrap();
    (file, answers.lines().map(str::to_owned).collect())
}

fn said(answers: &BTreeSet<String>, what: &str) -> BTreeSet<JobId> {
    answers.iter().filter_map(|line| line.strip_prefix(what)?.trim().parse().ok()).collect()
}

async fn in_state(store: &SqliteStore, state: Option<State>) -> BTreeSet<JobId> {
    let filter = jobs_core::Filter { state, limit: 1000, ..jobs_core::Filter::default() };
    store.inspect().unwrap().list(&filter).await.unwrap().into_iter().map(|record| record.id).collect()
}

async fn everything_is_accounted_for(point: &str) {
    let (file, answers) = killed_at(point);
    let store = SqliteStore::open(&file.path).unwrap();
    let (enqueued, settled) = (said(&answers, "enqueued"), said(&answers, "settled"));
    let stored = in_state(&store, None).await;
    let finished = in_state(&store, Some(State::Finished)).await;
    assert!(enqueued.is_subset(&stored), "{point}: a job that was stored is lost");
    assert!(stored.len() <= enqueued.len() + 1, "{point}: more jobs than were ever handed over");
    assert!(settled.is_subset(&finished), "{point}: a job that was settled is not");

    let recovery = Recovery::new(Duration::ZERO, 10);
    let recovered: BTreeSet<_> = store.recover(&recovery).await.unwrap().ready.into_iter().collect();
    assert!(recovered.is_disjoint(&finished), "{point}: a finished job runs again");
    let claim = Claim::all(ProcessId::new(8), 1000);
    let rest = store.claim(&claim).await.unwrap();
    let ran: BTreeSet<_> = rest.iter().map(Execution::id).collect();
    assert!(recovered.is_subset(&ran), "{point}: a job that was held does not come back");
    let _settled = store.settle(&finish(rest)).await.unwrap();
    assert_eq!(in_state(&store, Some(State::Finished)).await, stored, "{point}: a job was never done");
}

macro_rules! killed {
    ($($name:ident at $point:literal;)*) => {
        $(#[tokio::test]
        async fn $name() {
            everything_is_accounted_for($point).await;
        })*
    };
}

killed! {
    before_an_enqueue_is_committed at "enqueue:before-commit:20";
    after_an_enqueue_before_it_is_answered at "enqueue:after-commit:20";
    before_the_first_claim_is_committed at "claim:before-commit:1";
    after_the_first_claim_before_it_is_answered at "claim:after-commit:1";
    before_a_settlement_is_committed at "settle:before-commit:4";
    after_a_settlement_before_it_is_answered at "settle:after-commit:4";
}

#[tokio::test]
async fn a_child_that_is_not_killed_finishes_all_jobs() {
    let file = File::new();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact"])
        .env(CHILD, file.folder.path())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(child.success());
    let store = SqliteStore::open(&file.path).unwrap();
    assert_eq!(common::count(&store, State::Finished).await, JOBS);
}
