//! The page "A Rust worker in a Sidekiq fleet" of the guide, followed word for word.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

// This program has the jobs of the page and no others, so it is not a part of the tests of fleets.
#[path = "../fleet/redis_db.rs"]
#[allow(dead_code)]
mod redis_db;
#[path = "../fleet/ruby.rs"]
#[allow(dead_code)]
mod ruby;

use std::process::{Command, Stdio};

use crate::ruby::{Running, Tree};

include!("program.rs");

const PAGE: &str = include_str!("../../src/guide/sidekiq.md");
const RUBY: &str = include_str!("jobs.rb");
const ENQUEUE: &str = r#"ReportJob.perform_async(7, "November")"#;

#[test]
fn the_page_about_fleets_has_the_programs_that_are_tested() {
    for part in [include_str!("program.rs"), RUBY, ENQUEUE] {
        assert!(PAGE.contains(part), "the page has not:\n{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_fleets_leads_to_a_mail_with_sidekiq_6() {
    followed("bookworm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_fleets_leads_to_a_mail_with_sidekiq_7() {
    followed("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_fleets_leads_to_a_mail_with_sidekiq_8() {
    followed("forky").await;
}

async fn followed(release: &str) {
    let Some(tree) = Tree::of(release).await else { return };
    tree.write("guide.rb", RUBY);
    let ruby = tree.sidekiq_of("guide.rb", "mailers");
    let _rust = rust(&tree.db.sidekiq);
    tree.write("enqueue_report.rb", &format!("require_relative \"guide\"\n{ENQUEUE}\n"));
    tree.run("enqueue_report.rb", &[]);
    // The metrics and the counts of Ruby come with its next heartbeat; the end of its process writes them at once.
    let left = || async { tree.db.run::<u64>(&["EXISTS", "queue:reports", "queue:mailers"]).await };
    let reported = || async { tree.db.run::<Option<u64>>(&["GET", "stat:processed"]).await.unwrap_or(0) > 0 };
    tree.db.waits(reported, "Rust has performed the report").await;
    tree.db.waits(|| async { left().await == 0 }, "Ruby has taken the mail").await;
    ruby.stop();
    let printed = tree.read("sidekiq.log");
    assert!(printed.contains("mail about order 7: November: order 7 is paid"), "{printed}");
}

/// The environment variable by which a process is the program of the page.
const PROGRAM: &str = "JOBS_FLEET_GUIDE";

fn rust(redis: &str) -> Running {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["program", "--exact"]).env(PROGRAM, "1").env("REDIS_URL", redis);
    Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// The program of the page. In a run of all tests it does nothing.
#[test]
fn program() {
    if std::env::var_os(PROGRAM).is_some() {
        main().unwrap();
    }
}
