//! A call on its way to the writer and back. What a claim took whose answer nobody hears is given back.

use std::sync::mpsc::Sender;

use jobs_core::{Error, Settled, Settlement};
use tokio::sync::oneshot;

use crate::error::{Result, gone};
use crate::settle::settle;
use crate::turn::Turn;
use crate::writer::Message;

/// A call on its way through a transaction.
pub(crate) trait Work: Send {
    fn what(&self) -> &'static str;
    fn run(&mut self, turn: &Turn<'_>) -> Result<()>;

    /// Tells the caller. What is left to do if nobody hears it.
    fn answer(self: Box<Self>, verdict: Result<(), Error>) -> Option<Box<dyn Work>>;
}

/// What gives back the jobs of an answer.
pub(crate) type GiveBack<T> = fn(T) -> Vec<Settlement>;

pub(crate) struct Call<T, F> {
    what: &'static str,
    work: F,
    value: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
    give_back: Option<GiveBack<T>>,
}

impl<T, F> Call<T, F>
where
    T: Send + 'static,
    F: FnMut(&Turn<'_>) -> Result<T> + Send + 'static,
{
    /// A call, and where its answer comes.
    pub(crate) fn new(what: &'static str, work: F, give_back: Option<GiveBack<T>>) -> (Self, Receiver<T>) {
        let (reply, answer) = oneshot::channel();
        (Self { what, work, value: None, reply, give_back }, answer)
    }
}

type Receiver<T> = oneshot::Receiver<Result<T, Error>>;

impl<T, F> Work for Call<T, F>
where
    T: Send + 'static,
    F: FnMut(&Turn<'_>) -> Result<T> + Send + 'static,
{
    fn what(&self) -> &'static str {
        self.what
    }

    fn run(&mut self, turn: &Turn<'_>) -> Result<()> {
        if self.give_back.is_some() && self.reply.is_closed() {
            // What nobody awaits and has not begun is not begun.
            return Ok(());
        }
        self.value = Some((self.work)(turn)?);
        Ok(())
    }

    fn answer(self: Box<Self>, verdict: Result<(), Error>) -> Option<Box<dyn Work>> {
        let Self { what, value, reply, give_back, .. } = *self;
        let answer = verdict.and_then(|()| value.ok_or_else(|| gone(what)));
        match (reply.send(answer), give_back) {
            (Err(Ok(unheard)), Some(give_back)) => returning(give_back(unheard)),
            _ => None,
        }
    }
}

/// The call that settles what nobody holds; none if there is nothing.
fn returning(settlements: Vec<Settlement>) -> Option<Box<dyn Work>> {
    if settlements.is_empty() {
        return None;
    }
    let work = move |turn: &Turn<'_>| -> Result<Vec<Settled>> { settle(turn, &settlements) };
    let (call, _nobody) = Call::new("give back what nobody awaits", work, None);
    Some(Box::new(call))
}

/// A caller who waits. Dropped before the answer is read, its jobs go back.
pub(crate) struct Awaited<T> {
    answer: Receiver<T>,
    inbox: Sender<Message>,
    give_back: GiveBack<T>,
}

impl<T> Awaited<T> {
    pub(crate) fn new(answer: Receiver<T>, inbox: Sender<Message>, give_back: GiveBack<T>) -> Self {
        Self { answer, inbox, give_back }
    }

    pub(crate) async fn heard(mut self, what: &str) -> Result<T, Error> {
        (&mut self.answer).await.unwrap_or_else(|_| Err(gone(what)))
    }
}

impl<T> Drop for Awaited<T> {
    fn drop(&mut self) {
        // From here on the writer notices that nobody hears; what it has sent before is in the channel.
        self.answer.close();
        let Ok(Ok(unheard)) = self.answer.try_recv() else { return };
        if let Some(call) = returning((self.give_back)(unheard)) {
            // A writer that is gone has given up its jobs to recovery.
            let _gone = self.inbox.send(Message::Work(call));
        }
    }
}
