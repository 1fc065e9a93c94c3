//! Looks for jobs that Ruby pushed into the queues that workers of this handle listen to.
//!
//! Ruby sends no message, and a command that blocks on a list takes from it. So one short command asks whether any of the
//! queues has a job: often while there is work, seldom while there is none, and never so often that it costs much.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{Claim, QueueSelector};
use redis::RedisResult;
use redis::aio::MultiplexedConnection;
use tokio::time::Instant;

/// How long to wait between two looks while there is work. A job waits half of it in the mean.
const BUSY: Duration = Duration::from_millis(2);

/// The same while there is none, and at most.
const IDLE: Duration = Duration::from_millis(50);

/// How long there has to be no work for it.
const IDLE_AFTER: Duration = Duration::from_secs(5);

/// A look that took long is followed by a pause so many times as long.
const PAUSE_FACTOR: u32 = 10;

/// So many looks find jobs that no claim takes before there is a pause.
const FRUITLESS_LOOKS: u32 = 3;

/// How often the names of all queues are read, and which of them are paused.
const NAMES_EVERY: Duration = Duration::from_secs(1);

/// Programs name fewer queues; of one that makes up names all queues are watched.
const SELECTORS_MAX: usize = 1_000;

/// How Ruby tells that a queue is paused.
#[derive(Clone, Copy, Debug)]
pub enum PausedQueues {
    /// This set, without the namespace, has its name.
    Set(&'static str),
    /// There is a key of this name, without the namespace, with that of the queue behind it.
    Keys(&'static str),
}

/// Which queues the workers of a handle listen to, and how much they took from them.
#[derive(Debug, Default)]
pub(crate) struct Listened {
    selectors: Mutex<HashSet<QueueSelector>>,
    claimed: AtomicU64,
}

impl Listened {
    fn lock(&self) -> MutexGuard<'_, HashSet<QueueSelector>> {
        self.selectors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A worker claims from these queues.
    pub(crate) fn claims(&self, claim: &Claim) {
        let mut selectors = self.lock();
        for queues in &claim.queues {
            if !selectors.contains(&queues.selector) {
                let known = if selectors.len() < SELECTORS_MAX { queues.selector.clone() } else { QueueSelector::All };
                selectors.insert(known);
            }
        }
    }

    /// It got so many jobs.
    pub(crate) fn got(&self, jobs: usize) {
        self.claimed.fetch_add(u64::try_from(jobs).unwrap_or(0), Ordering::Relaxed);
    }
}

/// What is known between two looks.
pub(crate) struct Look {
    namespace: String,
    paused: PausedQueues,
    /// The keys of the queues, and when they were read, for so many selectors.
    keys: Vec<String>,
    read: Option<(Instant, usize)>,
    claimed: u64,
    active: Instant,
    fruitless: u32,
    took: Duration,
}

impl Look {
    pub(crate) fn new(namespace: &str, paused: PausedQueues) -> Self {
        let namespace = namespace.to_owned();
        let (active, took) = (Instant::now(), Duration::ZERO);
        Self { namespace, paused, keys: Vec::new(), read: None, claimed: 0, active, fruitless: 0, took }
    }

    /// Whether there is a job in a queue that is listened to and not paused.
    pub(crate) async fn finds(
        &mut self,
        listened: &Listened,
        connection: &mut MultiplexedConnection,
    ) -> RedisResult<bool> {
        let begun = Instant::now();
        self.read_names(listened, connection).await?;
        let queues: u64 = match self.keys.as_slice() {
            [] => 0,
            keys => redis::cmd("EXISTS").arg(keys).query_async(connection).await?,
        };
        let claimed = listened.claimed.load(Ordering::Relaxed);
        if claimed != self.claimed {
            (self.claimed, self.active, self.fruitless) = (claimed, begun, 0);
        }
        self.fruitless = if queues > 0 { self.fruitless.saturating_add(1) } else { 0 };
        self.took = begun.elapsed();
        Ok(queues > 0)
    }

    /// How long to wait before the next look.
    pub(crate) fn pause(&self) -> Duration {
        if self.fruitless > FRUITLESS_LOOKS || self.active.elapsed() > IDLE_AFTER {
            return IDLE;
        }
        (self.took * PAUSE_FACTOR).clamp(BUSY, IDLE)
    }

    async fn read_names(&mut self, listened: &Listened, connection: &mut MultiplexedConnection) -> RedisResult<()> {
        let selectors = listened.lock().clone();
        let is_fresh = |(read, known): (Instant, usize)| known == selectors.len() && read.elapsed() < NAMES_EVERY;
        if self.read.is_some_and(is_fresh) {
            return Ok(());
        }
        let is_exact = |selector: &QueueSelector| matches!(selector, QueueSelector::Exact(_));
        let all = if selectors.iter().all(is_exact) { BTreeSet::new() } else { self.set("queues", connection).await? };
        let exact = selectors.iter().filter_map(|selector| match selector {
            QueueSelector::Exact(name) => Some(name.clone()),
            _ => None,
        });
        let others = all.iter().filter(|name| selectors.iter().any(|selector| selector.selects(name))).cloned();
        let mut names: BTreeSet<String> = exact.chain(others).collect();
        match self.paused {
            PausedQueues::Set(set) => names = &names - &self.set(set, connection).await?,
            PausedQueues::Keys(key) if !names.is_empty() => {
                let keys: Vec<String> = names.iter().map(|name| format!("{}{key}{name}", self.namespace)).collect();
                let values: Vec<Option<Vec<u8>>> = redis::cmd("MGET").arg(keys).query_async(connection).await?;
                let mut paused = values.iter().map(Option::is_some);
                names.retain(|_| paused.next() != Some(true));
            }
            PausedQueues::Keys(_) => {}
        }
        self.keys = names.iter().map(|name| format!("{}queue:{name}", self.namespace)).collect();
        self.read = Some((Instant::now(), selectors.len()));
        Ok(())
    }

    /// The members of a set. Those that are not UTF-8 are left out: names of queues are texts here.
    async fn set(&self, name: &str, connection: &mut MultiplexedConnection) -> RedisResult<BTreeSet<String>> {
        let members = redis::cmd("SMEMBERS").arg(format!("{}{name}", self.namespace)).query_async(connection).await;
        let members: Vec<Vec<u8>> = members?;
        Ok(members.into_iter().filter_map(|name| String::from_utf8(name).ok()).collect())
    }
}
