//! Serves a router until a stop is requested, and cuts off clients that hold connections without using them.

use std::collections::VecDeque;
use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use jobs_core::{Error, LogText};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::write_limit::WriteLimit;

/// How long open responses may take after the stop. Live updates would otherwise keep the server running.
const GRACE: Duration = Duration::from_secs(2);

/// How long a client may take until it reads more of a response.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection accepts requests, and how much longer its last response may take. Live updates last 60 seconds.
const LIFETIME: Duration = Duration::from_secs(60);
const LAST_RESPONSE: Duration = Duration::from_secs(65);

/// The wait after an error of the listener, such as too many open files.
const ACCEPT_RETRY: Duration = Duration::from_secs(1);

/// What a server allows its clients.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// How many clients it has at a time.
    pub(crate) connections: usize,
    /// How long a client may take to send the head of a request, and how long a connection may be idle between two requests.
    pub(crate) head: Duration,
    /// Whether one client too many takes the place of the oldest one; otherwise it waits until one has left.
    pub(crate) replaces_oldest: bool,
}

/// Serves clients within these limits.
///
/// Cancel safe: open responses are cut off.
pub(crate) async fn serve_until(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    // Where the oldest client makes room, no client waits for a slot.
    let slots = (!limits.replaces_oldest).then(|| Arc::new(Semaphore::new(limits.connections)));
    let (mut open, mut by_age) = (JoinSet::new(), VecDeque::new());
    let (stopping, stopped) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            (slot, stream, peer) = accept(&listener, slots.as_ref()) => {
                let router = router.clone().layer(Extension(ConnectInfo(peer)));
                let connection = open.spawn(converse(stream, router, limits.head, stopped.clone(), slot));
                // With slots, a client has one already, and none may be replaced.
                if limits.replaces_oldest {
                    make_room(&mut by_age, limits.connections);
                    by_age.push_back(connection);
                }
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

/// Ends the oldest connections until there is room for one more.
fn make_room(by_age: &mut VecDeque<AbortHandle>, connections: usize) {
    by_age.retain(|connection| !connection.is_finished());
    while by_age.len() >= connections {
        let Some(oldest) = by_age.pop_front() else { break };
        oldest.abort();
    }
}

/// The next connection, as soon as there is a slot for it if there are slots. Cancel safe.
async fn accept(
    listener: &TcpListener,
    slots: Option<&Arc<Semaphore>>,
) -> (Option<OwnedSemaphorePermit>, TcpStream, SocketAddr) {
    let slot = match slots {
        // The semaphore is never closed.
        Some(slots) => Arc::clone(slots).acquire_owned().await.ok(),
        None => None,
    };
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (slot, stream, peer),
            Err(error) if is_of_connection(error.kind()) => {}
            Err(error) => {
                log_not_accepted(&error);
                sleep(ACCEPT_RETRY).await;
            }
        }
    }
}

/// Logs it. A panic of the subscriber would end the server.
fn log_not_accepted(error: &std::io::Error) {
    let _written = catch_unwind(AssertUnwindSafe(|| {
        tracing::warn!(
            target: "jobs", error = %LogText::field(error),
            "No connection can be accepted; it is tried again in a second"
        );
    }));
}

/// Whether the error concerns one connection only, so that the next one can be accepted at once.
const fn is_of_connection(error: ErrorKind) -> bool {
    matches!(error, ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}

/// Answers the requests of one connection until the client leaves, is too slow, or the server stops.
async fn converse(
    stream: TcpStream,
    router: Router,
    head: Duration,
    mut stopped: watch::Receiver<bool>,
    _slot: Option<OwnedSemaphorePermit>,
) {
    let stream = WriteLimit::new(stream, WRITE_TIMEOUT);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
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

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::Instant;

    use super::*;

    /// More than the socket buffers of a client and of the server hold.
    const LARGE: usize = 32 << 20;

    /// Serves with limits in which a client that is slow to send is not cut off.
    async fn served(connections: usize, replaces_oldest: bool) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(async || "here")).route("/large", get(async || vec![b'a'; LARGE]));
        let limits = Limits { connections, head: Duration::from_secs(3600), replaces_oldest };
        tokio::spawn(serve_until(listener, router, limits, pending()));
        address
    }

    async fn ask(address: SocketAddr, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// The time is that of the paused clock: a connection lasts more than a minute if only its lifetime limits it.
    async fn assert_a_visitor_is_answered(address: SocketAddr, began: Instant) {
        let mut answer = String::new();
        ask(address, "/").await.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("here"), "{answer}");
        assert!(began.elapsed() < LIFETIME, "the visitor waited for {:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn clients_that_do_not_read_are_cut_off_and_a_visitor_gets_in() {
        let (address, began) = (served(2, false).await, Instant::now());
        let _crowd = [ask(address, "/large").await, ask(address, "/large").await, ask(address, "/large").await];
        assert_a_visitor_is_answered(address, began).await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_client_makes_room_for_a_visitor() {
        let (address, began) = (served(2, true).await, Instant::now());
        let mut crowd = Vec::new();
        for _ in 0..3 {
            crowd.push(TcpStream::connect(address).await.unwrap());
        }
        assert_a_visitor_is_answered(address, began).await;
        let closed = crowd.swap_remove(0).read(&mut [0]).await;
        assert!(closed.is_err() || closed.is_ok_and(|count| count == 0));
    }
}
