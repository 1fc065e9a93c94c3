//! A thread that waits for signals, so that they take effect also while jobs block the program's tokio runtime.

use std::{mem, thread};

use jobs_core::Error;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::runtime::exit::{ProcessExit, exit_now};
use crate::runtime::shutdown::Tokens;
use crate::runtime::signals::{Request, Signals};

/// Receives the signals of the operating system, and keeps them until there is a runtime to stop.
#[derive(Debug)]
pub(crate) struct SignalListener {
    order: oneshot::Sender<SignalThread>,
}

impl SignalListener {
    /// Starts the thread and installs the handlers.
    ///
    /// # Errors
    /// The system cannot start a thread, or signals cannot be listened to.
    pub(crate) async fn install() -> Result<Self, Error> {
        let (installed, reply) = oneshot::channel();
        let (order, ordered) = oneshot::channel();
        let work = move || match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(wait(installed, ordered)),
            // If the caller is gone, there is nothing to stop.
            Err(cause) => drop(installed.send(Err(failed(cause)))),
        };
        let _detached = thread::Builder::new().name("jobs-signals".to_owned()).spawn(work).map_err(failed)?;
        reply.await.map_err(failed)??;
        Ok(Self { order })
    }

    /// Lets the signals stop a runtime. The thread ends when the guard is dropped, unless it ends the process before.
    pub(crate) fn stop(self, tokens: Tokens, ended: CancellationToken, exit: Option<ProcessExit>) -> DropGuard {
        let dropped = CancellationToken::new();
        let thread = SignalThread { tokens, ended, dropped: dropped.clone(), exit };
        // The thread waits for this.
        let _received = self.order.send(thread);
        dropped.drop_guard()
    }
}

fn failed(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::other("the process cannot listen to signals").with_source(cause)
}

/// Runs on the thread.
async fn wait(installed: oneshot::Sender<Result<(), Error>>, ordered: oneshot::Receiver<SignalThread>) {
    let signals = match Signals::install() {
        Ok(signals) => signals,
        Err(error) => return drop(installed.send(Err(error))),
    };
    let _installed = installed.send(Ok(()));
    // The listener is dropped if the runtime does not start.
    if let Ok(thread) = ordered.await {
        thread.run(signals).await;
    }
}

/// What the signals stop.
#[derive(Debug)]
struct SignalThread {
    tokens: Tokens,
    /// The runtime has stopped.
    ended: CancellationToken,
    /// `run` has returned, or its future was dropped.
    dropped: CancellationToken,
    exit: Option<ProcessExit>,
}

/// Who requested the stop.
#[derive(Debug)]
enum Requester {
    Signal,
    /// A person, through the store.
    Order,
}

impl SignalThread {
    async fn run(mut self, mut signals: Signals) {
        let Some(requester) = self.stop_requested(&mut signals).await else { return };
        self.tokens.request_stop();
        let mut stops = UrgentStops { signals, expects_first: matches!(requester, Requester::Order) };
        let Some(exit) = self.exit.take() else {
            return tokio::select! {
                () = stops.next() => self.tokens.force.cancel(),
                () = self.dropped.cancelled() => {}
            };
        };
        // From here on the process ends, also if `run` has returned.
        let is_urgent = tokio::select! {
            () = exit.overdue() => false,
            () = stops.next() => true,
            () = self.ended.cancelled() => false,
        };
        self.tokens.force.cancel();
        tokio::select! {
            never = exit.exit(&self.ended, is_urgent) => never,
            // One more: the store is not waited for.
            () = stops.next() => exit_now(),
        }
    }

    /// Quiets the runtime as requested, and returns at the first request to stop. `None` if there was none before the end.
    async fn stop_requested(&self, signals: &mut Signals) -> Option<Requester> {
        loop {
            tokio::select! {
                biased;
                // First: a future of `run` that is dropped stops the runtime too, and that is no order.
                () = self.dropped.cancelled() => return None,
                () = self.tokens.stop.cancelled() => return Some(Requester::Order),
                () = self.ended.cancelled() => return None,
                request = signals.next() => match request {
                    Request::Quiet => self.tokens.quiet.cancel(),
                    Request::Stop => return Some(Requester::Signal),
                },
            }
        }
    }
}

/// The signals after the request to stop that make it urgent.
#[derive(Debug)]
struct UrgentStops {
    signals: Signals,
    /// The stop was an order: the next signal is the first one, which asks for the same.
    expects_first: bool,
}

impl UrgentStops {
    /// Cancel safe.
    async fn next(&mut self) {
        while self.signals.next().await != Request::Stop || mem::take(&mut self.expects_first) {}
    }
}
