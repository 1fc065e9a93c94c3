//! Runs the worker as a child process and kills it in the middle, again and again.

use std::path::Path;
use std::time::Duration;

use jobs::{Error, Jobs};
use tokio::process::{Child, Command};

const KILLS: usize = 4;

/// Kills a worker each time it has charged some more orders, then lets the last one finish.
pub(crate) async fn work_and_kill(dir: &Path, jobs: &Jobs) -> jobs::Result<()> {
    let ledger = dir.join("payments.ledger");
    for round in 1..=KILLS {
        let mut child = worker(dir)?;
        let goal = lines(&ledger) + 40;
        while lines(&ledger) < goal && !has_ended(&mut child)? {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        child.kill().await.map_err(|cause| Error::other("the worker could not be killed").with_source(cause))?;
        let claimed = crate::report::counts(jobs).await?.of(jobs::State::Claimed);
        println!(
            "kill {round}: the worker died with {} orders charged and {claimed} payments in its hands",
            lines(&ledger)
        );
    }
    println!("the last worker may finish");
    let status = worker(dir)?.wait().await.map_err(|cause| Error::other("the worker was lost").with_source(cause))?;
    if status.success() { Ok(()) } else { Err(Error::other(format!("the last worker ended with {status}"))) }
}

fn worker(dir: &Path) -> jobs::Result<Child> {
    let fault = |cause| Error::other("the worker could not be started").with_source(cause);
    let program = std::env::current_exe().map_err(fault)?;
    Command::new(program).arg("--work").arg("--dir").arg(dir).kill_on_drop(true).spawn().map_err(fault)
}

fn has_ended(child: &mut Child) -> jobs::Result<bool> {
    let status = child.try_wait().map_err(|cause| Error::other("the worker was lost").with_source(cause))?;
    Ok(status.is_some())
}

fn lines(ledger: &Path) -> usize {
    std::fs::read_to_string(ledger).map_or(0, |text| text.lines().count())
}
