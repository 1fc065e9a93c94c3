//! What the operating system asks of a program that goes on until it is told to stop.

use std::future::Future;

use jobs::Error;

/// Ready when the operating system asks the program to stop.
///
/// # Errors
/// Signals cannot be listened to.
#[cfg(unix)]
pub(crate) fn stop() -> Result<impl Future<Output = ()> + Send, Error> {
    use tokio::signal::unix::{SignalKind, signal};

    let listen =
        |kind| signal(kind).map_err(|cause| Error::other("the program cannot hear signals").with_source(cause));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready when the operating system asks the program to stop.
///
/// # Errors
/// None here.
#[cfg(not(unix))]
pub(crate) fn stop() -> Result<impl Future<Output = ()> + Send, Error> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
