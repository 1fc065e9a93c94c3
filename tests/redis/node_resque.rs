//! Beside node-resque, a second opinion on Resque's keys: jobs go both ways, failures are read and retried there, and its list of
//! workers has those of Rust.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::sync::Mutex;
use std::time::Duration;

use jobs::RuntimeHandle;
use jobs::prelude::*;
use jobs_testing::skip;
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

use crate::server::OwnServer;

const DEADLINE: Duration = Duration::from_secs(120);

/// Jobs with numbers from here on fail the first time.
const FAILS_ONCE: u64 = 100;

/// What the jobs did.
struct Performed {
    numbers: UnboundedSender<u64>,
    /// node-resque enqueues a failed job as a new one, whose attempts are counted from one.
    failed: Mutex<BTreeSet<u64>>,
}

#[job(name = "Count", queue = "rust")]
async fn count(number: u64, performed: &Performed) -> Result<(), io::Error> {
    if number >= FAILS_ONCE && performed.failed.lock().unwrap().insert(number) {
        return Err(io::Error::other("not at the first time"));
    }
    let _received = performed.numbers.send(number);
    Ok(())
}

#[jobs::remote(name = "Add", queue = "node")]
fn add(first: u64, second: u64);

/// node-resque on a Redis of the test's own.
struct Node {
    server: OwnServer,
    modules: OsString,
}

impl Node {
    async fn start() -> Option<Self> {
        let modules = std::env::var_os("JOBS_TEST_NODE_RESQUE").filter(|path| !path.is_empty());
        let Some(modules) = modules else {
            skip("JOBS_TEST_NODE_RESQUE names no modules of node-resque; `bin/node-resque` gets them");
            return None;
        };
        Some(Self { server: OwnServer::new().await?, modules })
    }

    async fn run(&self, words: &[&str]) -> Value {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/redis/node_resque.js");
        let mut command = Command::new("node");
        command.arg(script).arg(self.server.port().to_string()).args(words).env("NODE_PATH", &self.modules);
        let output = timeout(DEADLINE, command.kill_on_drop(true).output()).await.unwrap().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// A worker in Rust that serves the queue `rust`, and the numbers of the jobs that it performs.
    async fn worker(&self) -> (RuntimeHandle, UnboundedReceiver<u64>) {
        let (sender, performed) = unbounded_channel();
        let builder = Runtime::builder().connect(format!("resque+{}", self.server.address()));
        let seen = Performed { numbers: sender, failed: Mutex::default() };
        let builder = builder.register(jobs::jobs![Count]).provide(seen).worker(Worker::new(["rust"]));
        (builder.build().await.unwrap().start().await.unwrap(), performed)
    }
}

/// The numbers of the next jobs that are performed.
async fn numbers(performed: &mut UnboundedReceiver<u64>, count: usize) -> BTreeSet<u64> {
    let mut numbers = BTreeSet::new();
    for _ in 0..count {
        numbers.insert(timeout(DEADLINE, performed.recv()).await.unwrap().unwrap());
    }
    numbers
}

#[tokio::test]
async fn jobs_of_node_resque_are_performed_in_rust_at_once_and_when_they_are_due() {
    let Some(node) = Node::start().await else { return };
    let (handle, mut performed) = node.worker().await;
    node.run(&["enqueue", "rust", "Count", "0", "20"]).await;
    node.run(&["enqueueIn", "1000", "rust", "Count", "20"]).await;
    assert_eq!(numbers(&mut performed, 21).await, (0..21).collect());
    let workers = node.run(&["workers"]).await;
    assert!(workers.as_object().unwrap().values().any(|queues| queues == "rust"), "{workers}");
    handle.stop().await;
    assert_eq!(node.run(&["stats"]).await["processed"], "21");
}

#[tokio::test]
async fn jobs_of_rust_are_performed_by_node_resque() {
    let Some(node) = Node::start().await else { return };
    let (handle, _performed) = node.worker().await;
    let jobs = (0..20).map(|number| jobs::AnyJob::new(Add::new(number, 1)));
    let _stored = handle.client().perform_all_later(jobs).await.unwrap();
    let performed = node.run(&["work", "node", "20"]).await;
    let expected: Vec<_> = (0..20).map(|number| serde_json::json!(["Add", [number, 1], number + 1])).collect();
    assert_eq!(performed, Value::Array(expected));
    handle.stop().await;
}

#[tokio::test]
async fn a_failure_in_rust_is_read_and_retried_by_node_resque() {
    let Some(node) = Node::start().await else { return };
    let (handle, mut performed) = node.worker().await;
    node.run(&["enqueue", "rust", "Count", "100", "101"]).await;
    let failed = async {
        loop {
            let failed = node.run(&["failed"]).await;
            if let [one] = failed.as_array().unwrap().as_slice() {
                return one.clone();
            }
        }
    };
    let failed = timeout(DEADLINE, failed).await.unwrap();
    assert_eq!((&failed["queue"], &failed["payload"]["class"]), (&"rust".into(), &"Count".into()), "{failed}");
    assert!(failed["error"].as_str().unwrap().contains("not at the first time"), "{failed}");
    node.run(&["retry"]).await;
    assert_eq!(numbers(&mut performed, 1).await, BTreeSet::from([100]));
    assert_eq!(node.run(&["failed"]).await, serde_json::json!([]));
    handle.stop().await;
}
