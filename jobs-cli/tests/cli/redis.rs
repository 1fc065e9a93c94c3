//! Commands on the Redis of a Ruby fleet, also over an encrypted connection.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jobs_testing::skip;
use serde_json::Value;

use crate::certificates::certificates;
use crate::fixture::{CommandOutput, TestDir, shop};

/// A Redis server of one test.
struct RedisServer {
    child: Child,
    folder: tempfile::TempDir,
    port: String,
    is_encrypted: bool,
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

impl RedisServer {
    async fn start(is_encrypted: bool) -> Option<Self> {
        if std::env::var("JOBS_TEST_REDIS").unwrap_or_default().is_empty() {
            skip("JOBS_TEST_REDIS names no Redis server; `bin/redis start` starts one");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        if is_encrypted && !certificates(folder.path()) {
            skip("openssl, which makes certificates, is not installed");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", ""]).current_dir(folder.path());
        if is_encrypted {
            command.args(["--port", "0", "--tls-port", &port, "--tls-cert-file", "redis.crt"]);
            command.args(["--tls-key-file", "redis.key", "--tls-ca-cert-file", "ca.crt", "--tls-auth-clients", "no"]);
        } else {
            command.args(["--port", &port]);
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        let server = Self { child, folder, port, is_encrypted };
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        while server.redis(&["PING"]).trim() != "PONG" {
            pause.tick().await;
        }
        Some(server)
    }

    /// Runs a command of Redis.
    fn redis(&self, words: &[&str]) -> String {
        let mut command = Command::new("redis-cli");
        command.args(["-p", &self.port]).current_dir(self.folder.path());
        if self.is_encrypted {
            command.args(["--tls", "--cacert", "ca.crt"]);
        }
        String::from_utf8(command.args(words).output().unwrap().stdout).unwrap()
    }

    fn url(&self, store: &str) -> String {
        let scheme = if self.is_encrypted { "rediss" } else { "redis" };
        format!("{store}+{scheme}://127.0.0.1:{}/0", self.port)
    }

    /// A program on this server.
    fn command(&self, dir: &TestDir, program: PathBuf, store: &str, args: &[&str]) -> Command {
        let mut command = dir.command(program, args);
        command.env("JOBS_URL", self.url(store)).env("SSL_CERT_FILE", self.folder.path().join("ca.crt"));
        command
    }

    fn run(&self, dir: &TestDir, program: PathBuf, store: &str, args: &[&str]) -> CommandOutput {
        CommandOutput::new(self.command(dir, program, store, args).output().unwrap())
    }

    fn jobs(&self, dir: &TestDir, store: &str, args: &[&str]) -> CommandOutput {
        self.run(dir, env!("CARGO_BIN_EXE_jobs").into(), store, args)
    }

    /// A job of a class in a queue, as Ruby pushes it.
    fn push(&self, store: &str, queue: &str, class: &str) {
        let (prefix, text) = (prefix(store), format!(r#"{{"class":"{class}","args":[]}}"#));
        let _: String = self.redis(&["SADD", &format!("{prefix}queues"), queue]);
        let _: String = self.redis(&["RPUSH", &format!("{prefix}queue:{queue}"), &text]);
    }

    /// A live process of Sidekiq with this version and these queues, whose clock is so many seconds ahead.
    fn sidekiq(&self, number: u32, version: &str, queues: &[&str], ahead: i64) {
        let now: i64 = self.redis(&["TIME"]).lines().next().unwrap().parse().unwrap();
        let identity = format!("web-{number}:{number}:0333f5aefaec");
        let info = serde_json::json!({
            "hostname": format!("web-{number}"), "started_at": now, "pid": number, "concurrency": 5, "queues": queues,
            "labels": [], "version": version,
        });
        let beat = format!("{}.25", now + ahead);
        let fields = ["info", &info.to_string(), "beat", &beat, "busy", "1", "quiet", "false"];
        let _: String = self.redis(&["SADD", "processes", &identity]);
        let _: String = self.redis(&[&["HSET", &identity], &fields[..]].concat());
    }

    /// A live worker of Resque for these queues.
    fn resque(&self, queues: &str) {
        let id = format!("web-1:42:{queues}");
        let now = jobs::Timestamp::from_micros(
            self.redis(&["TIME"]).lines().next().unwrap().parse::<i64>().unwrap() * 1_000_000,
        );
        let beat = now.to_string();
        let _: String = self.redis(&["SADD", "resque:workers", &id]);
        let _: String = self.redis(&["HSET", "resque:workers:heartbeat", &id, &beat]);
    }
}

fn prefix(store: &str) -> &'static str {
    if store == "resque" { "resque:" } else { "" }
}

#[tokio::test]
async fn commands_work_on_both_stores_with_and_without_encryption() {
    let dir = TestDir::new().await;
    for is_encrypted in [false, true] {
        let Some(server) = RedisServer::start(is_encrypted).await else { return };
        for store in ["sidekiq", "resque"] {
            server.push(store, "mailers", "MailJob");
            let queues = server.jobs(&dir, store, &["queues"]).done();
            assert!(queues.contains("mailers"), "{queues}");
            let listed = server.jobs(&dir, store, &["list", "--json"]).done();
            let job: Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
            assert_eq!(job["job"], "MailJob");
            assert_eq!(server.jobs(&dir, store, &["stats"]).status, 0);
            let discarded = server.jobs(&dir, store, &["discard", job["id"].as_str().unwrap()]);
            assert_eq!(discarded.status, 0, "{discarded:?}");
            assert_eq!(server.redis(&["EXISTS", &format!("{}queue:mailers", prefix(store))]).trim(), "0");
            assert_eq!(server.jobs(&dir, store, &["check"]).status, 0);
        }
    }
}

#[cfg(feature = "dashboard")]
#[tokio::test]
async fn the_dashboard_opens_on_both_stores_with_and_without_encryption() {
    let dir = TestDir::new().await;
    for is_encrypted in [false, true] {
        let Some(server) = RedisServer::start(is_encrypted).await else { return };
        server.sidekiq(1, "8.1.7", &["mailers"], 0);
        server.resque("mailers");
        for store in ["sidekiq", "resque"] {
            server.push(store, "mailers", "MailJob");
            let args = ["dashboard", "--bind", "127.0.0.1:0"];
            let mut command = server.command(&dir, env!("CARGO_BIN_EXE_jobs").into(), store, &args);
            command.env_remove("JOBS_DASHBOARD_PASSWORD").env_remove("JOBS_LOG").stderr(Stdio::piped());
            let dashboard = crate::dashboard::DashboardProcess::spawn(&mut command);
            for (path, words) in [("/jobs?state=ready", "MailJob"), ("/queues", "mailers"), ("/processes", "web-1")] {
                let page = dashboard.request("GET", path, "");
                assert!(page.starts_with("HTTP/1.1 200") && page.contains(words), "{path}: {page}");
            }
            assert!(dashboard.stop());
        }
    }
}

#[tokio::test]
async fn a_check_tells_of_queues_without_a_process_and_of_the_versions_and_clocks_of_sidekiq() {
    let Some(server) = RedisServer::start(false).await else { return };
    let dir = TestDir::new().await;
    server.push("sidekiq", "mailers", "MailJob");
    server.push("sidekiq", "reports", "ReportJob");
    server.sidekiq(1, "7.3.2", &["mailers"], 0);
    server.sidekiq(2, "8.1.7", &["mailers", "low"], 3_600);
    server.sidekiq(3, "8.1.7", &["low"], -3_600);
    let output = server.jobs(&dir, "sidekiq", &["check"]).done();
    assert!(output.contains("no live process takes from the queue `reports`: 1 job waits (`ReportJob`)"), "{output}");
    assert!(!output.contains("`mailers`"), "Ruby has it: {output}");
    assert!(
        output.contains("fleet: 1 process of Sidekiq 7.3.2") && output.contains("2 processes of Sidekiq 8.1.7"),
        "{output}"
    );
    assert!(output.contains("Sidekiq 8 runs beside an older Sidekiq"), "{output}");
    assert!(output.contains("`web-2:2:0333f5aefaec` is 3") && output.contains("s ahead of"), "{output}");
    assert!(output.contains("`web-3:3:0333f5aefaec` is 3") && output.contains("s behind"), "{output}");
    let processes = server.jobs(&dir, "sidekiq", &["processes"]).done();
    assert!(processes.contains("Sidekiq 7.3.2") && processes.contains("mailers, low"), "{processes}");
}

#[tokio::test]
async fn a_check_tells_of_queues_that_mix_jobs_of_both_sides() {
    let dir = TestDir::new().await;
    dir.write("config/jobs.yml", "development:\n  workers: [{ queues: [default] }]\n");
    let Some(server) = RedisServer::start(false).await else { return };
    server.sidekiq(1, "8.1.7", &["default", "emails"], 0);
    server.resque("*,!nightly");
    for store in ["sidekiq", "resque"] {
        for (queue, class) in
            [("default", "send_mail"), ("default", "RubyJob"), ("emails", "OtherJob"), ("nightly", "NightJob")]
        {
            server.push(store, queue, class);
        }
        let output = server.run(&dir, shop(), store, &["check"]);
        assert_eq!(output.status, 3, "{output:?}");
        let out = &output.out;
        assert!(
            out.contains("the queue `default` has jobs of this program (`send_mail`) and of others (`RubyJob`)"),
            "{out}"
        );
        assert!(out.contains("no worker serves the queue `nightly`: 1 job waits"), "{out}");
        assert!(out.contains("does not know the job `NightJob`: 1 are stored, and no live process of Ruby"), "{out}");
        assert!(!out.contains("does not know the job `RubyJob`") && !out.contains("OtherJob"), "Ruby has them: {out}");
    }
}
