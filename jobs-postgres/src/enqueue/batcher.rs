//! Stores the jobs of concurrent callers together. While one statement runs, the requests of other callers gather; the
//! next statement takes all of them (group commit). There is no timer.

use std::sync::Arc;

use jobs_core::{Clock, Enqueued, Error, NewJob, StoreFuture};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

use super::insert::{Duplicates, insert};
use super::new_jobs::NewJobColumns;
use super::unique_keys::key_requests;
use crate::codec::bind::now_param;
use crate::connection::actor::ConnectionHandle;
use crate::connection::retry_conflicts::retry_conflicts;
use crate::error::{Result, runtime_closed};

const WHAT: &str = "enqueue";

/// The most jobs in a group, and the most bytes of their arguments. A group ends with the request that exceeds one of
/// them.
const MAX_JOBS: usize = 2000;
const MAX_BYTES: usize = 4 << 20;

/// The jobs of one caller.
struct Request {
    jobs: Vec<NewJob>,
    reply: oneshot::Sender<Result<Vec<Enqueued>, Error>>,
}

/// The callers' handle on a batcher.
#[derive(Clone, Debug)]
pub(crate) struct EnqueueBatcher {
    requests: mpsc::UnboundedSender<Request>,
}

impl EnqueueBatcher {
    /// Spawns the task of the batcher. It ends when the last handle is dropped and all requests have a reply.
    pub(crate) fn spawn(connection: ConnectionHandle, clock: Option<Arc<dyn Clock>>) -> Self {
        let (requests, inbox) = mpsc::unbounded_channel();
        tokio::spawn(run(connection, clock, inbox));
        Self { requests }
    }

    /// Stores all the jobs, or none.
    pub(crate) fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            if jobs.is_empty() {
                return Ok(Vec::new());
            }
            let (reply, result) = oneshot::channel();
            self.requests.send(Request { jobs: jobs.to_vec(), reply }).map_err(|_| runtime_closed(WHAT))?;
            result.await.unwrap_or_else(|_| Err(runtime_closed(WHAT)))
        })
    }
}

/// Stores jobs without unique keys in a call of their own: all or none.
pub(crate) fn enqueue_bulk<'a>(
    connection: &'a ConnectionHandle,
    now: Option<i64>,
    jobs: &'a [NewJob],
) -> StoreFuture<'a, Vec<Enqueued>> {
    Box::pin(async move {
        let (columns, no_keys) = (NewJobColumns::of(jobs.iter()), std::collections::BTreeMap::new());
        let stored = connection.call(WHAT, move |session| async move {
            retry_conflicts(|| insert(&session, &columns, &no_keys, now)).await
        });
        stored.await?;
        Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
    })
}

async fn run(connection: ConnectionHandle, clock: Option<Arc<dyn Clock>>, mut inbox: mpsc::UnboundedReceiver<Request>) {
    while let Some(first) = inbox.recv().await {
        // Callers whose requests were stored together often send the next ones at the same time. Yielding once lets
        // them do so first, so that the next group is as large.
        yield_now().await;
        let mut group = vec![first];
        while has_room(&group) {
            let Ok(next) = inbox.try_recv() else { break };
            group.push(next);
        }
        store(&connection, now_param(clock.as_deref()), group).await;
    }
}

fn has_room(group: &[Request]) -> bool {
    let jobs = || group.iter().flat_map(|request| &request.jobs);
    jobs().count() < MAX_JOBS && jobs().map(|job| job.arguments.len()).sum::<usize>() < MAX_BYTES
}

/// Stores the jobs of a group and replies to each caller. If the server refuses a job of one request, each request is
/// stored in a transaction of its own, so that the other callers do not get this error.
async fn store(connection: &ConnectionHandle, now: Option<i64>, group: Vec<Request>) {
    let jobs = || group.iter().flat_map(|request| &request.jobs);
    let (columns, keys) = (NewJobColumns::of(jobs()), key_requests(jobs()));
    let is_single = group.len() == 1;
    let stored = connection.call(WHAT, move |session| async move {
        match retry_conflicts(|| insert(&session, &columns, &keys, now)).await {
            Err(error) if error.is_refused_row() && !is_single => Ok(None),
            result => result.map(Some),
        }
    });
    match stored.await {
        Ok(Some(duplicates)) => reply(group, &duplicates),
        Ok(None) => {
            for request in group {
                Box::pin(store(connection, now, vec![request])).await;
            }
        }
        Err(error) => {
            for request in group {
                // The caller may have stopped waiting.
                let _unreceived = request.reply.send(Err(error.clone()));
            }
        }
    }
}

/// Sends each caller the results for its jobs.
fn reply(group: Vec<Request>, duplicates: &Duplicates) {
    let mut index = 0;
    for request in group {
        let mut next = |job: &NewJob| {
            let of = duplicates.get(&index).copied();
            index += 1;
            of.map_or(Enqueued::New(job.id), |of| Enqueued::Duplicate { of })
        };
        let enqueued = request.jobs.iter().map(&mut next).collect();
        let _unreceived = request.reply.send(Ok(enqueued));
    }
}
