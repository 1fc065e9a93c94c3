//! A task that owns one connection and runs calls on it in their order. It makes a new connection when the old one is
//! lost. A call that was started goes on if its caller is dropped, so a call is done as a whole or not at all.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use jobs_core::{Error, StoreFuture};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::Purpose;
use super::connector::Connector;
use super::session::{Backend, Session};
use crate::error::{Result, runtime_closed, timed_out};

type RunningCall = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Starts a call on a session; with an error instead, it replies the error and there is nothing to run.
type StartCall = Box<dyn FnOnce(Result<Arc<Session>, &Error>) -> Option<RunningCall> + Send>;

/// The callers' handle on a connection.
#[derive(Clone)]
pub(crate) struct ConnectionHandle {
    calls: mpsc::UnboundedSender<StartCall>,
    call_timeout: Duration,
}

impl ConnectionHandle {
    /// A connection on which many calls may be in flight at once. Such a call must send all its statements when it is
    /// first polled: if it sent one later, statements of other calls would run in between.
    pub(crate) fn pipelined(connector: Arc<Connector>, purpose: Purpose, session: Option<Session>) -> Self {
        Self::spawn(connector, purpose, session, usize::MAX)
    }

    /// A connection that runs one call at a time, so a call may send a statement that depends on the result of another.
    pub(crate) fn serial(connector: Arc<Connector>, purpose: Purpose) -> Self {
        Self::spawn(connector, purpose, None, 1)
    }

    fn spawn(connector: Arc<Connector>, purpose: Purpose, session: Option<Session>, max_in_flight: usize) -> Self {
        let (calls, inbox) = mpsc::unbounded_channel();
        let call_timeout = connector.call_timeout();
        let session = session.map(Arc::new);
        tokio::spawn(ConnectionActor { connector, purpose, session, lost: Vec::new(), inbox, max_in_flight }.run());
        Self { calls, call_timeout }
    }

    /// Runs `work` on the session. The call joins the queue when the future is first polled.
    pub(crate) fn call<T, F, W>(&self, what: &'static str, work: W) -> StoreFuture<'_, T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
        W: FnOnce(Arc<Session>) -> F + Send + 'static,
    {
        Box::pin(async move {
            let (reply, result) = oneshot::channel();
            let call_timeout = self.call_timeout;
            let start: StartCall = Box::new(move |session| match session {
                Ok(session) => Some(Box::pin(async move {
                    // The caller may have stopped waiting.
                    let _unreceived = reply.send(run(what, call_timeout, &session.clone(), work(session)).await);
                })),
                Err(error) => {
                    let _unreceived = reply.send(Err(error.clone()));
                    None
                }
            });
            self.calls.send(start).map_err(|_| runtime_closed(what))?;
            result.await.unwrap_or_else(|_| Err(runtime_closed(what)))
        })
    }
}

/// Runs the work. If the server does not answer in time, the connection is closed, and all calls on it fail.
async fn run<T>(
    what: &str,
    call_timeout: Duration,
    session: &Session,
    work: impl Future<Output = Result<T>>,
) -> Result<T, Error> {
    match timeout(call_timeout, work).await {
        Ok(result) => result.map_err(|error| {
            if error.ends_connection() {
                session.abandon();
            }
            error.into_error(what)
        }),
        Err(_elapsed) => {
            session.abandon();
            Err(timed_out(what, call_timeout))
        }
    }
}

impl fmt::Debug for ConnectionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConnectionHandle")
    }
}

/// The task that owns the connection.
struct ConnectionActor {
    connector: Arc<Connector>,
    purpose: Purpose,
    session: Option<Arc<Session>>,
    /// The server's backends of lost connections, until they are known to have ended.
    lost: Vec<Backend>,
    inbox: mpsc::UnboundedReceiver<StartCall>,
    max_in_flight: usize,
}

impl ConnectionActor {
    /// Runs until the store is dropped and all calls have a result.
    async fn run(mut self) {
        let mut running: FuturesUnordered<RunningCall> = FuturesUnordered::new();
        let mut open = true;
        while open || !running.is_empty() {
            tokio::select! {
                biased;
                call = self.inbox.recv(), if open && running.len() < self.max_in_flight => match call {
                    Some(start) => running.extend(self.start(start).await),
                    None => open = false,
                },
                _ended = running.next(), if !running.is_empty() => self.replace_abandoned().await,
            }
        }
    }

    /// Replaces an abandoned connection at once, without a call that needs it. The new connection terminates the
    /// backend of the old one, which would otherwise go on with statements whose results no caller can receive.
    async fn replace_abandoned(&mut self) {
        if self.session.as_ref().is_some_and(|session| session.is_abandoned()) {
            // If the server cannot be reached now, the next call tries again.
            let _unreachable = self.session().await;
        }
    }

    /// Starts a call. The call is polled once here, so that it sends its statements before the next call does.
    async fn start(&mut self, start: StartCall) -> Option<RunningCall> {
        let session = match self.session().await {
            Ok(session) => session,
            Err(error) => {
                self.refuse(start, &error);
                return None;
            }
        };
        let mut call = start(Ok(session))?;
        let ended = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready())).await;
        (!ended).then_some(call)
    }

    /// The open connection, or a new one.
    async fn session(&mut self) -> Result<Arc<Session>, Error> {
        if let Some(session) = self.session.as_ref().filter(|session| !session.is_closed()) {
            return Ok(session.clone());
        }
        self.lost.extend(self.session.take().and_then(|lost| lost.backend()));
        let session = Arc::new(self.connector.connect(self.purpose, &mut self.lost).await?);
        self.session = Some(session.clone());
        Ok(session)
    }

    /// Fails this call and all calls that arrived while the connection attempt ran. Otherwise each of them would wait
    /// for an attempt of its own, one after the other.
    fn refuse(&mut self, start: StartCall, error: &Error) {
        let mut refused = Some(start);
        while let Some(call) = refused {
            let _nothing_runs = call(Err(error));
            refused = self.inbox.try_recv().ok();
        }
    }
}
