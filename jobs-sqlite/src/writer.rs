//! The one thread that writes. Calls gather while a transaction runs; the next one takes all that wait.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;

use jobs_core::{Clock, Error, StoreFuture, Timestamp};
use rusqlite::Connection;
use tokio::sync::watch;

use crate::call::{Awaited, Call, GiveBack, Work};
use crate::error::{Result, Trouble, gone, in_words, repeat};
use crate::place::Place;
use crate::places::Places;
use crate::turn::Turn;
use crate::wakeups::Outlook;
use crate::{fault, reader};

/// How many calls one transaction takes at most, so that the first of them does not wait for too long.
const CALLS_AT_ONCE: usize = 256;

/// The callers' end of the writer.
pub(crate) struct Writer {
    inbox: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
    hints: watch::Sender<()>,
}

pub(crate) enum Message {
    Work(Box<dyn Work>),
    /// Somebody listens from now on, so other processes are to be watched.
    Listened,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(connection: Connection, place: Place, clock: Arc<dyn Clock>) -> Result<Self> {
        let (inbox, messages) = mpsc::channel();
        let hints = watch::Sender::new(());
        let outlook = Outlook::new(hints.clone());
        let desk = Desk { connection, place, places: Places::default(), clock, outlook };
        let thread = reader::spawn("jobs-sqlite-writer", move || desk.run(&messages))?;
        Ok(Self { inbox: Some(inbox), thread: Some(thread), hints })
    }

