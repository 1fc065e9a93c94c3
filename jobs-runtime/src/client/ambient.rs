//! Which client `perform_later` uses when none is given: the task's, then the thread's, then the process's.

use std::cell::RefCell;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock};

use jobs_core::Error;

use crate::Client;
use crate::observe::log;

tokio::task_local! {
    static OF_TASK: Client;
}

thread_local! {
    static OF_THREAD: RefCell<Option<Client>> = const { RefCell::new(None) };
}

static OF_PROCESS: RwLock<Option<Client>> = RwLock::new(None);

impl Client {
    /// The current client: the task's, else the thread's, else the one that was installed for the process.
    ///
    /// # Errors
    /// There is none; the message says how to set one.
    pub fn current() -> Result<Self, Error> {
        let of_process = || OF_PROCESS.read().unwrap_or_else(PoisonError::into_inner).clone();
        let of_thread = || OF_THREAD.try_with(|current| current.borrow().clone()).ok().flatten();
        OF_TASK.try_with(Clone::clone).ok().or_else(of_thread).or_else(of_process).ok_or_else(|| {
            Error::invalid(
                "no client is set here: call `client.install()` once at start, give one with `.on(&client)`, \
                 or run this inside `client.scope(..)`",
            )
        })
    }

    /// Makes this the process's client, which is used where no other is given. Returns the client that it replaces, and
    /// logs a warning if there is one: a program has one client for all.
    pub fn install(&self) -> Option<Self> {
        let replaced = OF_PROCESS.write().unwrap_or_else(PoisonError::into_inner).replace(self.clone());
        if replaced.as_ref().is_some_and(|before| !Arc::ptr_eq(&before.shared, &self.shared)) {
            log::client_replaced();
        }
        replaced
    }

    /// Runs `future` with this as the client of the task, which precedes that of the process.
    ///
    /// As cancel safe as `future`.
    pub async fn scope<F: Future>(&self, future: F) -> F::Output {
        OF_TASK.scope(self.clone(), future).await
    }

    /// Makes this the client of the thread until the returned guard is dropped. It comes after that of the task and
    /// before that of the process. On a runtime of one thread, as `#[tokio::test]` has, spawned tasks see it too.
    #[must_use = "the client is current until the guard is dropped"]
    pub fn enter(&self) -> EnterGuard {
        let before = OF_THREAD.with(|current| current.replace(Some(self.clone())));
        EnterGuard { before, of_this_thread: PhantomData }
    }
}

/// Keeps a client current on this thread. When it is dropped, the previous client is current again.
#[derive(Debug)]
#[must_use = "the client is current until this is dropped"]
pub struct EnterGuard {
    before: Option<Client>,
    /// The guard must be dropped on the thread that it was made on, so it is not `Send`.
    of_this_thread: PhantomData<*const ()>,
}

impl Drop for EnterGuard {
    fn drop(&mut self) {
        let before = self.before.take();
        // The thread-local is gone already if the thread ends.
        let _ended = OF_THREAD.try_with(|current| current.replace(before));
    }
}
