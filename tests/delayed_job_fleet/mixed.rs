//! Workers of Ruby and of Rust on one table, each performing what the other enqueued, while both are ended and killed at random moments.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::application::Application;
use crate::ruby::Tree;
use crate::worker::{self, RubyFlaky, RubyLedger, RubySlow};

/// How many jobs of each kind, unless the variable names another number.
const JOBS: usize = 100;
const JOBS_VARIABLE: &str = "JOBS_TEST_FLEET_JOBS";

/// How often each side is ended and started again.
const ENDS: usize = 4;

/// In how many of these ends Ruby is killed; in the others it is told to stop. A killed worker may have performed the job that it holds.
const RUBY_KILLS: usize = ENDS / 2;

/// How many jobs a Rust process can have performed whose results were not written when it was killed. They run again.
const UNWRITTEN: usize = 100;

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_a_fleet_on_postgresql_is_accounted_for() {
    let Some(tree) = Tree::of("trixie", "pg") else { return };
    let Some(application) = Application::of_server("JOBS_TEST_POSTGRES").await else { return };
    fleet(&tree, &application).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_a_fleet_on_mariadb_is_accounted_for() {
    let Some(tree) = Tree::of("trixie", "mysql2") else { return };
    let Some(application) = Application::of_server("JOBS_TEST_MARIADB").await else { return };
    fleet(&tree, &application).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_a_fleet_on_sqlite_with_delayed_job_4_1_is_accounted_for() {
    fleet_on_a_file("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_a_fleet_on_sqlite_with_delayed_job_4_2_is_accounted_for() {
    fleet_on_a_file("forky").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_ruby_worker_was_killed_runs_again_after_max_run_time() {
    let Some(tree) = Tree::of("trixie", "sqlite3") else { return };
    let (inside, outside) = tree.path("app.sqlite3");
    let application = Application::of_file(&inside, &outside).await;
    tree.run(&application, &["schema"]);
    RubySlow::perform_later("slow").on(&worker::client(&application).await).await.unwrap();
    let killed = tree.worker(&application, "ruby-0");
    application.waits(async || application.has_begun("ruby-0", "slow").await, "Ruby performs the job").await;
    drop(killed);
    assert!(application.has_begun("ruby-0", "slow").await, "a killed worker leaves its lock");
    // No Ruby worker takes the job within four hours, unless Rust takes the lock off.
    let (_ruby, _rust) = (tree.worker(&application, "ruby-1"), worker::start(&application));
    application.have_ended(1).await;
    application.waits(async || application.left().await == 0, "no row is left").await;
    assert_eq!(application.ended().await.into_iter().collect::<Vec<_>>(), [("ruby slow".to_owned(), 1)]);
}

async fn fleet_on_a_file(release: &str) {
    let Some(tree) = Tree::of(release, "sqlite3") else { return };
    let (inside, outside) = tree.path("app.sqlite3");
    fleet(&tree, &Application::of_file(&inside, &outside).await).await;
}

async fn fleet(tree: &Tree, application: &Application) {
    let jobs = std::env::var(JOBS_VARIABLE).map_or(JOBS, |number| number.parse().unwrap());
    tree.run(application, &["schema"]);
    tree.run(application, &["enqueue", &jobs.to_string()]);
    enqueue_from_rust(application, jobs).await;
    let wanted: BTreeSet<String> = keys(jobs).collect();
    let (mut rust, mut ruby) = (worker::start(application), tree.worker(application, "ruby-0"));
    for round in 1..=ENDS {
        application.have_ended(wanted.len() * round / (ENDS + 1)).await;
        // Another one goes on where the killed one was.
        drop(rust);
        rust = worker::start(application);
        if round % 2 == 0 {
            drop(ruby);
        } else {
            ruby.stop();
        }
        ruby = tree.worker(application, &format!("ruby-{round}"));
    }
    application.have_ended(wanted.len()).await;
    application.waits(async || application.left().await == 0, "no row is left").await;
    let ended = application.ended().await;
    assert_eq!(ended.keys().cloned().collect::<BTreeSet<_>>(), wanted);
    let more_than_once: Vec<_> = ended.iter().filter(|(_, times)| **times > 1).collect();
    println!("{} jobs have ended, more than once: {more_than_once:?}", ended.len());
    let (of_rust, of_ruby): (Vec<_>, Vec<_>) =
        more_than_once.into_iter().partition(|(key, _)| key.starts_with("rust "));
    assert!(of_ruby.len() <= RUBY_KILLS, "{of_ruby:?}");
    assert!(of_rust.len() <= ENDS * UNWRITTEN, "{of_rust:?}");
}

async fn enqueue_from_rust(application: &Application, jobs: usize) {
    let client = worker::client(application).await;
    for number in 1..=jobs as u64 {
        RubyLedger::perform_later(format!("one-{number}")).on(&client).await.unwrap();
        let wait = Duration::from_millis(500 + number % 1000);
        RubyLedger::perform_later(format!("later-{number}")).wait(wait).on(&client).await.unwrap();
        if number % 10 == 0 {
            RubyFlaky::perform_later(format!("flaky-{number}")).on(&client).await.unwrap();
        }
    }
    client.perform_all_later((1..=jobs).map(|number| RubyLedger::new(format!("bulk-{number}")))).await.unwrap();
}

/// What is performed to a good end.
fn keys(jobs: usize) -> impl Iterator<Item = String> {
    let of = move |kind: &'static str| {
        let every = if kind.ends_with("flaky") { 10 } else { 1 };
        (1..=jobs).filter(move |number| number % every == 0).map(move |number| format!("{kind}-{number}"))
    };
    ["rust active", "rust later", "rust struct", "rust flaky", "ruby one", "ruby later", "ruby bulk", "ruby flaky"]
        .into_iter()
        .flat_map(of)
}
