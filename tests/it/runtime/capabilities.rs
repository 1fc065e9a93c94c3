//! A store may lack capabilities; asking for one is an error.

use std::sync::Arc;

use jobs::memory::MemoryStore;
use jobs::prelude::*;
use jobs::store::{
    Claim, Dispatched, Execution, HeartbeatReply, NewJob, Process, Recovered, Recovery, Settled, Settlement, Store,
    StoreFuture,
};

/// A store with the required methods only.
#[derive(Debug, Default)]
struct Bare(MemoryStore);

impl Store for Bare {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.0.enqueue(jobs)
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.0.dispatch(limit)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.0.claim(claim)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.0.settle(settlements)
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.0.heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.0.recover(recovery)
    }
}

#[job]
async fn idle() {}

#[tokio::test]
async fn a_store_without_a_capability_says_so_when_asked_for_it() {
    let builder = Runtime::builder().store(Arc::new(Bare::default())).register(jobs::jobs![Idle]);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let jobs = running.client();
    for error in [
        jobs.inspect().err().expect("it cannot be inspected"),
        jobs.manage().err().expect("it cannot be managed"),
        running.drained().await.expect_err("it cannot be inspected"),
    ] {
        assert!(error.is_unsupported() && error.to_string().contains("this store"), "{error}");
    }
    running.stop().await;
}
