//! The tables of a store are changed by `migrate` and by `start`, and by nothing else.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use jobs::{NewJob, connect};

use crate::place::{Place, id, shop};

/// The tables as they were at first.
const FIRST: &str =
    concat!(include_str!("../../../jobs-sqlite/src/migrations/0001_jobs.sql"), "; PRAGMA user_version = 1");

const OLDER: &str = "sqlite:older.db";

impl Place {
    /// A place with a file `older.db` besides.
    async fn older() -> Self {
        let place = Self::new().await;
        place.sql("older.db", FIRST);
        place
    }

    /// Runs this in a file; the version that it has then.
    fn sql(&self, file: &str, text: &str) -> i32 {
        let file = rusqlite::Connection::open(self.folder.path().join(file)).unwrap();
        file.execute_batch(text).unwrap();
        file.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }
}

#[tokio::test]
async fn a_look_at_older_tables_says_to_migrate_and_changes_nothing() {
    let place = Place::older().await;
    for words in [
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
        let said = place.jobs(&[words, &["--url", OLDER]].concat()).refused(1);
        assert!(said.contains("of schema 1") && said.contains("run `jobsctl migrate`"), "{words:?}: {said}");
    }
    for words in [&["health", "--json"] as &[_], &["check", "--json"]] {
        let said = place.jobs(&[words, &["--url", OLDER]].concat());
        assert!(said.status == 3 && said.out.contains("run `jobsctl migrate`"), "{words:?}: {said:?}");
    }
    assert_eq!(place.sql("older.db", ""), 1);
    assert_eq!(place.jobs(&["migrate", "--url", OLDER]).done(), "the tables are up to date\n");
    assert_eq!(place.jobs(&["list", "--json", "--url", OLDER]).done(), "");
}

#[tokio::test]
async fn a_look_at_an_empty_file_makes_no_tables_in_it() {
    let place = Place::new().await;
    place.write("empty.db", "");
    let said = place.jobs(&["stats", "--url", "sqlite:empty.db"]).refused(1);
    assert!(said.contains("no tables of `jobs` yet: run `jobsctl migrate`"), "{said}");
    assert_eq!(std::fs::metadata(place.folder.path().join("empty.db")).unwrap().len(), 0);
}

#[tokio::test]
async fn a_start_migrates_unless_it_is_told_not_to() {
    let place = Place::older().await;
    let said = place.shop(&["start", "--no-migrate", "--url", OLDER]).refused(1);
    assert!(said.contains("run `jobsctl migrate`"), "{said}");
    assert_eq!(place.sql("older.db", ""), 1);
    let mut child = place.command(shop(), &["start", "--url", OLDER]).stdout(Stdio::piped()).spawn().unwrap();
    let store = connect(&format!("sqlite:{}/older.db", place.folder.path().display())).await.unwrap();
    let job = NewJob::new(id(1), "send_mail", r#"{"address":"ada","subject":"Hello"}"#);
    let _stored = store.enqueue(&[job]).await.unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "sent Hello to 3 letters\n");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn tables_of_a_newer_program_that_let_this_one_go_on_are_told_and_left_alone() {
    let place = Place::filled().await;
    let version = place.sql("jobs.db", "") + 2;
    place.sql("jobs.db", &format!("CREATE TABLE later (id INTEGER); PRAGMA user_version = {version}"));
    let said = place.jobs(&["list"]);
    assert!(said.status == 0 && said.out.contains("no such address"), "{said:?}");
    assert!(said.err.contains("those of a newer program") && said.err.contains("leaves them as they are"), "{said:?}");
    assert!(place.jobs(&["migrate"]).done().contains("those of a newer program"));
    assert_eq!(place.sql("jobs.db", ""), version);
}

#[tokio::test]
async fn tables_that_are_too_new_are_left_alone_by_all_commands() {
    let place = Place::filled().await;
    let version = place.sql("jobs.db", "PRAGMA user_version = 99");
    for words in [&["list"] as &[_], &["stats"], &["migrate"]] {
        let said = place.jobs(words).refused(1);
        assert!(said.contains("schema 99") && said.contains("update the program"), "{words:?}: {said}");
    }
    assert_eq!(place.sql("jobs.db", ""), version);
}

#[tokio::test]
async fn a_program_leaves_jobs_of_a_newer_one_to_that_and_runs_its_own() {
    let place = Place::new().await;
    place.enqueue(1, |job| job.version = 2).await;
    place.enqueue(2, |job| job.name = "refund".into()).await;
    place.enqueue(3, |_| {}).await;
    let mut child = place.command(shop(), &["start", "-c", "1"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "sent Hello to 20 letters\n");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    assert_eq!(
        [place.state(1).await, place.state(2).await, place.state(3).await],
        ["scheduled", "scheduled", "finished"]
    );
    for number in [1, 2] {
        let job = place.jobs(&["show", &id(number).to_string(), "--json"]).json();
        assert_eq!((&job["attempts"], &job["errors"]), (&0.into(), &serde_json::json!([])), "{job}");
    }
}
