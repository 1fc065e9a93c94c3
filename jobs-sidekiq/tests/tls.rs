//! An encrypted connection to Redis, `sidekiq+rediss:`.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

#[path = "../../jobs-redis/tests/common/certificates.rs"]
mod certificates;
mod common;

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use certificates::certificates;
use common::NO_SERVER;
use jobs_core::Store;
use jobs_testing::plain::{enqueue, work};
use jobs_testing::skip;

/// The URL for the process that [`child`] is, and whether it is to be refused.
const CHILD: &str = "JOBS_SIDEKIQ_TEST_TLS";
const REFUSED: &str = "JOBS_SIDEKIQ_TEST_TLS_REFUSED";

/// A process that trusts what its environment says. In a run of all tests it does nothing.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let mut opened = jobs_core::connect(&url).await;
    if std::env::var_os(REFUSED).is_some() {
        assert!(opened.is_err(), "the certificate is not trusted");
        return;
    }
    // The server may still start.
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    while let Err(error) = &opened {
        assert!(error.is_transient(), "{error}");
        ticks.tick().await;
        opened = jobs_core::connect(&url).await;
    }
    let store = opened.unwrap();
    enqueue(&*store, 0..3).await;
    assert_eq!(work(&*store as &dyn Store, 10).await.len(), 3);
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _ended = self.0.wait();
    }
}

#[test]
fn an_encrypted_connection_trusts_the_authorities_of_the_machine_only() {
    if std::env::var("JOBS_TEST_REDIS").unwrap_or_default().is_empty() {
        return skip(NO_SERVER);
    }
    let folder = tempfile::tempdir().unwrap();
    if !certificates(folder.path()) {
        return skip("openssl, which makes certificates, is not installed");
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let options = ["--port", "0", "--tls-port", &port, "--tls-cert-file", "redis.crt", "--tls-key-file", "redis.key"];
    let others = ["--tls-ca-cert-file", "ca.crt", "--tls-auth-clients", "no", "--save", "", "--bind", "127.0.0.1"];
    let mut command = Command::new("redis-server");
    command.args(options).args(others).current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
    let _server = Server(command.spawn().unwrap());
    for is_refused in [false, true] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["child", "--exact"]).env(CHILD, format!("sidekiq+rediss://127.0.0.1:{port}/0"));
        if is_refused {
            child.env(REFUSED, "1");
        } else {
            child.env("SSL_CERT_FILE", folder.path().join("ca.crt"));
        }
        let output = child.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
