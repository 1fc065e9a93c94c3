//! Requests the ticks of many recurring tasks together. While the store takes some, the requests of other tasks gather; the
//! next call takes all of them (group commit). There is no timer.

use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{Error, Meta, NewJob, Tick, TickOutcome, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

use crate::client::shared::Shared;

/// The most ticks in one call, and the most bytes of their arguments. A call ends with the request that exceeds one of them.
const MAX_TICKS: usize = 1000;
const MAX_BYTES: usize = 4 << 20;

/// The handle of the recurring tasks of a scheduler on its batcher.
#[derive(Clone)]
pub(crate) struct TickBatcher(mpsc::UnboundedSender<PendingTick>);

struct PendingTick {
    tick: Tick,
    reply: oneshot::Sender<Result<TickOutcome, Error>>,
}

impl TickBatcher {
    /// A batcher, and its work, which ends when the last handle is dropped.
    pub(crate) fn new(shared: Arc<Shared>) -> (Self, impl Future<Output = ()> + Send) {
        let (requests, inbox) = mpsc::unbounded_channel();
        (Self(requests), run(shared, inbox))
    }

    /// Takes a tick, together with those that others request.
    ///
    /// # Errors
    /// The store refused it, or did not answer.
    pub(crate) async fn take(&self, tick: Tick) -> Result<TickOutcome, Error> {
        let ended = || Error::transient("the scheduler has ended");
        let (reply, answer) = oneshot::channel();
        self.0.send(PendingTick { tick, reply }).map_err(|_| ended())?;
        answer.await.unwrap_or_else(|_| Err(ended()))
    }
}

async fn run(shared: Arc<Shared>, mut inbox: mpsc::UnboundedReceiver<PendingTick>) {
    while let Some(first) = inbox.recv().await {
        // Tasks whose ticks were taken together often request the next ones at the same time.
        yield_now().await;
        let mut bytes = first.size();
        let mut requests = vec![first];
        while requests.len() < MAX_TICKS && bytes < MAX_BYTES {
            let Ok(next) = inbox.try_recv() else { break };
            bytes += next.size();
            requests.push(next);
        }
        take(&shared, requests).await;
    }
}

/// Requests ticks. If the store refuses one of them for good, it refuses all: they are requested again in halves, so that the
/// others are taken.
async fn take(shared: &Shared, requests: Vec<PendingTick>) {
    let mut parts = vec![requests];
    while let Some(mut part) = parts.pop() {
        let ticks: Vec<Tick> = part.iter().map(|request| request.tick.clone()).collect();
        match shared.store.ticks(&ticks).await {
            Ok(answers) => part.into_iter().zip(answers).for_each(|(request, answer)| request.answer(Ok(answer))),
            Err(error) if part.len() > 1 && !error.is_transient() => {
                let rest = part.split_off(part.len() / 2);
                parts.extend([rest, part]);
            }
            Err(error) => {
                if error.is_transient() {
                    shared.events.store_failed("take the ticks of recurring tasks", &error);
                }
                for request in part {
                    request.answer(Err(error.clone()));
                }
            }
        }
    }
}

impl PendingTick {
    fn size(&self) -> usize {
        self.tick.job.as_ref().map_or(0, |job| job.arguments.len())
    }

    fn answer(self, answer: Result<TickOutcome, Error>) {
        // The task may have stopped waiting.
        let _unreceived = self.reply.send(answer);
    }
}

/// A tick that is requested once the job for it is there.
#[derive(Clone, Copy)]
pub(crate) struct TickRequest<'a> {
    pub(crate) key: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) batcher: &'a TickBatcher,
    pub(crate) progress: &'a TickProgress,
}

impl TickRequest<'_> {
    /// Takes the tick, and stores the job with the tick in its `meta`.
    pub(crate) async fn take(&self, job: &NewJob) -> Result<TickOutcome, Error> {
        let tick = Tick::new(self.key, self.at, Some(with_tick(job, self.at)?));
        self.progress.set(EnqueuePhase::Storing);
        let answer = self.batcher.take(tick).await;
        self.progress.set(answer.as_ref().map_or(EnqueuePhase::Callbacks, |outcome| EnqueuePhase::Answered(*outcome)));
        answer
    }
}

fn with_tick(job: &NewJob, at: Timestamp) -> Result<NewJob, Error> {
    let (mut job, mut meta) = (job.clone(), Meta::parse(job.meta.as_deref())?);
    meta.tick = Some(at);
    job.meta = meta.to_text();
    Ok(job)
}

/// How far the enqueue for a tick has come.
#[derive(Default)]
pub(crate) struct TickProgress(Mutex<EnqueuePhase>);

#[derive(Clone, Copy, Default)]
enum EnqueuePhase {
    #[default]
    Callbacks,
    Storing,
    Answered(TickOutcome),
}

impl TickProgress {
    /// Whether the store has the request and has not answered it.
    pub(crate) fn is_storing(&self) -> bool {
        matches!(*self.phase(), EnqueuePhase::Storing)
    }

    /// The store's answer.
    pub(crate) fn outcome(&self) -> Option<TickOutcome> {
        if let EnqueuePhase::Answered(outcome) = *self.phase() { Some(outcome) } else { None }
    }

    fn set(&self, phase: EnqueuePhase) {
        *self.phase() = phase;
    }

    fn phase(&self) -> MutexGuard<'_, EnqueuePhase> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
