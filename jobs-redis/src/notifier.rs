//! The capability to notify workers of new work: by messages of our own processes, and by a look for what Ruby pushed.

use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::StreamExt;
use jobs_core::{Claim, Listener, LogText};
use jobs_store_util::Listeners;
use redis::RedisResult;
use tokio::time::{Instant, sleep};

use crate::Link;
use crate::queue_polling::{Listened, Look, PausedQueues};

/// How long to wait before another connection is tried.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What the listeners of a store share.
#[derive(Debug)]
pub struct Changes {
    listeners: Listeners,
    channel: String,
    /// Connects to the server of the store, wherever its address leads.
    link: Link,
    namespace: String,
    paused: PausedQueues,
    listened: Listened,
}

impl Changes {
    /// Nothing is sent yet. `namespace` is what stands in front of all keys, and `paused` tells which queues are not looked at.
    pub fn new(link: &Link, namespace: String, paused: PausedQueues) -> Self {
        // Messages go to the listeners of all databases, so the channel says which one it is.
        let database = link.client().get_connection_info().redis_settings().db();
        Self {
            listeners: Listeners::default(),
            channel: format!("{namespace}jobs_rs:changes:{database}"),
            link: link.another(),
            namespace,
            paused,
            listened: Listened::default(),
        }
    }

    /// The channel of our messages.
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// A worker claims from these queues, and they are looked at for what Ruby pushed.
    pub fn claims(&self, claim: &Claim) {
        self.listened.claims(claim);
    }

    /// A claim got so many jobs.
    pub fn got(&self, jobs: usize) {
        self.listened.got(jobs);
    }

    /// Wakes the listeners of this handle.
    pub fn notify(&self) {
        self.listeners.notify();
    }

    /// A listener of this store. The first one begins to receive messages.
    pub fn subscribe(self: &Arc<Self>) -> Box<dyn Listener> {
        Listeners::subscribe(self, Self::listen)
    }

    /// Receives messages as long as the store lives, over connections of its own.
    async fn listen(changes: Weak<Self>) {
        while let Some(strong) = changes.upgrade() {
            let (link, channel) = (strong.link.another(), strong.channel.clone());
            drop(strong);
            // What is lost without a connection is found by polling.
            let _lost = Self::receive(&changes, &link, &channel).await;
            sleep(AGAIN_AFTER).await;
        }
    }

    async fn receive(changes: &Weak<Self>, link: &Link, channel: &str) -> RedisResult<()> {
        let (client, departures) = (link.client(), link.departures());
        let made_after = departures.count();
        let mut messages = client.get_async_pubsub().await?;
        match messages.subscribe(channel).await {
            Err(refusal) if refusal.code() == Some("NOPERM") => {
                tracing::warn!(
                    channel = %LogText::field(channel),
                    "this user of Redis may not subscribe, so jobs are found by looking for them"
                );
            }
            answer => answer?,
        }
        let mut looks = client.get_multiplexed_async_connection().await?;
        let mut messages = messages.into_on_message();
        let mut look = match changes.upgrade() {
            Some(strong) => Look::new(&strong.namespace, strong.paused),
            None => return Ok(()),
        };
        let mut next_look = pin!(sleep(look.pause()));
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
                () = &mut next_look => {
                    // A replica sends messages too, though perhaps none of the server that its address leads to now.
                    if departures.count() != made_after { return Ok(()) }
                    let Some(strong) = changes.upgrade() else { return Ok(()) };
                    let is_waiting = strong.listeners.is_any_waiting();
                    if is_waiting && look.finds(&strong.listened, &mut looks).await? {
                        strong.notify();
                    }
                    next_look.as_mut().reset(Instant::now() + look.pause());
                }
            }
        }
    }
}

impl AsRef<Listeners> for Changes {
    fn as_ref(&self) -> &Listeners {
        &self.listeners
    }
}
