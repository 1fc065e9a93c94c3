//! `migrate`: only this command and `start` change the tables of a store.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use jobs::store::{NewJob, connect};

use crate::fixture::{TestDir, id, shop};

/// The first version of the tables.
const FIRST: &str =
    concat!(include_str!("../../../jobs-sqlite/src/migrations/0001_jobs.sql"), "; PRAGMA user_version = 1");

const OLDER: &str = "sqlite:older.db";

impl TestDir {
    /// A folder that also has a database `older.db` with outdated tables.
    async fn with_outdated_database() -> Self {
        let dir = Self::new().await;
        dir.sql("older.db", FIRST);
        dir
    }

    /// Runs SQL in a database, and returns the version of its tables.
    fn sql(&self, file: &str, text: &str) -> i32 {
        let database = rusqlite::Connection::open(self.folder.path().join(file)).unwrap();
        database.execute_batch(text).unwrap();
        database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }
}

#[tokio::test]
async fn commands_on_outdated_tables_say_to_migrate_and_change_nothing() {
    let dir = TestDir::with_outdated_database().await;
    for args in [
        &["list"] as &[_],
        &["show", "00000000-0000-0000-0000-000000000001"],
        &["retry", "--state", "failed"],
        &["discard", "--state", "failed", "--yes"],
        &["reschedule", "--state", "scheduled", "--in", "1h"],
        &["prune", "--older-than", "1d"],
        &["queues"],
        &["pause", "mail"],
        &["resume", "mail"],
        &["processes"],
        &["stats"],
    ] {
        let output = dir.jobs(&[args, &["--url", OLDER]].concat()).refused(1);
        assert!(output.contains("of schema 1") && output.contains("run `jobsctl migrate`"), "{args:?}: {output}");
    }
    for args in [&["health", "--json"] as &[_], &["check", "--json"]] {
        let output = dir.jobs(&[args, &["--url", OLDER]].concat());
        assert!(output.status == 3 && output.out.contains("run `jobsctl migrate`"), "{args:?}: {output:?}");
    }
    assert_eq!(dir.sql("older.db", ""), 1);
    assert_eq!(dir.jobs(&["migrate", "--url", OLDER]).done(), "the tables are up to date\n");
    assert_eq!(dir.jobs(&["list", "--json", "--url", OLDER]).done(), "");
}

#[tokio::test]
async fn a_read_command_creates_no_tables_in_an_empty_file() {
    let dir = TestDir::new().await;
    dir.write("empty.db", "");
    let output = dir.jobs(&["stats", "--url", "sqlite:empty.db"]).refused(1);
    assert!(output.contains("no tables of `jobs` yet: run `jobsctl migrate`"), "{output}");
    assert_eq!(std::fs::metadata(dir.folder.path().join("empty.db")).unwrap().len(), 0);
}

#[tokio::test]
async fn start_migrates_without_the_flag_no_migrate() {
    let dir = TestDir::with_outdated_database().await;
    let output = dir.shop(&["start", "--no-migrate", "--url", OLDER]).refused(1);
    assert!(output.contains("run `jobsctl migrate`"), "{output}");
    assert_eq!(dir.sql("older.db", ""), 1);
    let mut child = dir.command(shop(), &["start", "--url", OLDER]).stdout(Stdio::piped()).spawn().unwrap();
    let store = connect(&format!("sqlite:{}/older.db", dir.folder.path().display())).await.unwrap();
    let job = NewJob::new(id(1), "send_mail", r#"{"address":"ada","subject":"Hello"}"#);
    let _stored = store.enqueue(&[job]).await.unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "sent Hello to 3 letters\n");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn newer_compatible_tables_give_a_warning_and_are_not_changed() {
    let dir = TestDir::filled().await;
    let version = dir.sql("jobs.db", "") + 2;
    dir.sql("jobs.db", &format!("CREATE TABLE later (id INTEGER); PRAGMA user_version = {version}"));
    let output = dir.jobs(&["list"]);
    assert!(output.status == 0 && output.out.contains("no such address"), "{output:?}");
    assert!(
        output.err.contains("migrated by a newer program") && output.err.contains("does not change them"),
        "{output:?}"
    );
    assert!(dir.jobs(&["migrate"]).done().contains("migrated by a newer program"));
    assert_eq!(dir.sql("jobs.db", ""), version);
}

#[tokio::test]
async fn incompatible_newer_tables_are_not_changed_by_any_command() {
    let dir = TestDir::filled().await;
    let version = dir.sql("jobs.db", "PRAGMA user_version = 99");
    for args in [&["list"] as &[_], &["stats"], &["migrate"]] {
        let output = dir.jobs(args).refused(1);
        assert!(output.contains("schema 99") && output.contains("update the program"), "{args:?}: {output}");
    }
    assert_eq!(dir.sql("jobs.db", ""), version);
}

#[tokio::test]
async fn a_program_runs_its_own_jobs_and_leaves_those_of_a_newer_one() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |job| job.version = 2).await;
    dir.enqueue(2, |job| job.name = "refund".into()).await;
    dir.enqueue(3, |_| {}).await;
    let mut child = dir.command(shop(), &["start", "-c", "1"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "sent Hello to 20 letters\n");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    assert_eq!([dir.state(1).await, dir.state(2).await, dir.state(3).await], ["scheduled", "scheduled", "finished"]);
    for number in [1, 2] {
        let job = dir.jobs(&["show", &id(number).to_string(), "--json"]).json();
        assert_eq!((&job["attempts"], &job["errors"]), (&0.into(), &serde_json::json!([])), "{job}");
    }
}
