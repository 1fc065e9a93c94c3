//! The capability to notify workers of new work: by messages of our own processes, and by a look for what Ruby pushed.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use jobs_core::{Listener, Notifier};
use redis::{Client, RedisResult};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::{SidekiqOptions, SidekiqStore};

/// How often is looked for what Ruby pushed while a worker waits. Ruby sends no message, and blocking on a list takes from it.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// How long to wait before another connection is tried.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What the listeners of a store share.
#[derive(Debug)]
pub(crate) struct Changes {
    changes: watch::Sender<()>,
    channel: String,
    client: Client,
    namespace: String,
    is_listening: AtomicBool,
    waiting: AtomicUsize,
}

impl Changes {
    pub(crate) fn new(options: &SidekiqOptions) -> Self {
        let namespace = options.namespace_prefix();
        // Messages go to the listeners of all databases, so the channel says which one it is.
        let database = options.client.get_connection_info().redis_settings().db();
        Self {
            changes: watch::Sender::new(()),
            channel: format!("{namespace}jobs_rs:changes:{database}"),
            client: options.client.clone(),
            namespace,
            is_listening: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
        }
    }

    /// The channel of our messages.
    pub(crate) fn channel(&self) -> &str {
        &self.channel
    }

    /// Wakes the listeners of this handle.
    pub(crate) fn notify(&self) {
        self.changes.send_replace(());
    }

    /// Receives messages as long as the store lives, over connections of its own.
    async fn listen(changes: std::sync::Weak<Self>) {
        while let Some(strong) = changes.upgrade() {
            let (client, channel) = (strong.client.clone(), strong.channel.clone());
            drop(strong);
            // What is lost without a connection is found by polling.
            let _lost = Self::receive(&changes, &client, &channel).await;
            sleep(AGAIN_AFTER).await;
        }
    }

    async fn receive(changes: &std::sync::Weak<Self>, client: &Client, channel: &str) -> RedisResult<()> {
        let mut messages = client.get_async_pubsub().await?;
        messages.subscribe(channel).await?;
        let mut looks = client.get_multiplexed_async_connection().await?;
        let mut messages = messages.into_on_message();
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ready = 0;
        // What came before the subscription may have been missed.
        if let Some(strong) = changes.upgrade() {
            strong.notify();
        }
        loop {
            tokio::select! {
                message = messages.next() => {
                    let Some(strong) = changes.upgrade().filter(|_| message.is_some()) else { return Ok(()) };
                    strong.notify();
                }
                _ = ticks.tick() => {
                    let Some(strong) = changes.upgrade() else { return Ok(()) };
                    if strong.waiting.load(Ordering::Relaxed) > 0 {
                        let now = ready_jobs(&mut looks, &strong.namespace).await?;
                        if now > ready {
                            strong.notify();
                        }
                        ready = now;
                    }
                }
            }
        }
    }
}

/// How many jobs are in all queues.
async fn ready_jobs(connection: &mut redis::aio::MultiplexedConnection, namespace: &str) -> RedisResult<u64> {
    let queues: Vec<String> = redis::cmd("SMEMBERS").arg(format!("{namespace}queues")).query_async(connection).await?;
    let mut commands = redis::pipe();
    for queue in &queues {
        commands.cmd("LLEN").arg(format!("{namespace}queue:{queue}"));
    }
    let lengths: Vec<u64> = if queues.is_empty() { Vec::new() } else { commands.query_async(connection).await? };
    Ok(lengths.into_iter().sum())
}

impl Notifier for SidekiqStore {
    fn listen(&self) -> Box<dyn Listener> {
        let is_first = !self.changes.is_listening.swap(true, Ordering::Relaxed);
        if let Some(runtime) = tokio::runtime::Handle::try_current().ok().filter(|_| is_first) {
            runtime.spawn(Changes::listen(Arc::downgrade(&self.changes)));
        }
        let receiver = self.changes.changes.subscribe();
        Box::new(Subscribed { changes: self.changes.clone(), receiver })
    }
}

struct Subscribed {
    changes: Arc<Changes>,
    receiver: watch::Receiver<()>,
}

impl Listener for Subscribed {
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            let _waiting = Waiting::new(&self.changes.waiting);
            if self.receiver.changed().await.is_err() {
                // The store is gone, and nothing will happen any more.
                std::future::pending::<()>().await;
            }
        })
    }
}

/// Counts a listener while it waits.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
