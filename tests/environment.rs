//! What environment variables decide, each case in its own process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::path::Path;
use std::process::{Command, Output};

use jobs::prelude::*;

const CHILD: &str = "JOBS_TEST_ENVIRONMENT";

const INSTALLS: &str = "JOBS_TEST_INSTALLS";

#[job]
async fn work() -> Result<(), std::io::Error> {
    Ok(())
}

/// Not a test of its own: the process with the other environment.
#[tokio::test]
async fn child() {
    let Ok(named) = std::env::var(CHILD) else { return };
    let mut builder = Runtime::builder().register(jobs::jobs![Work]);
    if !named.is_empty() {
        builder = builder.connect(named);
    }
    let jobs = builder.build().await.unwrap().client();
    let _stored = Work::perform_later().on(&jobs).await.unwrap();
}

fn run(folder: &Path, named: &str, variable: Option<&str>) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["child", "--exact", "--nocapture"]).current_dir(folder).env(CHILD, named).env_remove("JOBS_URL");
    command.envs(variable.map(|url| ("JOBS_URL", url)));
    command.output().unwrap()
}

/// Not a test of its own: a process that installs its client, the same one again, and another one.
#[tokio::test]
async fn child_that_installs() {
    let Ok(installs) = std::env::var(INSTALLS) else { return };
    tracing_subscriber::fmt().with_ansi(false).init();
    let clients = [
        Runtime::builder().connect("memory:").register(jobs::jobs![Work]).build_client().await.unwrap(),
        Runtime::builder().connect("memory:").register(jobs::jobs![Work]).build_client().await.unwrap(),
    ];
    for which in installs.bytes() {
        let _replaced = clients[usize::from(which - b'0')].install();
    }
}

#[test]
fn a_client_that_replaces_another_installed_one_is_a_warning() {
    for (installs, warns) in [("0", false), ("00", false), ("01", true)] {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let output = command.args(["child_that_installs", "--exact", "--nocapture"]).env(INSTALLS, installs).output();
        let said = String::from_utf8(output.unwrap().stdout).unwrap();
        assert_eq!(said.contains("Another client was installed"), warns, "{installs}: {said}");
    }
}

#[test]
fn a_program_that_names_no_store_takes_that_of_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), "", Some("sqlite:environment.db")).status.success());
    assert!(folder.path().join("environment.db").exists());
}

#[test]
fn a_store_that_the_program_names_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), "sqlite:program.db", Some("sqlite:environment.db")).status.success());
    assert!(folder.path().join("program.db").exists() && !folder.path().join("environment.db").exists());
}

#[test]
fn without_either_the_error_names_both_ways() {
    let output = run(tempfile::tempdir().unwrap().path(), "", None);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(!output.status.success() && said.contains("`JOBS_URL`") && said.contains(".connect("), "{said}");
}
