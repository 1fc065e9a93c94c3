//! The server, and the cost of a step on it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use bench_protocol::{Cost, Outcome};
use redis::{Client, Connection};

/// The server of a run.
pub(crate) struct Host {
    connection: Mutex<Connection>,
    url: String,
    /// The state file of `bin/redis`, if it started the server.
    started: Option<PathBuf>,
}

impl Host {
    /// The database in `JOBS_BENCH_REDIS`, which is emptied, or that of a new server that is stopped at the end.
    pub(crate) fn open() -> Outcome<Self> {
        let (url, started) = match std::env::var("JOBS_BENCH_REDIS") {
            Ok(url) => (url, None),
            Err(_) => start()?,
        };
        let connection = Mutex::new(Client::open(url.as_str())?.get_connection()?);
        let host = Self { connection, url, started };
        if host.started.is_some() {
            // The log is never written anew during a step.
            host.run(redis::cmd("CONFIG").arg("SET").arg("auto-aof-rewrite-percentage").arg(0))?;
        }
        Ok(host)
    }

    /// The version of the server.
    pub(crate) fn version(&self) -> Outcome<String> {
        let server = self.info("server")?;
        Ok(server.lines().find_map(|line| line.strip_prefix("redis_version:")).unwrap_or("?").to_owned())
    }

    /// Empties the database, and returns its URL.
    pub(crate) fn empty(&self) -> Outcome<&str> {
        self.run(&mut redis::cmd("FLUSHDB"))?;
        Ok(&self.url)
    }

    /// Calls the function, and returns its cost on the server.
    pub(crate) fn measured<T>(&self, step: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Cost)> {
        let before = self.moment()?;
        let done = step()?;
        let after = self.moment()?;
        let cost =
            Cost { cpu_seconds: after.0 - before.0, wal_bytes: after.1.saturating_sub(before.1), ..Cost::default() };
        Ok((done, cost))
    }

    /// Processor time in seconds, and the size of the append-only file.
    fn moment(&self) -> Outcome<(f64, u64)> {
        let (cpu, file) = (self.info("cpu")?, self.info("persistence")?);
        let seconds = |name| field(&cpu, name).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        let bytes = field(&file, "aof_current_size:").and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok((seconds("used_cpu_sys:") + seconds("used_cpu_user:"), bytes))
    }

    fn info(&self, section: &str) -> Outcome<String> {
        let mut connection = self.connection.lock().map_err(|_| "an earlier step panicked")?;
        Ok(redis::cmd("INFO").arg(section).query(&mut connection)?)
    }

    fn run(&self, command: &mut redis::Cmd) -> Outcome<()> {
        let mut connection = self.connection.lock().map_err(|_| "an earlier step panicked")?;
        Ok(command.query(&mut connection)?)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(state) = &self.started {
            let _stopped = script(state, "stop");
        }
    }
}

fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

fn start() -> Outcome<(String, Option<PathBuf>)> {
    let state = std::env::temp_dir().join(format!("jobs-benchmarks-redis-{}", std::process::id()));
    let url = script(&state, "start")?;
    Ok((format!("{url}/0"), Some(state)))
}

fn script(state: &Path, verb: &str) -> Outcome<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bin/redis");
    let output = Command::new(script).arg(verb).env("JOBS_REDIS_STATE", state).output()?;
    if !output.status.success() {
        return Err(format!("`bin/redis {verb}`: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
