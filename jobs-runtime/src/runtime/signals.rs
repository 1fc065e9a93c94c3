//! Signals of the operating system: stop and quiet.

use jobs_core::Error;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// A request of the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// SIGINT or SIGTERM: stop in order; a second one at once.
    Stop,
    /// SIGTSTP or SIGUSR1: claim no more, as in Sidekiq.
    Quiet,
}

/// Listens to signals. Installing it keeps them from ending the process by themselves, also for process 1
/// of a container.
#[derive(Debug)]
#[cfg(unix)]
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    suspend: Signal,
    user: Signal,
}

#[cfg(unix)]
impl Signals {
    pub(crate) fn install() -> Result<Self, Error> {
        let listen = |kind| {
            signal(kind).map_err(|cause| Error::other("the process cannot listen to signals").with_source(cause))
        };
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            // Tokio has no name for SIGTSTP; the number is the same on Linux and is 18 on the BSDs and macOS.
            suspend: listen(SignalKind::from_raw(if cfg!(target_os = "linux") { 20 } else { 18 }))?,
            user: listen(SignalKind::user_defined1())?,
        })
    }

    /// The next request. Cancel safe.
    pub(crate) async fn next(&mut self) -> Request {
        tokio::select! {
            _ = self.interrupt.recv() => Request::Stop,
            _ = self.terminate.recv() => Request::Stop,
            _ = self.suspend.recv() => Request::Quiet,
            _ = self.user.recv() => Request::Quiet,
        }
    }
}

/// Listens to Ctrl-C.
#[derive(Debug)]
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn install() -> Result<Self, Error> {
        Ok(Self)
    }

    /// The next request. Cancel safe.
    pub(crate) async fn next(&mut self) -> Request {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Request::Stop,
            Err(_) => std::future::pending().await,
        }
    }
}
