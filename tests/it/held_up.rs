//! A process goes on living while a call to its store takes for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jobs::prelude::*;
use jobs::{
    Claim, Dispatched, Due, Execution, Inspect, JobId, Manage, NewJob, Process, Pulse, Recovered, Recovery, Settled,
    Settlement, Store, StoreFuture, Wakeups,
};
use tokio::sync::Notify;

use crate::setup::World;

#[job]
async fn nothing() -> Result<(), std::io::Error> {
    Ok(())
}

/// A store that never answers one of its calls: there is too much to do, or a lock is in its way.
#[derive(Debug)]
struct HeldUp {
    store: Arc<dyn Store>,
    call: &'static str,
    called: Notify,
    heartbeats: AtomicUsize,
}

impl HeldUp {
    fn answer<'a, T: 'a>(&self, call: &str, answer: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        if call != self.call {
            return answer;
        }
        self.called.notify_one();
        Box::pin(std::future::pending())
    }
}

async fn lives_on_without_an_answer_to(call: &'static str) {
    let mut world = World::new();
    let (called, heartbeats) = (Notify::new(), AtomicUsize::new(0));
    let held_up = Arc::new(HeldUp { store: world.store.clone(), call, called, heartbeats });
    world.store = held_up.clone();
    let builder = world
        .builder(jobs::jobs![Nothing])
        .heartbeat_interval(Duration::from_millis(5))
        .dead_after(Duration::from_secs(60));
    let running = builder.build().await.unwrap().start().await.unwrap();
    held_up.called.notified().await;
    let before = held_up.heartbeats.load(Ordering::SeqCst);
    let shown = async {
        while held_up.heartbeats.load(Ordering::SeqCst) < before + 3 {
            tokio::task::yield_now().await;
        }
    };
    let shown = tokio::time::timeout(Duration::from_secs(5), shown).await;
    assert!(shown.is_ok(), "no heartbeat came during a {call}");
    running.stop().await;
}

#[tokio::test]
async fn a_pruning_that_takes_long_does_not_keep_the_process_from_showing_that_it_lives() {
    lives_on_without_an_answer_to("prune").await;
}

#[tokio::test]
async fn a_recovery_that_takes_long_does_not_keep_the_process_from_showing_that_it_lives() {
    lives_on_without_an_answer_to("recover").await;
}

impl Store for HeldUp {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.store.enqueue(jobs)
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.store.dispatch(limit)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.store.claim(claim)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        self.store.settle(settlements)
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        self.heartbeats.fetch_add(1, Ordering::SeqCst);
        self.store.heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.answer("recover", self.store.recover(recovery))
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        self.store.inspect()
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        self.store.wakeups()
    }
}

/// Only pruning is asked for here.
impl Manage for HeldUp {
    fn prune(&self, _: Duration, _: usize) -> StoreFuture<'_, u64> {
        self.answer("prune", Box::pin(async { Ok(0) }))
    }

    fn retry<'a>(&'a self, _: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(async { Ok(0) })
    }

    fn discard<'a>(&'a self, _: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(async { Ok(0) })
    }

    fn reschedule<'a>(&'a self, _: &'a [JobId], _: Due) -> StoreFuture<'a, u64> {
        Box::pin(async { Ok(0) })
    }

    fn pause<'a>(&'a self, _: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async { Ok(false) })
    }

    fn resume<'a>(&'a self, _: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async { Ok(false) })
    }
}
