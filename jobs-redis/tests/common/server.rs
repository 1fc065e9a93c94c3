//! A Redis server of one test, for tests that harm it.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jobs_testing::skip;
use redis::{Client, FromRedisValue};
use tempfile::TempDir;

pub(crate) const NO_SERVER: &str = "JOBS_TEST_REDIS names no Redis server; `bin/redis start` starts one";

pub(crate) struct OwnServer {
    port: u16,
    folder: TempDir,
    child: Child,
}

impl OwnServer {
    /// A new server. If there is no server for tests, the test is recorded as skipped and gets `None`.
    pub(crate) async fn new() -> Option<Self> {
        if std::env::var("JOBS_TEST_REDIS").unwrap_or_default().is_empty() {
            skip(NO_SERVER);
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = start(port, &folder);
        let server = Self { port, folder, child };
        server.answers().await;
        Some(server)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The URL of the server, without the store.
    pub(crate) fn address(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) async fn restart(&mut self) {
        self.child = start(self.port, &self.folder);
        self.answers().await;
    }

    pub(crate) async fn run<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let client = Client::open(self.address()).unwrap();
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(word);
        }
        command.query_async(&mut client.get_multiplexed_async_connection().await.unwrap()).await.unwrap()
    }

    /// Makes the user `app` with the password `secret` and these rights, in the words of `ACL SETUSER`.
    pub(crate) async fn add_user(&self, rights: &[&str]) {
        let _: () = self.run(&[&["ACL", "SETUSER", "app", "on", ">secret"], rights].concat()).await;
    }

    /// Waits until it answers that it has loaded its data.
    async fn answers(&self) {
        let client = Client::open(self.address()).unwrap();
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..1_500 {
            pause.tick().await;
            let Ok(mut connection) = client.get_multiplexed_async_connection().await else { continue };
            if redis::cmd("PING").query_async::<String>(&mut connection).await.is_ok() {
                return;
            }
        }
        panic!("the server on port {} does not answer", self.port);
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn start(port: u16, folder: &TempDir) -> Child {
    let options = ["--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", "always", "--save", ""];
    let mut command = Command::new("redis-server");
    command.args(options).arg("--port").arg(port.to_string()).arg("--dir").arg(folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}
