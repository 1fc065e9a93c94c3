//! Callers of a store that come at the same time share one call to its database.
//!
//! While one call is under way, the requests of other callers gather; the next call takes all of them (group commit). There is
//! no timer. A task makes the calls, so a caller that stops waiting takes nothing from the others.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::Error;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::yield_now;

/// A call to a database that can be made for several requests at once.
pub trait SharedCall: Send + Sync + 'static {
    /// Only requests with the same key share a call.
    type Key: Clone + Eq + Hash + Send + Sync + 'static;
    /// What one caller asks for.
    type Request: Send + Sync + 'static;
    /// What it gets.
    type Answer: Send + 'static;

    /// What the call does, for errors: `enqueue jobs`.
    const DOING: &'static str;

    /// Whether a group of these requests may grow by one more.
    fn has_room(&self, group: &[Self::Request]) -> bool;

    /// Whether an error may be about one of several requests alone. Each is called for alone then. By default one that
    /// [is not transient](Error::is_transient) may be.
    fn is_about_one(&self, error: &Error) -> bool {
        !error.is_transient()
    }

    /// Does what is asked for, completely or not at all. The answers are in the order of the requests.
    ///
    /// # Errors
    /// The call failed; see [`is_about_one`](Self::is_about_one).
    fn call(
        &self,
        key: &Self::Key,
        group: &[Self::Request],
    ) -> impl Future<Output = Result<Vec<Self::Answer>, Error>> + Send;
}

type Reply<C> = oneshot::Sender<Result<<C as SharedCall>::Answer, Error>>;
type GatheredRequests<C> = VecDeque<(<C as SharedCall>::Request, Reply<C>)>;

/// Makes a [`SharedCall`] for the requests of all callers.
pub struct GroupCommit<C: SharedCall> {
    call: C,
    /// The runtime in which the store was opened, for callers outside of one.
    runtime: Option<Handle>,
    /// What gathers, by key. A key is in it while a task makes calls for it.
    waiting: Mutex<HashMap<C::Key, GatheredRequests<C>>>,
}

impl<C: SharedCall> GroupCommit<C> {
    /// Nothing waits yet.
    pub fn new(call: C) -> Arc<Self> {
        Arc::new(Self { call, runtime: Handle::try_current().ok(), waiting: Mutex::default() })
    }

    /// The call.
    pub const fn shared_call(&self) -> &C {
        &self.call
    }

    /// Waits for a call that takes this request. It is made in the tokio runtime of a caller, or in that in which the store was
    /// opened.
    ///
    /// Cancel safe: what was asked for is done or not done, and other callers are not affected.
    ///
    /// # Errors
    /// Those of the call. If its runtime ends before the answer, the error [is transient](Error::is_transient), and it is not
    /// known whether the call was made.
    pub async fn request(self: &Arc<Self>, key: C::Key, request: C::Request) -> Result<C::Answer, Error> {
        let (reply, answer) = oneshot::channel();
        if let Some(task) = self.join(key, request, reply) {
            match Handle::try_current().ok().or_else(|| self.runtime.clone()) {
                Some(runtime) => drop(runtime.spawn(task.run())),
                None => drop(task),
            }
        }
        answer.await.unwrap_or_else(|_| Err(runtime_closed::<C>()))
    }

    /// Adds a request to those that wait. Returns the task for its key if there is none.
    fn join(self: &Arc<Self>, key: C::Key, request: C::Request, reply: Reply<C>) -> Option<CallTask<C>> {
        let mut waiting = self.waiting();
        if let Some(requests) = waiting.get_mut(&key) {
            requests.push_back((request, reply));
            return None;
        }
        waiting.insert(key.clone(), VecDeque::from([(request, reply)]));
        Some(CallTask { shared: Arc::clone(self), key, is_over: false })
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<C::Key, GatheredRequests<C>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the calls for a key. If its runtime ends before them, the callers get an error and the next caller starts a new one.
struct CallTask<C: SharedCall> {
    shared: Arc<GroupCommit<C>>,
    key: C::Key,
    is_over: bool,
}

impl<C: SharedCall> CallTask<C> {
    /// Makes calls until no request waits.
    async fn run(mut self) {
        loop {
            // Callers that were served together often come again at the same time. Yielding once lets them do so first.
            yield_now().await;
            let (group, replies) = self.next_group();
            if group.is_empty() {
                return;
            }
            self.call(&group, replies).await;
        }
    }

    async fn call(&self, group: &[C::Request], replies: Vec<Reply<C>>) {
        match self.shared.call.call(&self.key, group).await {
            Ok(answers) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // The caller may have stopped waiting.
                    let _unreceived = reply.send(Ok(answer));
                }
            }
            Err(error) if group.len() > 1 && self.shared.call.is_about_one(&error) => {
                for (request, reply) in group.chunks(1).zip(replies) {
                    Box::pin(self.call(request, vec![reply])).await;
                }
            }
            Err(error) => {
                for reply in replies {
                    let _unreceived = reply.send(Err(error.clone()));
                }
            }
        }
    }

    /// What waits, as far as it has room in one call. If nothing does, the task ends.
    fn next_group(&mut self) -> (Vec<C::Request>, Vec<Reply<C>>) {
        let mut waiting = self.shared.waiting();
        let (mut group, mut replies) = (Vec::new(), Vec::new());
        while let Some((request, reply)) = waiting.get_mut(&self.key).and_then(VecDeque::pop_front) {
            group.push(request);
            replies.push(reply);
            if !self.shared.call.has_room(&group) {
                break;
            }
        }
        if group.is_empty() {
            waiting.remove(&self.key);
            self.is_over = true;
        }
        (group, replies)
    }
}

impl<C: SharedCall> Drop for CallTask<C> {
    fn drop(&mut self) {
        if !self.is_over {
            self.shared.waiting().remove(&self.key);
        }
    }
}

fn runtime_closed<C: SharedCall>() -> Error {
    Error::transient(format!(
        "the async runtime that had the call to {} was shut down; it is not known whether it was done, and it may be tried again",
        C::DOING
    ))
}
