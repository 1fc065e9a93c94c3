//! Workers of Ruby and of Rust on one Redis, each performing what the other enqueued, while both are ended at random moments.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ruby::Tree;
use crate::worker::{self, RubyActiveJob, RubyFlaky, RubyOnce, RubyPlain, RubySlow};

/// How many jobs of each kind, unless the variable names another number.
const JOBS: usize = 200;
const JOBS_VARIABLE: &str = "JOBS_TEST_FLEET_JOBS";

/// How often each side is ended and started again.
const ENDS: usize = 5;

/// How many jobs a Rust process can have performed whose results were on their way to Redis when it was killed. They run
/// again.
const UNWRITTEN: usize = 100;

/// How many jobs a Ruby process runs at a time.
const RUBY_THREADS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_a_fleet_with_sidekiq_6_is_accounted_for() {
    fleet("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_a_fleet_with_sidekiq_7_is_accounted_for() {
    fleet("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_a_fleet_with_sidekiq_8_is_accounted_for() {
    fleet("forky").await;
}

async fn fleet(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    let jobs = jobs();
    enqueue_from_both(&tree, jobs).await;
    let wanted = keys_of_rust(jobs).chain(keys_of_ruby(jobs)).collect::<BTreeSet<_>>();
    let (mut rust, mut ruby) = (worker::start(&tree.db), tree.sidekiq());
    for round in 1..=ENDS {
        // Another one goes on where the killed one was.
        tree.db.have_ended(wanted.len() * round / (ENDS + 1)).await;
        drop(rust);
        rust = worker::start(&tree.db);
        // A Ruby process that is killed loses what it runs, so here it is asked to stop.
        ruby.stop();
        ruby = tree.sidekiq();
    }
    tree.db.have_ended(wanted.len()).await;
    let ended = tree.db.noted("ended").await;
    assert_eq!(ended.keys().cloned().collect::<BTreeSet<_>>(), wanted);
    let more_than_once: Vec<_> = ended.iter().filter(|(_, times)| **times > 1).collect();
    assert!(more_than_once.iter().all(|(key, _)| key.starts_with("rust ")), "{more_than_once:?}");
    assert!(more_than_once.len() <= ENDS * UNWRITTEN, "{more_than_once:?}");
    given_up_once(&tree, jobs).await;
    nothing_is_left(&tree).await;
}

fn jobs() -> usize {
    std::env::var(JOBS_VARIABLE).map_or(JOBS, |number| number.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_of_sidekiq_6_that_is_killed_loses_no_more_jobs_of_rust_than_it_ran() {
    killed("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_of_sidekiq_7_that_is_killed_loses_no_more_jobs_of_rust_than_it_ran() {
    killed("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_of_sidekiq_8_that_is_killed_loses_no_more_jobs_of_rust_than_it_ran() {
    killed("forky").await;
}

/// Sidekiq itself loses what a killed process ran. Nothing else is lost beside a worker of Rust, and nothing runs twice.
async fn killed(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    let jobs = jobs();
    let client = worker::client(&tree.db, "").await;
    client.perform_all_later((1..=jobs).map(|n| RubySlow::new(format!("slow-{n}")))).await.unwrap();
    let (_rust, mut ruby) = (worker::start(&tree.db), tree.sidekiq());
    for round in 1..=ENDS {
        tree.db.have_ended(jobs * round / (ENDS + 2)).await;
        drop(ruby);
        ruby = tree.sidekiq();
    }
    nothing_is_left(&tree).await;
    ruby.stop();
    let ended = tree.db.noted("ended").await;
    assert!(ended.values().all(|times| *times == 1), "{ended:?}");
    assert!(ended.len() >= jobs - ENDS * RUBY_THREADS, "{} of {jobs} jobs ended", ended.len());
}

async fn enqueue_from_both(tree: &Tree, jobs: usize) {
    let number = jobs.to_string();
    tree.run("enqueue.rb", &[&number]);
    let client = worker::client(&tree.db, "").await;
    for n in 1..=jobs as u64 {
        RubyPlain::perform_later(format!("plain-{n}"), n).on(&client).await.unwrap();
        let wait = Duration::from_millis(500 + n % 1000);
        RubyPlain::perform_later(format!("later-{n}"), n).wait(wait).on(&client).await.unwrap();
        RubyFlaky::perform_later(format!("flaky-{n}")).on(&client).await.unwrap();
    }
    let once = (1..=jobs).filter(|n| n % 10 == 0).map(|n| RubyOnce::new(format!("once-{n}")));
    worker::client(&tree.db, "?retry=class").await.perform_all_later(once).await.unwrap();
    let bulk = (1..=jobs as u64).map(|n| RubyPlain::new(format!("bulk-{n}"), n));
    client.perform_all_later(bulk).await.unwrap();
    let active = (1..=jobs as u64).map(|n| RubyActiveJob::new(format!("active-{n}"), n));
    worker::client(&tree.db, "?jobs=active_job").await.perform_all_later(active).await.unwrap();
}

/// What Ruby enqueued and Rust performs to a good end.
fn keys_of_rust(jobs: usize) -> impl Iterator<Item = String> {
    let kinds = ["plain", "flaky", "later", "bulk", "active", "active-later"];
    kinds.into_iter().flat_map(move |kind| (1..=jobs).map(move |n| format!("rust {kind}-{n}")))
}

/// The other way round.
fn keys_of_ruby(jobs: usize) -> impl Iterator<Item = String> {
    let kinds = ["plain", "flaky", "later", "bulk", "active"];
    kinds.into_iter().flat_map(move |kind| (1..=jobs).map(move |n| format!("ruby {kind}-{n}")))
}

/// Each job that fails for good is once among the dead.
async fn given_up_once(tree: &Tree, jobs: usize) {
    let of_both = |n| [format!("dying-{n}"), format!("once-{n}")];
    let wanted: BTreeSet<_> = (1..=jobs).filter(|n| n % 10 == 0).flat_map(of_both).collect();
    let dead = || async {
        let texts: Vec<String> = tree.db.run(&["ZRANGE", "dead", "0", "-1"]).await;
        let key = |text: &String| {
            serde_json::from_str::<serde_json::Value>(text).unwrap()["args"][0].as_str().unwrap().to_owned()
        };
        texts.iter().map(key).collect::<Vec<_>>()
    };
    tree.db.waits(|| async { dead().await.len() >= wanted.len() }, "all jobs that fail are among the dead").await;
    let dead = dead().await;
    assert_eq!(dead.len(), wanted.len(), "{dead:?}");
    assert_eq!(dead.into_iter().collect::<BTreeSet<_>>(), wanted);
}

/// No queue, set or private list holds anything.
async fn nothing_is_left(tree: &Tree) {
    let left = || async {
        let mut left: u64 = 0;
        for queue in ["queue:rust", "queue:ruby"] {
            left += tree.db.run::<u64>(&["LLEN", queue]).await;
        }
        for set in ["schedule", "retry"] {
            left += tree.db.run::<u64>(&["ZCARD", set]).await;
        }
        left + tree.db.run::<Vec<String>>(&["KEYS", "jobs_rs:claimed:*"]).await.len() as u64
    };
    tree.db.waits(|| async { left().await == 0 }, "nothing is left to do").await;
}
