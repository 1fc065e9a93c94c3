//! Jobs of Ruby, and the calls that most tests make.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::task::{Context, Waker};
use std::time::Duration;

use jobs_core::{
    Claim, Decision, Due, ErrorRecord, Execution, JobId, NewJob, Process, ProcessId, QueueSelector, Settled, Store,
};
use jobs_resque::{ResqueStore, WorkerId};

use super::TestDb;

pub(crate) const ME: ProcessId = ProcessId::new(7);
pub(crate) const OTHER: ProcessId = ProcessId::new(8);

/// The text of a job of Ruby with this number, and with arguments of all kinds.
pub(crate) fn text(number: u32) -> String {
    format!(r#"{{"class":"Charge","args":[{number},1.0,9007199254740993123,[]]}}"#)
}

/// The same among delayed jobs.
pub(crate) fn delayed_text(number: u32, queue: &str) -> String {
    format!(r#"{{"class":"Charge","args":[{number},1.0,9007199254740993123,[]],"queue":"{queue}"}}"#)
}

/// A job of Rust.
pub(crate) fn job(number: u64) -> NewJob {
    let mut job = NewJob::new(JobId::from_number(i64::try_from(number).unwrap()), "charge", format!("[{number}]"));
    "low".clone_into(&mut job.queue);
    job
}

/// The same for later.
pub(crate) fn job_in(number: u64, wait: Duration) -> NewJob {
    let mut job = job(number);
    job.due = Due::In(wait);
    job
}

/// The worker of this slot of [`ME`], with these queues.
pub(crate) fn worker(slot: usize, queues: &[&str]) -> WorkerId {
    WorkerId::of_slot("worker-1", 42, slot, ME, queues)
}

impl TestDb {
    /// Pushes a text as a Ruby client does.
    pub(crate) async fn push(&self, queue: &str, text: &str) {
        let _: () = self.run(&["SADD", "resque:queues", queue]).await;
        let _: () = self.run(&["RPUSH", &format!("resque:queue:{queue}"), text]).await;
    }

    /// Schedules a text as resque-scheduler does.
    pub(crate) async fn schedule(&self, second: i64, text: &str) {
        let (list, second) = (format!("delayed:{second}"), second.to_string());
        let _: () = self.run(&["RPUSH", &format!("resque:{list}"), text]).await;
        let _: () = self.run(&["SADD", &format!("resque:timestamps:{text}"), &list]).await;
        let _: () = self.run(&["ZADD", "resque:delayed_queue_schedule", &second, &second]).await;
    }

    pub(crate) async fn number(&self, key: &str) -> Option<u32> {
        self.run(&["GET", key]).await
    }
}

pub(crate) async fn beat(store: &ResqueStore) {
    let _reply = store.heartbeat(&Process::new(ME, "me", "worker-1", 42)).await.unwrap();
}

pub(crate) async fn claim(store: &ResqueStore, limit: usize) -> Vec<Execution> {
    store.claim(&Claim::all(ME, limit)).await.unwrap()
}

pub(crate) async fn claim_from(store: &ResqueStore, queues: &[&str], limit: usize) -> Vec<Execution> {
    let queues = queues.iter().map(|queue| queue.parse::<QueueSelector>().unwrap()).collect();
    store.claim(&Claim::new(ME, queues, limit)).await.unwrap()
}

pub(crate) async fn settle(store: &ResqueStore, execution: Execution, decision: Decision) -> Settled {
    store.settle(&[execution.settle(decision)]).await.unwrap()[0]
}

/// Claims the only job and settles it.
pub(crate) async fn run(store: &ResqueStore, decision: Decision) {
    let execution = claim(store, 1).await.pop().expect("a job is ready");
    assert_eq!(settle(store, execution, decision).await, Settled::Applied);
}

pub(crate) const FINISH: Decision = Decision::Finish { keep: false };

pub(crate) fn error(message: &str) -> ErrorRecord {
    let mut error = ErrorRecord::new("shop::PaymentError", message);
    error.causes = vec!["the card expired".to_owned()];
    error
}

pub(crate) fn fail(message: &str) -> Decision {
    Decision::Fail { meta: None, error: error(message) }
}

pub(crate) fn retry_in(wait: Duration) -> Decision {
    Decision::Retry { wait, queue: None, priority: None, meta: None, error: error("declined") }
}

/// A claim that takes jobs of this queue, all that it has, and whose answer is lost.
pub(crate) async fn lose_a_claim(store: &ResqueStore, db: &TestDb, queue: &str) {
    let queues = vec![queue.parse::<QueueSelector>().unwrap()];
    let claim = Claim::new(ME, queues, 10);
    let mut call = store.claim(&claim);
    // The connection is there, so that one poll sends the call.
    assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let taken = async {
        while !db.list(&format!("resque:queue:{queue}")).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), taken).await.unwrap();
}
