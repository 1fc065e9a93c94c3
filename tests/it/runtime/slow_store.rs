//! Heartbeats continue while another call to the store never returns.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{HeartbeatReply, Process, Recovered, Recovery, Store, StoreFuture};
use jobs_testing::{PassThrough, PassThroughStore};
use tokio::sync::Notify;

use crate::fixture::Fixture;

#[job]
async fn nothing() -> Result<(), std::io::Error> {
    Ok(())
}

/// A store that never answers one of its calls: there is too much to do, or another transaction holds a lock.
struct HangingStore {
    store: Arc<dyn Store>,
    call: &'static str,
    called: Notify,
    heartbeats: AtomicUsize,
}

impl HangingStore {
    /// Hangs if this is the call that is to hang.
    fn answer<'a, T: 'a>(&self, call: &str, answer: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        if call != self.call {
            return answer;
        }
        self.called.notify_one();
        Box::pin(std::future::pending())
    }
}

impl PassThrough for HangingStore {
    fn inner(&self) -> &dyn Store {
        &*self.store
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.heartbeats.fetch_add(1, Ordering::SeqCst);
        self.store.heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.answer("recover", self.store.recover(recovery))
    }

    fn prune(&self, _: Duration, _: usize) -> StoreFuture<'_, u64> {
        self.answer("prune", Box::pin(async { Ok(0) }))
    }
}

async fn heartbeats_continue_during(call: &'static str) {
    let mut fixture = Fixture::new();
    let (called, heartbeats) = (Notify::new(), AtomicUsize::new(0));
    let hanging = Arc::new(PassThroughStore(HangingStore { store: fixture.store.clone(), call, called, heartbeats }));
    fixture.store = hanging.clone();
    let builder = fixture
        .builder(jobs::jobs![Nothing])
        .heartbeat_interval(Duration::from_millis(5))
        .dead_after(Duration::from_secs(60));
    let running = builder.build().await.unwrap().start().await.unwrap();
    hanging.0.called.notified().await;
    let before = hanging.0.heartbeats.load(Ordering::SeqCst);
    let shown = async {
        while hanging.0.heartbeats.load(Ordering::SeqCst) < before + 3 {
            tokio::task::yield_now().await;
        }
    };
    let shown = tokio::time::timeout(Duration::from_secs(5), shown).await;
    assert!(shown.is_ok(), "no heartbeat came during a {call}");
    running.stop().await;
}

#[tokio::test]
async fn heartbeats_continue_during_a_slow_prune() {
    heartbeats_continue_during("prune").await;
}

#[tokio::test]
async fn heartbeats_continue_during_a_slow_recovery() {
    heartbeats_continue_during("recover").await;
}
