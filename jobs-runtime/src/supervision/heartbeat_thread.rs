//! A thread with a tokio runtime of its own: it sends heartbeats and watches the program's runtime, which jobs may block.

use std::sync::Arc;
use std::thread;

use jobs_core::{Error, Heartbeats};
use tokio::join;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::maintenance::heartbeat::{Heartbeat, HeartbeatLoop};
use crate::supervision::runtime_watch::RuntimeWatch;
use crate::supervision::supervisor::supervise;

/// The thread that sends heartbeats. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct HeartbeatThread {
    stop: HeartbeatStop,
    _stops_when_dropped: DropGuard,
}

/// Stops the heartbeats of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeartbeatStop {
    requested: CancellationToken,
    ended: CancellationToken,
}

impl HeartbeatThread {
    /// Starts the thread and waits for the reply to the first heartbeat. A store without
    /// [heartbeats of its own](jobs_core::Heartbeats) gets them in the program's runtime: the loop is returned, to be run
    /// there.
    ///
    /// # Errors
    /// The system cannot start a thread, or the store did not take the first heartbeat.
    pub(crate) async fn start(heartbeat: Heartbeat) -> Result<(Self, Option<HeartbeatLoop<'static>>), Error> {
        let stop = HeartbeatStop::default();
        let (reply, first) = oneshot::channel();
        let watch = RuntimeWatch { jobs: heartbeat.jobs.clone(), program: Handle::current() };
        let (on_thread, here) = if heartbeat.jobs.store().heartbeats().is_some() {
            (Some(heartbeat), None)
        } else {
            // The thread sends none, so none is waited for at the end.
            stop.ended.cancel();
            (None, Some(HeartbeatLoop { heartbeat, sender: None, stop: stop.requested.clone() }))
        };
        let own = stop.clone();
        let work = move || {
            let _ended = own.ended.drop_guard();
            match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(run(on_thread, watch, reply, own.requested)),
                // If the start was dropped, no one waits for this.
                Err(cause) => drop(reply.send(Err(no_thread(cause)))),
            }
        };
        let _detached = thread::Builder::new().name("jobs-heartbeat".to_owned()).spawn(work).map_err(no_thread)?;
        let thread = Self { _stops_when_dropped: stop.requested.clone().drop_guard(), stop };
        match &here {
            // Nothing is awaited from the thread: where time is paused, it would go on meanwhile.
            Some(here) => here.heartbeat.first(None).await?,
            None => first.await.map_err(no_thread)??,
        }
        Ok((thread, here))
    }

    pub(crate) fn stopper(&self) -> HeartbeatStop {
        self.stop.clone()
    }
}

impl HeartbeatStop {
    /// Sends no more heartbeats, and waits for the reply to the last one. Cancel safe.
    pub(crate) async fn stop(&self) {
        self.requested.cancel();
        self.ended.cancelled().await;
    }
}

fn no_thread(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::transient("the thread of the heartbeats cannot be started").with_source(cause)
}

/// Runs on the thread until a stop is requested.
async fn run(
    heartbeat: Option<Heartbeat>,
    watch: RuntimeWatch,
    reply: oneshot::Sender<Result<(), Error>>,
    stop: CancellationToken,
) {
    let events = watch.jobs.shared.events.clone();
    let watching = stop.run_until_cancelled(supervise(events.clone(), stop.clone(), watch));
    let Some(heartbeat) = heartbeat else {
        // If the start was dropped, `stop` is cancelled too.
        let _started = reply.send(Ok(()));
        let _stopped = watching.await;
        return;
    };
    let store = Arc::clone(heartbeat.jobs.store());
    let sender = store.heartbeats().map(Heartbeats::sender);
    let first = heartbeat.first(sender.as_deref()).await;
    let is_alive = first.is_ok();
    if reply.send(first).is_ok() && is_alive {
        let beating = HeartbeatLoop { heartbeat, sender: sender.as_deref(), stop: stop.clone() };
        let _stopped = join!(watching, supervise(events, stop.clone(), beating));
    }
}
