//! A store that breaks its contract: it answers too little, panics, or never answers.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use jobs::Enqueued;
use jobs::store::{
    Claim, Dispatched, Execution, HeartbeatReply, Inspect, Listener, Manage, NewJob, Notifier, Process, Recovered,
    Recovery, Settled, Settlement, Store, StoreFuture,
};
use tokio::sync::watch;

use crate::fixture::Fixture;

/// A store around another that breaks its contract on demand.
#[derive(Debug)]
pub(crate) struct BrokenStore {
    inner: Arc<dyn Store>,
    /// The next answer to this call is one too short.
    short: Mutex<Option<&'static str>>,
    /// This call is never answered.
    held: watch::Sender<Option<&'static str>>,
    /// So many of the next waits of listeners panic.
    panicking_waits: AtomicUsize,
}

impl BrokenStore {
    /// Puts one around the store of this fixture.
    pub(crate) fn around(fixture: &mut Fixture) -> Arc<Self> {
        let (short, held, panicking_waits) = (Mutex::default(), watch::Sender::new(None), AtomicUsize::new(0));
        let broken = Arc::new(Self { inner: fixture.store.clone(), short, held, panicking_waits });
        fixture.store = broken.clone();
        broken
    }

    /// The next answer to this call with something to answer is one too short.
    pub(crate) fn answer_short(&self, call: &'static str) {
        *self.short.lock().unwrap() = Some(call);
    }

    /// This call is not answered from now on, until another is held or none.
    pub(crate) fn hold(&self, call: Option<&'static str>) {
        self.held.send_replace(call);
    }

    /// So many of the next waits of listeners panic.
    pub(crate) fn panic_in_listeners(&self, times: usize) {
        self.panicking_waits.store(times, Ordering::SeqCst);
    }

    fn cut<T>(&self, call: &'static str, answers: &mut Vec<T>) {
        let mut short = self.short.lock().unwrap();
        if *short == Some(call) && answers.pop().is_some() {
            *short = None;
        }
    }

    async fn released(&self, call: &'static str) {
        let mut held = self.held.subscribe();
        let _open = held.wait_for(|held| *held != Some(call)).await;
    }
}

impl Store for BrokenStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async {
            let mut answers = self.inner.enqueue(jobs).await?;
            self.cut("enqueue", &mut answers);
            Ok(answers)
        })
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        Box::pin(async move {
            self.released("dispatch").await;
            self.inner.dispatch(limit).await
        })
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.inner.claim(claim)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        Box::pin(async {
            self.released("settle").await;
            let mut answers = self.inner.settle(settlements).await?;
            self.cut("settle", &mut answers);
            Ok(answers)
        })
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.inner.heartbeat(process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.inner.recover(recovery)
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        self.inner.inspect()
    }

    fn manage(&self) -> Option<&dyn Manage> {
        self.inner.manage()
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        Some(self)
    }
}

impl Notifier for BrokenStore {
    fn listen(&self) -> Box<dyn Listener> {
        let panics = |left: usize| left.checked_sub(1);
        let panics = self.panicking_waits.fetch_update(Ordering::SeqCst, Ordering::SeqCst, panics).is_ok();
        Box::new(Waiting { panics })
    }
}

/// A listener that hears nothing, so that loops rely on their polls.
struct Waiting {
    panics: bool,
}

impl Listener for Waiting {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        assert!(!self.panics, "the listener is broken");
        Box::pin(pending())
    }
}
