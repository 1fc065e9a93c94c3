//! A line to the server: calls go through in the order they were made, over one connection that is made anew when it
//! is lost. What is on its way goes on if its caller is gone, so that a call is done as a whole or not at all.

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

use crate::dial::{Dialer, Purpose};
use crate::error::{Result, again, gone, silent};
use crate::session::{Backend, Session};

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;
type Start = Box<dyn FnOnce(Result<Arc<Session>, &Error>) -> Option<Running> + Send>;

/// The callers' end of a line.
#[derive(Clone)]
pub(crate) struct Line {
    calls: mpsc::UnboundedSender<Start>,
    patience: Duration,
}

impl Line {
    /// A line on which many statements may be in flight at once. A call on it sends all it has to say when it is
    /// polled first.
    pub(crate) fn pipelined(dialer: Arc<Dialer>, purpose: Purpose, session: Option<Session>) -> Self {
        Self::open(dialer, purpose, session, usize::MAX)
    }

    /// A line on which a call may converse with the server: one call at a time.
    pub(crate) fn conversing(dialer: Arc<Dialer>, purpose: Purpose) -> Self {
        Self::open(dialer, purpose, None, 1)
    }

    fn open(dialer: Arc<Dialer>, purpose: Purpose, session: Option<Session>, most: usize) -> Self {
        let (calls, inbox) = mpsc::unbounded_channel();
        let patience = dialer.patience();
        let session = session.map(Arc::new);
        tokio::spawn(Exchange { dialer, purpose, session, lost: Vec::new(), inbox, most }.run());
        Self { calls, patience }
    }

    /// Runs `work` on the session. It takes its place in the order when the future is polled first.
    pub(crate) fn call<T, F, W>(&self, what: &'static str, work: W) -> StoreFuture<'_, T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
        W: FnOnce(Arc<Session>) -> F + Send + 'static,
    {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            let patience = self.patience;
            let start: Start = Box::new(move |session| match session {
                Ok(session) => Some(Box::pin(async move {
                    // A caller that no longer waits does not need the answer.
                    let _unheard = reply.send(run(what, patience, &session.clone(), work(session)).await);
                })),
                Err(error) => {
                    let _unheard = reply.send(Err(again(error)));
                    None
                }
            });
            self.calls.send(start).map_err(|_| gone(what))?;
            answer.await.unwrap_or_else(|_| Err(gone(what)))
        })
    }
}

/// Runs the work; if the server is silent for too long, the connection is given up with all that is on it.
async fn run<T>(
    what: &str,
    patience: Duration,
    session: &Session,
    work: impl Future<Output = Result<T>>,
) -> Result<T, Error> {
    match timeout(patience, work).await {
        Ok(answer) => answer.map_err(|trouble| {
            if trouble.ends_connection() {
                session.cut();
            }
            trouble.into_error(what)
        }),
        Err(_elapsed) => {
            session.cut();
            Err(silent(what, patience))
        }
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

/// The other end: it has the connection.
struct Exchange {
    dialer: Arc<Dialer>,
    purpose: Purpose,
    session: Option<Arc<Session>>,
    /// What served the connections before, until it is known to have ended.
    lost: Vec<Backend>,
    inbox: mpsc::UnboundedReceiver<Start>,
    /// How many calls may be in flight.
    most: usize,
}

impl Exchange {
    /// Runs until the store is dropped and all that was called is answered.
    async fn run(mut self) {
        let mut running: FuturesUnordered<Running> = FuturesUnordered::new();
        let mut open = true;
        while open || !running.is_empty() {
            tokio::select! {
                biased;
                call = self.inbox.recv(), if open && running.len() < self.most => match call {
                    Some(start) => running.extend(self.begin(start).await),
                    None => open = false,
                },
                _ended = running.next(), if !running.is_empty() => self.replace_given_up().await,
            }
        }
    }

    /// What was given up is ended on the server at once, before it is done for nobody.
    async fn replace_given_up(&mut self) {
        if self.session.as_ref().is_some_and(|session| session.is_given_up()) {
            // If there is no way to the server now, the next call looks for one.
            let _none = self.session().await;
        }
    }

    /// Begins a call. Its first poll is here, so that it sends what it has to say before the next one does.
    async fn begin(&mut self, start: Start) -> Option<Running> {
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
        let session = Arc::new(self.dialer.dial(self.purpose, &mut self.lost).await?);
        self.session = Some(session.clone());
        Ok(session)
    }

    /// Tells the error to this call and to all that came while it was found out: none of them waits for it again.
    fn refuse(&mut self, start: Start, error: &Error) {
        let mut refused = Some(start);
        while let Some(call) = refused {
            let _nothing_runs = call(Err(error));
            refused = self.inbox.try_recv().ok();
        }
    }
}
