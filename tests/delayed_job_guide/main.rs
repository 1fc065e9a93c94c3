//! The page "A Rust worker on Delayed Job's table" of the guide, followed word for word.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jobs_sql::Database;

include!("program.rs");

const PAGE: &str = include_str!("../../src/guide/delayed_job.md");
const RUBY: &str = include_str!("jobs.rb");
const ENQUEUE: &str = r#"ReportJob.perform_later(7, "November")"#;

/// How long each side may take.
const DEADLINE: Duration = Duration::from_secs(180);

#[test]
fn the_page_about_delayed_job_has_the_programs_that_are_tested() {
    for part in [include_str!("program.rs"), RUBY, ENQUEUE] {
        assert!(PAGE.contains(part), "the page has not:\n{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_delayed_job_leads_to_a_mail_with_delayed_job_4_1() {
    followed("trixie").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_delayed_job_leads_to_a_mail_with_delayed_job_4_2() {
    followed("forky").await;
}

async fn followed(release: &str) {
    let Some(tree) = Tree::of(release) else { return };
    tree.run("schema");
    let _rust = rust(&tree.url());
    tree.run("enqueue");
    let database = Database::open(&tree.url()).await.unwrap();
    let count = "SELECT COUNT(*) FROM delayed_jobs WHERE queue = 'mailers'";
    let mail = async {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        while database.query(count, &[], "look for the mail").await.unwrap()[0].int(0).unwrap() == 0 {
            pause.tick().await;
        }
    };
    assert!(tokio::time::timeout(DEADLINE, mail).await.is_ok(), "Rust has not performed the report");
    let printed = tree.run("work");
    assert!(
        printed.contains("mail about order 7: November: order 7 is paid") && printed.contains("[1, 0]"),
        "{printed}"
    );
}

/// The tree of a Debian release that `bin/ruby` made, with a folder of one test.
struct Tree {
    root: PathBuf,
    folder: tempfile::TempDir,
}

impl Tree {
    fn of(release: &str) -> Option<Self> {
        let trees = std::env::var_os("JOBS_TEST_RUBY").filter(|trees| !trees.is_empty());
        let root = trees.map(|trees| PathBuf::from(trees).join(release));
        let has = |root: &Path, gem: &str| root.join("usr/share/doc").join(gem).is_dir();
        let Some(root) = root.filter(|root| has(root, "ruby-delayed-job-active-record") && has(root, "ruby-sqlite3"))
        else {
            jobs_testing::skip(&format!(
                "JOBS_TEST_RUBY names no folder with Delayed Job of Debian {release}; `bin/ruby tree {release}` makes one"
            ));
            return None;
        };
        let folder = tempfile::tempdir_in(root.join("app")).unwrap();
        std::fs::write(folder.path().join("application.rb"), include_str!("application.rb")).unwrap();
        std::fs::write(folder.path().join("jobs.rb"), RUBY).unwrap();
        Some(Self { root, folder })
    }

    fn url(&self) -> String {
        format!("sqlite:{}/app.sqlite3", self.folder.path().display())
    }

    /// Runs the application with a verb; what it printed.
    fn run(&self, verb: &str) -> String {
        let inside = Path::new("/app").join(self.folder.path().file_name().unwrap());
        let mut command = Command::new("chroot");
        command.arg(&self.root).args(["/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "HOME=/root", "LANG=C.UTF-8"]);
        command.arg(format!("DATABASE={}/app.sqlite3", inside.display())).arg(format!("LINE={ENQUEUE}"));
        command.arg("ruby").arg(inside.join("application.rb")).arg(verb).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{verb}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The environment variable by which a process is the program of the page.
const PROGRAM: &str = "JOBS_DELAYED_JOB_GUIDE";

/// A process that is killed when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _ended = self.0.wait();
    }
}

fn rust(database: &str) -> Running {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["program", "--exact"]).env(PROGRAM, "1").env("DATABASE_URL", database);
    Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// The program of the page. In a run of all tests it does nothing.
#[test]
fn program() {
    if std::env::var_os(PROGRAM).is_some() {
        main().unwrap();
    }
}
