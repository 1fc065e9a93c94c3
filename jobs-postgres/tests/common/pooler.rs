//! A pgbouncer for one test.

use std::path::PathBuf;

use tempfile::TempDir;
use tokio::task::spawn_blocking;

use super::server::run_script;

/// Stopped when it is dropped.
pub(crate) struct Pooler {
    state: TempDir,
    pub(crate) url: String,
}

impl Pooler {
    /// In front of this server, with settings as `max_prepared_statements = 100`.
    ///
    /// # Errors
    /// There is none here, or it does not know a setting; says why.
    pub(crate) async fn start(server: &str, settings: &[&str]) -> Result<Self, String> {
        let state = tempfile::tempdir().unwrap();
        let file = state.path().join("state");
        let arguments: Vec<String> = ["start", server].iter().chain(settings).map(ToString::to_string).collect();
        let started = spawn_blocking(move || script(file, &arguments.iter().map(String::as_str).collect::<Vec<_>>()));
        Ok(Self { url: started.await.unwrap()?, state })
    }

    /// Stops it with all its connections and starts it again.
    pub(crate) async fn restart(&self) {
        let file = self.state.path().join("state");
        spawn_blocking(move || script(file, &["restart"])).await.unwrap().unwrap();
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _stopped = script(self.state.path().join("state"), &["stop"]);
    }
}

fn script(state: PathBuf, arguments: &[&str]) -> Result<String, String> {
    run_script("pgbouncer", "JOBS_PGBOUNCER_STATE", state, arguments)
}
