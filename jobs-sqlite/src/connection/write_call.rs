//! A call to the writer thread and its reply. Jobs of a claim are released if the caller never receives them.

use std::sync::mpsc::Sender;

use jobs_core::{Error, Settled, Settlement};
use tokio::sync::oneshot;

use super::write_tx::WriteTx;
use crate::error::{Result, thread_ended};
use crate::work::settle::settle;

/// What the writer thread is asked.
pub(crate) enum Message {
    Call(Box<dyn WriteCall>),
    /// There is a new listener, so the commits of other processes must be watched.
    ListenerAdded,
}

/// A call that runs in a transaction of the writer.
pub(crate) trait WriteCall: Send {
    /// The name of the operation, as `claim`.
    fn what(&self) -> &'static str;
    fn run(&mut self, tx: &WriteTx<'_>) -> Result<()>;

    /// Replies to the caller. Returns the call that must follow if the caller is gone.
    fn reply(self: Box<Self>, outcome: Result<(), Error>) -> Option<Box<dyn WriteCall>>;
}

/// Makes the settlements that release the jobs of a value.
pub(crate) type Release<T> = fn(T) -> Vec<Settlement>;

pub(crate) struct Call<T, F> {
    what: &'static str,
    work: F,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
    release: Option<Release<T>>,
}

impl<T, F> Call<T, F>
where
    T: Send + 'static,
    F: FnMut(&WriteTx<'_>) -> Result<T> + Send + 'static,
{
    /// A call, and the receiver of its reply.
    pub(crate) fn new(what: &'static str, work: F, release: Option<Release<T>>) -> (Self, Receiver<T>) {
        let (reply, receiver) = oneshot::channel();
        (Self { what, work, value: None, reply, release }, receiver)
    }
}

type Receiver<T> = oneshot::Receiver<Result<T, Error>>;

impl<T, F> WriteCall for Call<T, F>
where
    T: Send + 'static,
    F: FnMut(&WriteTx<'_>) -> Result<T> + Send + 'static,
{
    fn what(&self) -> &'static str {
        self.what
    }

    fn run(&mut self, tx: &WriteTx<'_>) -> Result<()> {
        if self.release.is_some() && self.reply.is_closed() {
            // The caller of this claim is gone already: it is better not to claim than to claim and release.
            return Ok(());
        }
        self.value = Some((self.work)(tx)?);
        Ok(())
    }

    fn reply(self: Box<Self>, outcome: Result<(), Error>) -> Option<Box<dyn WriteCall>> {
        let Self { what, value, reply, release, .. } = *self;
        let result = outcome.and_then(|()| value.ok_or_else(|| thread_ended(what)));
        match (reply.send(result), release) {
            (Err(Ok(unreceived)), Some(release)) => release_call(release(unreceived)),
            _ => None,
        }
    }
}

/// The call that releases jobs whose claimer is gone; `None` if there are none.
fn release_call(settlements: Vec<Settlement>) -> Option<Box<dyn WriteCall>> {
    if settlements.is_empty() {
        return None;
    }
    let work = move |tx: &WriteTx<'_>| -> Result<Vec<Settled>> { settle(tx, &settlements) };
    let (call, _no_receiver) = Call::new("release jobs of a dropped claim", work, None);
    Some(Box::new(call))
}

/// The receiver of a claim's reply. If it is dropped before the reply is read, the claimed jobs are released.
pub(crate) struct ClaimReceiver<T> {
    reply: Receiver<T>,
    inbox: Sender<Message>,
    release: Release<T>,
}

impl<T> ClaimReceiver<T> {
    pub(crate) fn new(reply: Receiver<T>, inbox: Sender<Message>, release: Release<T>) -> Self {
        Self { reply, inbox, release }
    }

    pub(crate) async fn recv(mut self, what: &str) -> Result<T, Error> {
        (&mut self.reply).await.unwrap_or_else(|_| Err(thread_ended(what)))
    }
}

impl<T> Drop for ClaimReceiver<T> {
    fn drop(&mut self) {
        // After `close`, sending fails and the writer itself releases the jobs. A reply that was sent before it is
        // still in the channel and must be released here.
        self.reply.close();
        let Ok(Ok(unreceived)) = self.reply.try_recv() else { return };
        if let Some(call) = release_call((self.release)(unreceived)) {
            // If the writer thread has ended, the jobs stay claimed until their process is recovered.
            let _ended = self.inbox.send(Message::Call(call));
        }
    }
}
