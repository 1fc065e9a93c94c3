//! Runs the worker as a child process, and kills it several times while it works.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use jobs::{Client, Error};
use tokio::process::{Child, Command};

const KILLS: usize = 4;

/// Makes the folder, and removes what an earlier run left in it.
pub(crate) fn begin_anew(folder: &Path) -> jobs::Result<()> {
    let failed = |cause| Error::other(format!("{} cannot be emptied", folder.display())).with_source(cause);
    fs::create_dir_all(folder).map_err(failed)?;
    for name in ["payments.db", "payments.db-wal", "payments.db-shm", "payments.ledger"] {
        match fs::remove_file(folder.join(name)) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => return Err(failed(cause)),
            _ => {}
        }
    }
    Ok(())
}

/// Kills each worker after it has charged some orders, then lets the last worker finish.
pub(crate) async fn work_and_kill(folder: &Path, client: &Client) -> jobs::Result<()> {
    let ledger = folder.join("payments.ledger");
    for round in 1..=KILLS {
        let mut child = worker(folder)?;
        let goal = lines(&ledger) + 40;
        while lines(&ledger) < goal && !has_ended(&mut child)? {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        child.kill().await.map_err(|cause| Error::other("the worker could not be killed").with_source(cause))?;
        let claimed = crate::report::counts(client).await?.of(jobs::State::Claimed);
        println!(
            "kill {round}: the worker died after {} charged orders in total, with {claimed} payments claimed",
            lines(&ledger)
        );
    }
    println!("the last worker runs until the end");
    let status = worker(folder)?
        .wait()
        .await
        .map_err(|cause| Error::other("the worker cannot be waited for").with_source(cause))?;
    if status.success() { Ok(()) } else { Err(Error::other(format!("the last worker ended with {status}"))) }
}

fn worker(folder: &Path) -> jobs::Result<Child> {
    let failed = |cause| Error::other("the worker could not be started").with_source(cause);
    let program = std::env::current_exe().map_err(failed)?;
    Command::new(program).arg("--work").arg("--dir").arg(folder).kill_on_drop(true).spawn().map_err(failed)
}

fn has_ended(child: &mut Child) -> jobs::Result<bool> {
    let status =
        child.try_wait().map_err(|cause| Error::other("the worker cannot be waited for").with_source(cause))?;
    Ok(status.is_some())
}

fn lines(ledger: &Path) -> usize {
    std::fs::read_to_string(ledger).map_or(0, |text| text.lines().count())
}
