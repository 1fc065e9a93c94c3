//! Serves a router until a stop is requested, and cuts off clients that hold connections without using them.

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use jobs_core::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long open responses may take after the stop. Live updates would otherwise keep the server running.
const GRACE: Duration = Duration::from_secs(2);

/// How long a client may take to send the head of a request, and how long a connection may be idle between two requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection accepts requests, and how much longer its last response may take. A client that does not read its
/// response is cut off then. Live updates last 60 seconds.
const LIFETIME: Duration = Duration::from_secs(60);
const LAST_RESPONSE: Duration = Duration::from_secs(65);

/// The wait after an error of the listener, such as too many open files.
const ACCEPT_RETRY: Duration = Duration::from_secs(1);

/// Serves at most `connections` clients at a time; others wait until one has left.
///
/// Cancel safe: open responses are cut off.
pub(crate) async fn serve_until(
    listener: TcpListener,
    router: Router,
    connections: usize,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let (slots, mut open) = (Arc::new(Semaphore::new(connections)), JoinSet::new());
    let (stopping, stopped) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            (slot, stream, peer) = accept(&listener, &slots) => {
                let router = router.clone().layer(Extension(ConnectInfo(peer)));
                open.spawn(converse(stream, router, stopped.clone(), slot));
            }
            Some(_ended) = open.join_next() => {}
            () = &mut stop => break,
        }
    }
    drop(listener);
    stopping.send_replace(true);
    // Those that are still open afterwards are aborted when `open` is dropped.
    let _in_time = timeout(GRACE, async { while open.join_next().await.is_some() {} }).await.is_ok();
    Ok(())
}

/// The next connection, as soon as there is a slot for it. Cancel safe.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, TcpStream, SocketAddr) {
    // The semaphore is never closed.
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (slot, stream, peer),
            Err(error) if is_of_connection(error.kind()) => {}
            Err(error) => {
                tracing::warn!(target: "jobs", %error, "No connection can be accepted; it is tried again in a second");
                sleep(ACCEPT_RETRY).await;
            }
        }
    }
}

/// Whether the error concerns one connection only, so that the next one can be accepted at once.
const fn is_of_connection(error: ErrorKind) -> bool {
    matches!(error, ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}

/// Answers the requests of one connection until the client leaves, is too slow, or the server stops.
async fn converse(
    stream: TcpStream,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    _slot: Option<OwnedSemaphorePermit>,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    tokio::select! {
        // An error means that the client left or was too slow: there is nothing to tell.
        _ended = connection.as_mut() => return,
        _stopped = stopped.wait_for(|stopped| *stopped) => {}
        () = sleep(LIFETIME) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ended = timeout(LAST_RESPONSE, connection).await.is_ok();
}
