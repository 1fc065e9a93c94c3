//! The signals with which the operating system stops a program.

use std::future::Future;

use jobs::Error;

/// Returns a future that is ready when the operating system asks the program to stop.
///
/// # Errors
/// The signal handlers cannot be installed.
#[cfg(unix)]
pub(crate) fn stop() -> Result<impl Future<Output = ()> + Send, Error> {
    use tokio::signal::unix::{SignalKind, signal};

    let listen = |kind| signal(kind).map_err(|cause| Error::other("cannot listen for signals").with_source(cause));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Returns a future that is ready when the operating system asks the program to stop.
///
/// # Errors
/// None on this platform.
#[cfg(not(unix))]
pub(crate) fn stop() -> Result<impl Future<Output = ()> + Send, Error> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