    /// Runs `work` in a transaction, together with what others ask at the same time. It may be run twice if
    /// one of the others fails; what the first run did is then undone.
    pub(crate) fn call<T, F>(&self, what: &'static str, work: F) -> StoreFuture<'_, T>
    where
        T: Send + 'static,
        F: FnMut(&Turn<'_>) -> Result<T> + Send + 'static,
    {
        Box::pin(async move {
            let (call, answer) = Call::new(what, work, None);
            self.send(Message::Work(Box::new(call)), what)?;
            answer.await.unwrap_or_else(|_| Err(gone(what)))
        })
    }

    /// As [`call`](Self::call). If the future is dropped and `work` is done all the same, what `give_back` says is
    /// settled: nobody has the answer.
    pub(crate) fn claim<T, F>(&self, what: &'static str, work: F, give_back: GiveBack<T>) -> StoreFuture<'_, T>
    where
        T: Send + 'static,
        F: FnMut(&Turn<'_>) -> Result<T> + Send + 'static,
    {
        Box::pin(async move {
            let (call, answer) = Call::new(what, work, Some(give_back));
            let inbox = self.inbox.clone().ok_or_else(|| gone(what))?;
            let awaited = Awaited::new(answer, inbox, give_back);
            self.send(Message::Work(Box::new(call)), what)?;
            awaited.heard(what).await
        })
    }

    /// A receiver that is marked after each commit that gave a reason to look for work.
    pub(crate) fn listen(&self) -> watch::Receiver<()> {
        let hints = self.hints.subscribe();
        // If the thread is gone there are no hints, and a lost hint costs no more than a poll interval.
        let _nobody = self.send(Message::Listened, "listen");
        hints
    }

    fn send(&self, message: Message, what: &str) -> Result<(), Error> {
        let inbox = self.inbox.as_ref().ok_or_else(|| gone(what))?;
        inbox.send(message).map_err(|_| gone(what))
    }
}

impl Drop for Writer {
    /// What was sent is still written: the thread ends when it has emptied its inbox.
    fn drop(&mut self) {
        self.inbox = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was told to each caller; there is nobody left to tell.
            let _panicked = thread.join();
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

/// Where a transaction broke off.
enum Broken {
    /// No call is written, and trying them one by one will not help.
    All(rusqlite::Error),
    /// This call failed; the others are innocent.
    At(usize, Trouble),
}

/// The thread's own side.
struct Desk {
    connection: Connection,
    place: Place,
    places: Places,
    clock: Arc<dyn Clock>,
    outlook: Outlook,
}

impl Desk {
    fn run(mut self, messages: &Receiver<Message>) {
        loop {
            match self.next(messages) {
                Ok(Message::Work(first)) => {
                    self.serve(gather(first, messages));
                    self.outlook.after_work(&self.connection);
                }
                Ok(Message::Listened) => self.outlook.begin(&self.connection),
                Err(RecvTimeoutError::Timeout) => self.outlook.look(&self.connection),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.close();
    }

    fn next(&self, messages: &Receiver<Message>) -> Result<Message, RecvTimeoutError> {
        match self.outlook.pause() {
            Some(pause) => messages.recv_timeout(pause),
            None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Serves the calls, and then what is left to do for those whose answer nobody heard.
    fn serve(&mut self, calls: Vec<Box<dyn Work>>) {
        let left = self.transact(calls);
        if !left.is_empty() {
            // Nobody waits for these, so nothing is left of them.
            self.transact(left);
        }
    }

    /// Runs all calls in one transaction. If one fails nothing is kept, and each runs in its own.
    fn transact(&mut self, mut calls: Vec<Box<dyn Work>>) -> Vec<Box<dyn Work>> {
        if !self.place.is_there() {
            return answer(calls, |call| Err(self.place.lost(call.what())));
        }
        match self.together(&mut calls) {
            Ok(()) => answer(calls, |_| Ok(())),
            Err(Broken::All(error)) => answer(calls, |call| Err(in_words(call.what(), repeat(&error)))),
            Err(Broken::At(_, trouble)) if calls.len() == 1 => {
                let mut trouble = Some(trouble);
                answer(calls, |call| {
                    Err(trouble.take().map_or_else(|| gone(call.what()), |it| it.into_error(call.what())))
                })
            }
            Err(Broken::At(culprit, trouble)) => {
                drop(trouble);
                self.apart(calls, culprit)
            }
        }
    }

    /// The innocent first: what broke one transaction may break the connection for those after it.
    fn apart(&mut self, mut calls: Vec<Box<dyn Work>>, culprit: usize) -> Vec<Box<dyn Work>> {
        let culprit = calls.remove(culprit);
        calls.push(culprit);
        calls.into_iter().flat_map(|call| self.transact(vec![call])).collect()
    }

    fn together(&mut self, calls: &mut [Box<dyn Work>]) -> Result<(), Broken> {
        let now = self.clock.now();
        run(&self.connection, "BEGIN IMMEDIATE").map_err(Broken::All)?;
        let written = write(&self.connection, &self.places, calls, now);
        if written.is_err() && !self.connection.is_autocommit() {
            // SQLite may have rolled back by itself. If it cannot now, the next BEGIN says so.
            let _refused = run(&self.connection, "ROLLBACK");
        }
        let count = written?;
        points(calls, "after-commit");
        if let Some(count) = count {
            self.outlook.bumped(count);
        }
        Ok(())
    }

    /// The log goes into the file, so that what is left is one file that can be copied.
    fn close(mut self) {
        // Others may still use the log; it is then theirs to move.
        let _busy = self.connection.busy_handler(None::<fn(i32) -> bool>);
        let _shared = self.connection.pragma_update_and_check(None, "wal_checkpoint", "truncate", |_| Ok(()));
    }
}

fn gather(first: Box<dyn Work>, messages: &Receiver<Message>) -> Vec<Box<dyn Work>> {
    let mut calls = vec![first];
    while calls.len() < CALLS_AT_ONCE {
        match messages.try_recv() {
            Ok(Message::Work(call)) => calls.push(call),
            // The look at the other processes that follows each transaction is the one to begin with.
            Ok(Message::Listened) => {}
            Err(_) => break,
        }
    }
    calls
}

/// Runs the calls and commits. The new count of wake-ups, if there was a reason for one.
fn write(
    connection: &Connection,
    places: &Places,
    calls: &mut [Box<dyn Work>],
    now: Timestamp,
) -> Result<Option<i64>, Broken> {
    let turn = Turn::new(connection, places, now);
    for (place, call) in calls.iter_mut().enumerate() {
        call.run(&turn).map_err(|trouble| Broken::At(place, trouble))?;
    }
    let count = turn.close().map_err(Broken::All)?;
    points(calls, "before-commit");
    run(connection, "COMMIT").map_err(Broken::All)?;
    Ok(count)
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

/// Tells each caller its verdict. What is left to do.
fn answer(calls: Vec<Box<dyn Work>>, mut verdict: impl FnMut(&dyn Work) -> Result<(), Error>) -> Vec<Box<dyn Work>> {
    let told = calls.into_iter().filter_map(|call| {
        let verdict = verdict(&*call);
        call.answer(verdict)
    });
    told.collect()
}

fn points(calls: &[Box<dyn Work>], moment: &str) {
    for call in calls {
        fault::point(call.what(), moment);
    }
}
