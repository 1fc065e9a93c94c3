//! New jobs go into their queues, those of concurrent callers together.
//!
//! While one call to a queue is under way, the jobs of other callers gather; the next call takes all of them. There is no timer.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::{Error, LogText};
use jobs_redis::{Changes, Link};
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::keys;

const DOING: &str = "enqueue jobs";

/// Which of the commands of a call stores the jobs.
const PUSH: usize = 1;

/// The most jobs in a call that callers share, and the most bytes of a text that shares one: 4 MB together.
const MAX_JOBS: usize = 500;
const MAX_BYTES: usize = 8 << 10;

/// A text of one caller.
struct PushRequest {
    text: Vec<u8>,
    reply: oneshot::Sender<Result<(), Error>>,
}

/// Stores new jobs, those of concurrent callers together.
pub(crate) struct Pushes {
    link: Arc<Link>,
    changes: Arc<Changes>,
    namespace: String,
    /// What gathers, by queue. A queue is in it while a task makes calls for it.
    waiting: Mutex<HashMap<String, Vec<PushRequest>>>,
}

impl Pushes {
    pub(crate) fn new(link: Arc<Link>, changes: Arc<Changes>, namespace: String) -> Self {
        Self { link, changes, namespace, waiting: Mutex::default() }
    }

    /// Stores all the texts in a queue, or none. A call is shared only by jobs of one queue, because all that Redis can
    /// refuse is then the same for each of them.
    ///
    /// Cancel safe: the jobs may or may not be stored, and those of other callers are not affected.
    ///
    /// # Errors
    /// Redis cannot be reached, or refuses the call.
    pub(crate) async fn push(self: &Arc<Self>, queue: String, mut texts: Vec<Vec<u8>>) -> Result<(), Error> {
        match texts.pop() {
            Some(text) if texts.is_empty() && text.len() <= MAX_BYTES => self.share(queue, text).await,
            last => self.call(&queue, texts.into_iter().chain(last)).await,
        }
    }

    async fn share(self: &Arc<Self>, queue: String, text: Vec<u8>) -> Result<(), Error> {
        let (reply, result) = oneshot::channel();
        if let Some(pusher) = self.join(queue, PushRequest { text, reply }) {
            tokio::spawn(pusher.run());
        }
        result.await.unwrap_or_else(|_| Err(runtime_closed()))
    }

    /// Adds a request to those that wait. Returns the pusher of its queue if it has none.
    fn join(self: &Arc<Self>, queue: String, request: PushRequest) -> Option<QueuePusher> {
        let mut waiting = self.waiting();
        if let Some(requests) = waiting.get_mut(&queue) {
            requests.push(request);
            return None;
        }
        waiting.insert(queue.clone(), vec![request]);
        Some(QueuePusher { pushes: Arc::clone(self), queue, is_over: false })
    }

    /// As a Ruby client does: the queue into the set of queues, and all texts with one command, which does it or does nothing.
    async fn call(&self, queue: &str, texts: impl Iterator<Item = Vec<u8>> + Send) -> Result<(), Error> {
        let (queues, key) = (format!("{}queues", self.namespace), format!("{}{}", self.namespace, keys::queue(queue)));
        let mut commands = redis::pipe();
        commands.cmd("SADD").arg(&queues).arg(queue).ignore().cmd("LPUSH").arg(&key);
        for text in texts {
            commands.arg(text);
        }
        // A user of Redis may lack the right to publish; workers find the jobs by looking.
        commands.ignore().cmd("PUBLISH").arg(self.changes.channel()).arg("").ignore();
        match self.link.commands_for(&commands, PUSH, DOING).await {
            Ok(refused) => {
                if refused.contains(&0) {
                    tracing::warn!(
                        queue = %LogText::field(queue),
                        "the queue could not be added to the set `queues`, so no page shows it"
                    );
                }
                self.changes.notify();
                Ok(())
            }
            Err(error) => {
                self.forget_queue_without_list(&queues, queue, &error).await;
                Err(error)
            }
        }
    }

    /// A queue that cannot have jobs, because its key has a value of another type, breaks Sidekiq's page of queues.
    async fn forget_queue_without_list(&self, queues: &str, queue: &str, error: &Error) {
        if error.to_string().contains("WRONGTYPE") {
            let mut commands = redis::pipe();
            commands.cmd("SREM").arg(queues).arg(queue).ignore();
            let _unreachable = self.link.commands::<()>(&commands, DOING).await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, Vec<PushRequest>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the shared calls for a queue. If its runtime ends before them, the callers get an error and the next
/// caller starts a new one.
struct QueuePusher {
    pushes: Arc<Pushes>,
    queue: String,
    is_over: bool,
}

impl QueuePusher {
    /// Makes calls until no request waits.
    async fn run(mut self) {
        loop {
            // Callers that were served together often come again at the same time. Yielding once lets them do so first.
            yield_now().await;
            let group = self.next_group();
            if group.is_empty() {
                return;
            }
            let (texts, replies): (Vec<_>, Vec<_>) = group.into_iter().map(|it| (it.text, it.reply)).unzip();
            let result = self.pushes.call(&self.queue, texts.into_iter()).await;
            for reply in replies {
                // The caller may have stopped waiting.
                let _unreceived = reply.send(result.clone());
            }
        }
    }

    /// What waits, up to the limit. If nothing does, the pusher ends.
    fn next_group(&mut self) -> Vec<PushRequest> {
        let mut waiting = self.pushes.waiting();
        match waiting.get_mut(&self.queue) {
            Some(requests) if !requests.is_empty() => {
                let rest = requests.split_off(requests.len().min(MAX_JOBS));
                mem::replace(requests, rest)
            }
            _ => {
                waiting.remove(&self.queue);
                self.is_over = true;
                Vec::new()
            }
        }
    }
}

impl Drop for QueuePusher {
    fn drop(&mut self) {
        if !self.is_over {
            self.pushes.waiting().remove(&self.queue);
        }
    }
}

fn runtime_closed() -> Error {
    Error::transient(format!(
        "the async runtime that had the call to {DOING} was shut down; it is not known whether it was done, and it may be \
         tried again"
    ))
}
