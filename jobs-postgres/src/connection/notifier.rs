//! Notifies listeners that there may be work: of changes by other processes with `LISTEN`, of changes by this process
//! in any case.

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

use super::connector::Connector;

/// How long to wait after a listening connection was lost, or could not be made, before the next attempt. The wait
/// doubles with each attempt that fails.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How often a listening connection is checked. A dead connection looks the same as one without notifications.
const CHECK_INTERVAL: Duration = Duration::from_secs(30);

/// Notifies the listeners of a store.
#[derive(Debug)]
pub(crate) struct ChangeNotifier {
    tx: watch::Sender<()>,
    /// Whether notifications of the server arrive. Those of this process arrive with them.
    is_listening: Arc<AtomicBool>,
    /// The task to spawn for the first subscription; `None` if it was spawned, or if the store must not listen.
    unspawned: Mutex<Option<ListenTask>>,
    spawned: Mutex<Option<AbortHandle>>,
    runtime: Handle,
}

impl ChangeNotifier {
    /// With a connector, the first subscription makes a connection that listens.
    pub(crate) fn new(connector: Option<Arc<Connector>>, channel: String, runtime: Handle) -> Self {
        let (tx, is_listening) = (watch::Sender::new(()), Arc::new(AtomicBool::new(false)));
        let task = |connector| ListenTask { connector, channel, tx: tx.clone(), is_listening: is_listening.clone() };
        let unspawned = Mutex::new(connector.map(task));
        Self { tx, is_listening, unspawned, spawned: Mutex::default(), runtime }
    }

    /// Notifies of a change by this process, unless the server's notification of it will arrive anyway.
    pub(crate) fn notify(&self) {
        if !self.is_listening.load(Ordering::Acquire) {
            self.tx.send_replace(());
        }
    }

    pub(crate) fn subscribe(&self) -> Box<dyn Listener> {
        // Subscribe before the task is spawned, so that its first notification is received.
        let subscription = Subscription(self.tx.subscribe());
        if let Some(task) = self.unspawned.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let task = self.runtime.spawn(task.run()).abort_handle();
            *self.spawned.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        }
        Box::new(subscription)
    }
}

impl Drop for ChangeNotifier {
    fn drop(&mut self) {
        if let Some(task) = self.spawned.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

/// Keeps a listening connection for as long as the store lives.
#[derive(Debug)]
struct ListenTask {
    connector: Arc<Connector>,
    channel: String,
    tx: watch::Sender<()>,
    is_listening: Arc<AtomicBool>,
}

impl ListenTask {
    async fn run(self) {
        let mut wait = FIRST_WAIT;
        // Behind a pooler no notification arrives, so the task ends.
        while self.connector.keeps_sessions() {
            if let Ok((client, io_task)) = self.connector.connect_listener(self.tx.clone(), &self.channel).await {
                self.is_listening.store(true, Ordering::Release);
                // Notifications before this connection were missed, so all listeners must look for work.
                self.tx.send_replace(());
                wait_until_lost(&client, io_task).await;
                self.is_listening.store(false, Ordering::Release);
                self.tx.send_replace(());
                wait = FIRST_WAIT;
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

async fn wait_until_lost(client: &Client, mut io_task: JoinHandle<()>) {
    loop {
        tokio::select! {
            _lost = &mut io_task => return,
            () = sleep(CHECK_INTERVAL) => {
                if !matches!(timeout(CHECK_INTERVAL, client.check_connection()).await, Ok(Ok(()))) {
                    io_task.abort();
                    return;
                }
            }
        }
    }
}

/// One listener.
struct Subscription(watch::Receiver<()>);

impl Listener for Subscription {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            if self.0.changed().await.is_err() {
                // The store is closed, so there will be no further notification.
                pending::<()>().await;
            }
        })
    }
}
