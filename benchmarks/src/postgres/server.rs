//! The server that the databases lie on, and what it does for a step.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bench_protocol::postgres::{Look, Server};
use bench_protocol::{Cost, Outcome};
use tokio::runtime::Runtime;

/// What is measured begins after a checkpoint and sees none: when one falls due is chance, and it costs the next who
/// writes. All else is as the server is installed.
const SETTINGS: [&str; 3] =
    ["ALTER SYSTEM SET max_wal_size = '16GB'", "ALTER SYSTEM SET checkpoint_timeout = '1h'", "SELECT pg_reload_conf()"];

/// The databases of a run.
pub(crate) struct Host {
    runtime: Runtime,
    look: Look,
    server: Option<Server>,
    url: String,
    /// Where `bin/postgres` noted the server down, if it was started here.
    started: Option<PathBuf>,
}

/// A database of its own, as long as it lives.
pub(crate) struct Database<'a> {
    host: &'a Host,
    name: String,
    url: String,
}

/// Counts at a moment.
struct Moment {
    cpu: f64,
    log: u64,
    commits: u64,
    dead: u64,
}

impl Host {
    /// The server that `JOBS_BENCH_POSTGRES` names, or one that is started now and stopped in the end.
    pub(crate) fn open() -> Outcome<Self> {
        let (url, started) = match std::env::var("JOBS_BENCH_POSTGRES") {
            Ok(url) => (url, None),
            Err(_) => start()?,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let look = runtime.block_on(Look::open(&url))?;
        if started.is_some() {
            for setting in SETTINGS {
                runtime.block_on(look.run(setting))?;
            }
        }
        let server = runtime.block_on(look.server())?;
        Ok(Self { runtime, look, server, url, started })
    }

    /// Its version in words.
    pub(crate) fn version(&self) -> Outcome<String> {
        let number = self.number("SELECT current_setting('server_version_num')::bigint")?;
        Ok(format!("{}.{}", number / 10_000, number % 10_000))
    }

    /// A fresh database, after a checkpoint.
    pub(crate) fn database(&self, name: String) -> Outcome<Database<'_>> {
        self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        self.run(&format!("CREATE DATABASE {name}"))?;
        self.run("CHECKPOINT")?;
        let (server, _) = self.url.rsplit_once('/').ok_or("the URL of the server names no database")?;
        let url = format!("{server}/{name}");
        Ok(Database { host: self, name, url })
    }

    fn number(&self, query: &str) -> Outcome<u64> {
        self.runtime.block_on(self.look.number(query))
    }

    fn run(&self, statement: &str) -> Outcome<()> {
        self.runtime.block_on(self.look.run(statement))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(state) = &self.started {
            let _stopped = script(state, "stop");
        }
    }
}

impl Database<'_> {
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Does something, and tells what the server did meanwhile.
    pub(crate) fn measured<T>(&self, step: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Cost)> {
        let before = self.moment()?;
        let done = step()?;
        let after = self.moment()?;
        let cost = Cost {
            cpu_seconds: after.cpu - before.cpu,
            wal_bytes: after.log - before.log,
            commits: after.commits - before.commits,
            dead_rows: after.dead - before.dead,
        };
        Ok((done, cost))
    }

    /// Does something beside a transaction that looks at the database as it is now.
    pub(crate) fn beside_a_snapshot<T>(&self, step: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let look = self.host.runtime.block_on(Look::open(&self.url))?;
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class";
        self.host.runtime.block_on(look.run(begin))?;
        let done = step()?;
        self.host.runtime.block_on(look.run("COMMIT"))?;
        Ok(done)
    }

    /// The counts, once nobody is connected any more: a connection that ends hands in its own.
    fn moment(&self) -> Outcome<Moment> {
        let Self { host, name, .. } = self;
        let connected = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND backend_type = 'client backend'
             AND state <> 'idle in transaction'"
        );
        for _ in 0..200 {
            if host.number(&connected)? == 0 {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let cpu = host.server.map_or(0.0, Server::cpu_seconds);
        let log = host.number("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint")?;
        let commits = host.number(&format!("SELECT xact_commit FROM pg_stat_database WHERE datname = '{name}'"))?;
        let dead = "SELECT sum(n_tup_upd + n_tup_del)::bigint FROM pg_stat_user_tables";
        let dead = host.runtime.block_on(async { Look::open(&self.url).await?.number(dead).await })?;
        Ok(Moment { cpu, log, commits, dead })
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        let _dropped = self.host.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn start() -> Outcome<(String, Option<PathBuf>)> {
    let state = std::env::temp_dir().join(format!("jobs-benchmarks-{}", std::process::id()));
    let url = script(&state, "start")?;
    Ok((url, Some(state)))
}

fn script(state: &Path, verb: &str) -> Outcome<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bin/postgres");
    let output = Command::new(script).arg(verb).env("JOBS_POSTGRES_STATE", state).output()?;
    if !output.status.success() {
        return Err(format!("`bin/postgres {verb}`: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
