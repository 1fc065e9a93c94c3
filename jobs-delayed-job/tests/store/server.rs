//! A server for one test, which may be restarted or killed.

use std::process::Command;

use jobs_sql::Database;
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::application::Kind;

/// Removed when it is dropped.
pub(crate) struct Server {
    kind: Kind,
    state: TempDir,
    pub(crate) url: String,
}

impl Server {
    /// `None` if this machine cannot run one; the test is then recorded as skipped.
    pub(crate) async fn start(kind: Kind) -> Option<Self> {
        let state = tempfile::tempdir().unwrap();
        match run(kind, &state, "start").await {
            Ok(url) => Some(Self { kind, state, url }),
            Err(why) => {
                jobs_testing::skip(&format!("no server of its own: {why}"));
                None
            }
        }
    }

    /// Stops it as a power cut would, and starts it again.
    pub(crate) async fn crash(&self) {
        for verb in ["halt", "restart"] {
            run(self.kind, &self.state, verb).await.unwrap();
        }
    }

    /// Runs a statement that concerns the whole server.
    pub(crate) async fn execute(&self, statement: &str) {
        let database = Database::open(&self.url).await.unwrap();
        database.run_script(statement, "prepare a server").await.unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If the test failed, its own message is the one to read.
        let _stopped = script(self.kind, &self.state, "stop").output();
    }
}

async fn run(kind: Kind, state: &TempDir, verb: &str) -> Result<String, String> {
    let mut command = script(kind, state, verb);
    let output = spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn script(kind: Kind, state: &TempDir, verb: &str) -> Command {
    let (name, variable) = match kind {
        Kind::Postgres => ("postgres", "JOBS_POSTGRES_STATE"),
        _ => ("mariadb", "JOBS_MARIADB_STATE"),
    };
    let mut command = Command::new(format!("{}/../bin/{name}", env!("CARGO_MANIFEST_DIR")));
    command.arg(verb).env(variable, state.path().join("state"));
    command
}
