//! Payloads and the calls that most tests make.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::needless_pass_by_value, reason = "a payload is written where it is passed")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::task::{Context, Waker};
use std::time::Duration;

use jobs_core::{Claim, Decision, ErrorRecord, Execution, ProcessId, Settled, Store};
use jobs_sidekiq::SidekiqStore;
use serde_json::{Value, json};

use super::TestDb;

pub(crate) const ME: ProcessId = ProcessId::new(7);
pub(crate) const OTHER: ProcessId = ProcessId::new(8);

/// A payload as Sidekiq 8 writes it, with these keys besides.
pub(crate) fn payload(number: u64, more: Value) -> String {
    let mut payload = json!({
        "retry": true, "queue": "default", "args": [number], "class": "HardJob",
        "jid": format!("{number:024x}"), "created_at": 1_767_225_600_000_u64, "enqueued_at": 1_767_225_600_000_u64,
    });
    payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    payload.to_string()
}

impl TestDb {
    /// Pushes a text as a Ruby client does.
    pub(crate) async fn push(&self, queue: &str, text: &str) {
        let _: () = self.run(&["SADD", "queues", queue]).await;
        let _: () = self.run(&["LPUSH", &format!("queue:{queue}"), text]).await;
    }

    /// The texts of a list, from the left.
    pub(crate) async fn list(&self, key: &str) -> Vec<String> {
        self.run(&["LRANGE", key, "0", "-1"]).await
    }

    /// The members of a sorted set as JSON, with their scores.
    pub(crate) async fn set(&self, key: &str) -> Vec<(Value, f64)> {
        let members: Vec<(String, f64)> = self.run(&["ZRANGE", key, "0", "-1", "WITHSCORES"]).await;
        members.into_iter().map(|(text, score)| (serde_json::from_str(&text).unwrap(), score)).collect()
    }

    /// The only member of a sorted set.
    pub(crate) async fn only(&self, key: &str) -> (Value, f64) {
        let members = self.set(key).await;
        assert_eq!(members.len(), 1, "{key}: {members:?}");
        members.into_iter().next().unwrap()
    }
}

pub(crate) async fn claim(store: &SidekiqStore, limit: usize) -> Vec<Execution> {
    store.claim(&Claim::all(ME, limit)).await.unwrap()
}

pub(crate) async fn settle(store: &SidekiqStore, execution: Execution, decision: Decision) -> Settled {
    store.settle(&[execution.settle(decision)]).await.unwrap()[0]
}

/// Claims the only job and settles it.
pub(crate) async fn run(store: &SidekiqStore, decision: Decision) {
    let execution = claim(store, 1).await.pop().expect("a job is ready");
    assert_eq!(settle(store, execution, decision).await, Settled::Applied);
}

pub(crate) fn fail(message: &str) -> Decision {
    let mut error = ErrorRecord::new("shop::PaymentError", message);
    error.causes = (1..=5).map(|number| format!("cause {number}")).collect();
    Decision::Fail { meta: None, error }
}

/// A claim that takes the jobs of the queue `default`, all that it has, and whose answer is lost.
pub(crate) async fn lose_a_claim(store: &SidekiqStore, db: &TestDb) {
    let claim = Claim::all(ME, 10);
    let mut call = store.claim(&claim);
    // The connection is there, so that one poll sends the call.
    assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let taken = async {
        while !db.list("queue:default").await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), taken).await.unwrap();
}
