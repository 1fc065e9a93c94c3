//! A server for one test, which may be stopped, crash, or get a standby.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use jobs_testing::skip;
use tempfile::TempDir;
use tokio::task::spawn_blocking;

/// Stopped when it is dropped.
pub(crate) struct Server {
    state: TempDir,
    pub(crate) url: String,
}

impl Server {
    /// `None` if this machine cannot run one; the test is then recorded as skipped.
    pub(crate) async fn start() -> Option<Self> {
        Self::by(vec!["start".into()]).await.map_err(|why| skip(&format!("no server of its own: {why}"))).ok()
    }

    /// A standby of this one.
    pub(crate) async fn follower(&self) -> Self {
        Self::by(vec!["follow".into(), self.file().into_os_string().into_string().unwrap()]).await.unwrap()
    }

    async fn by(verb: Vec<String>) -> Result<Self, String> {
        let state = tempfile::tempdir().unwrap();
        let file = state.path().join("state");
        let url = spawn_blocking(move || script(file, &verb)).await.unwrap()?;
        Ok(Self { state, url })
    }

    /// Stops it as a power cut would and starts it again.
    pub(crate) async fn crash(&self) {
        self.run("restart").await;
    }

    /// Stops it as a power cut would.
    pub(crate) async fn halt(&self) {
        self.run("halt").await;
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let (_, rest) = self.url.split_once('@').unwrap();
        rest.split('/').next().unwrap().parse().unwrap()
    }

    /// The folder of its files.
    pub(crate) fn folder(&self) -> PathBuf {
        std::fs::read_to_string(self.file()).unwrap().lines().nth(1).unwrap().into()
    }

    async fn run(&self, verb: &str) {
        let (file, verb) = (self.file(), vec![verb.to_owned()]);
        spawn_blocking(move || script(file, &verb)).await.unwrap().unwrap();
    }

    fn file(&self) -> PathBuf {
        self.state.path().join("state")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If the test failed, its own message is the one to read.
        let _stopped = script(self.file(), &["stop".to_owned()]);
    }
}

fn script(state: PathBuf, arguments: &[String]) -> Result<String, String> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run_script("postgres", "JOBS_POSTGRES_STATE", state, &arguments)
}

/// Runs a script of `bin`, which records in `state` what it started. Returns its output, or why it failed.
pub(crate) fn run_script(name: &str, variable: &str, state: PathBuf, arguments: &[&str]) -> Result<String, String> {
    let script = format!("{}/../bin/{name}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(script).args(arguments).env(variable, state).output().unwrap();
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}
