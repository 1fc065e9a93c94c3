//! `cargo xtask plans`: the tests of plans, on a million jobs instead of some thousands.

use std::path::Path;

use crate::TaskResult;
use crate::command::{cargo, program, succeeds};

const ROWS: &str = "1000000";

/// Runs them on the server that `JOBS_TEST_POSTGRES` names, or on one that is started and stopped here.
///
/// # Errors
/// A program could not be started, or there is no server.
pub(crate) fn run(root: &Path) -> TaskResult {
    if let Ok(server) = std::env::var("JOBS_TEST_POSTGRES") {
        return tests(root, &server);
    }
    let started = program(root, root.join("bin/postgres")).arg("start").output()?;
    if !started.status.success() {
        return Err(String::from_utf8_lossy(&started.stderr).into());
    }
    let passed = tests(root, String::from_utf8_lossy(&started.stdout).trim());
    let stopped = succeeds(program(root, root.join("bin/postgres")).arg("stop"))?;
    Ok(passed? && stopped)
}

fn tests(root: &Path, server: &str) -> TaskResult {
    let arguments = ["test", "-p", "jobs-postgres", "--test", "plans", "--", "--test-threads=1"];
    let mut command = cargo(root, &arguments);
    Ok(succeeds(command.env("JOBS_TEST_POSTGRES", server).env("JOBS_TEST_ROWS", ROWS))?)
}
