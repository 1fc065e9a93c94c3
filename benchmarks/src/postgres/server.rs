//! The server with the databases, and the cost of a step on it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bench_protocol::postgres::{Look, Server};
use bench_protocol::{Cost, Outcome};
use tokio::runtime::Runtime;

use super::proxy::Proxy;

/// Settings that prevent a checkpoint during a step. A checkpoint would come at a random time and slow down the next
/// writer, so there is one before each step. All other settings are the defaults of the server.
const SETTINGS: [&str; 3] =
    ["ALTER SYSTEM SET max_wal_size = '16GB'", "ALTER SYSTEM SET checkpoint_timeout = '1h'", "SELECT pg_reload_conf()"];

/// The server with the databases of a run.
pub(crate) struct Host {
    runtime: Runtime,
    look: Look,
    server: Option<Server>,
    url: String,
    /// The state file of `bin/postgres`, if it started the server.
    started: Option<PathBuf>,
}

/// A new database, which is dropped with this value.
pub(crate) struct Database<'a> {
    host: &'a Host,
    name: String,
    url: String,
}

/// The counters of the server at one moment.
struct Moment {
    cpu: f64,
    log: u64,
    commits: u64,
    dead: u64,
}

impl Host {
    /// The server in `JOBS_BENCH_POSTGRES`, or a new one that is stopped at the end.
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

    /// The version of the server, as text.
    pub(crate) fn version(&self) -> Outcome<String> {
        let number = self.number("SELECT current_setting('server_version_num')::bigint")?;
        Ok(format!("{}.{}", number / 10_000, number % 10_000))
    }

    /// A fresh database, after a checkpoint.
    pub(crate) fn database(&self, name: String) -> Outcome<Database<'_>> {
        self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        self.run(&format!("CREATE DATABASE {name}"))?;
        self.run("CHECKPOINT")?;
        let (front, server, _) = parts(&self.url)?;
        let url = format!("{front}{server}/{name}");
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

    /// Runs statements without a result.
    pub(crate) fn run(&self, statements: &str) -> Outcome<()> {
        self.host.runtime.block_on(async { Look::open(&self.url).await?.run(statements).await })
    }

    /// Calls the function, and returns its cost on the server.
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

    /// Calls the function with the URL of the database over a network that delays each byte, in both directions.
    pub(crate) fn over_a_network<T>(&self, delay: Duration, step: impl FnOnce(&str) -> Outcome<T>) -> Outcome<T> {
        let (front, server, name) = parts(&self.url)?;
        let proxy = Proxy::start(server.to_owned(), delay)?;
        step(&format!("{front}{}/{name}", proxy.address()))
    }

    /// Calls the function while a transaction holds a snapshot of the current database.
    pub(crate) fn beside_a_snapshot<T>(&self, step: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let look = self.host.runtime.block_on(Look::open(&self.url))?;
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class";
        self.host.runtime.block_on(look.run(begin))?;
        let done = step()?;
        self.host.runtime.block_on(look.run("COMMIT"))?;
        Ok(done)
    }

    /// The counts after all connections are closed, because a connection reports its counts when it closes.
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

/// The parts of a URL: up to the user, the address of the server, the name of the database.
fn parts(url: &str) -> Outcome<(&str, &str, &str)> {
    let (server, name) = url.rsplit_once('/').ok_or("the URL of the server names no database")?;
    let start = server.rfind(['@', '/']).ok_or("the URL names no server")? + 1;
    let (front, address) = server.split_at(start);
    if address.contains(':') { Ok((front, address, name)) } else { Err("the URL of the server has no port".into()) }
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
