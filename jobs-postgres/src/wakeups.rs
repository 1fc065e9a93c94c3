//! Hints to those who wait for work: of other processes by `LISTEN`, of this one in any case.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs_core::Listener;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use crate::dial::Dialer;

/// How long after a listening connection was lost, or could not be made, the next one is tried; longer each time.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How often it is asked whether the server is still there: a dead connection is as silent as one without news.
const PROOF: Duration = Duration::from_secs(30);

/// Where hints come from.
#[derive(Debug)]
pub(crate) struct Hints {
    bell: watch::Sender<()>,
    /// Whether notifications come in, with which those of this process come too.
    listening: Arc<AtomicBool>,
    /// What listens, once somebody wants to hear; nothing if the store was opened not to listen.
    ear: Mutex<Option<Ear>>,
    task: Mutex<Option<AbortHandle>>,
    runtime: Handle,
}

impl Hints {
    /// Will listen on a connection of its own if `dialer` is given.
    pub(crate) fn new(dialer: Option<Arc<Dialer>>, channel: String, runtime: Handle) -> Self {
        let (bell, listening) = (watch::Sender::new(()), Arc::new(AtomicBool::new(false)));
        let ear = dialer.map(|dialer| Ear { dialer, channel, bell: bell.clone(), listening: listening.clone() });
        Self { bell, listening, ear: Mutex::new(ear), task: Mutex::default(), runtime }
    }

    /// This process gave a reason to look for work. Told here only if the server does not tell it anyway.
    pub(crate) fn ring(&self) {
        if !self.listening.load(Ordering::Acquire) {
            self.bell.send_replace(());
        }
    }

    pub(crate) fn hear(&self) -> Box<dyn Listener> {
        let hearing = Hearing(self.bell.subscribe());
        if let Some(ear) = self.ear.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let task = self.runtime.spawn(ear.listen()).abort_handle();
            *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        }
        Box::new(hearing)
    }
}

impl Drop for Hints {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

/// Keeps a listening connection for as long as the store lives.
#[derive(Debug)]
struct Ear {
    dialer: Arc<Dialer>,
    channel: String,
    bell: watch::Sender<()>,
    listening: Arc<AtomicBool>,
}

impl Ear {
    async fn listen(self) {
        let mut wait = FIRST_WAIT;
        // Behind a pooler nothing is heard.
        while self.dialer.keeps_sessions() {
            if let Ok((client, carrier)) = self.dialer.dial_to_listen(self.bell.clone(), &self.channel).await {
                self.listening.store(true, Ordering::Release);
                // What happened before is not heard of: everyone is to look.
                self.bell.send_replace(());
                hold(&client, carrier).await;
                self.listening.store(false, Ordering::Release);
                self.bell.send_replace(());
                wait = FIRST_WAIT;
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// Returns when the connection is lost.
async fn hold(client: &Client, mut carrier: JoinHandle<()>) {
    loop {
        tokio::select! {
            _lost = &mut carrier => return,
            () = sleep(PROOF) => {
                if !matches!(timeout(PROOF, client.check_connection()).await, Ok(Ok(()))) {
                    carrier.abort();
                    return;
                }
            }
        }
    }
}

/// One who listens.
struct Hearing(watch::Receiver<()>);

impl Listener for Hearing {
    fn heard(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            if self.0.changed().await.is_err() {
                // The store is closed: nothing will ever happen again.
                pending::<()>().await;
            }
        })
    }
}
