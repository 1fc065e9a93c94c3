//! Where jobs come in. While one statement stores jobs, those of other callers gather; when it is back, the next one
//! takes all of them (group commit). There is no timer.

use std::sync::Arc;

use futures_util::future::join4;
use jobs_core::{Clock, Enqueued, Error, NewJob, StoreFuture};
use tokio::sync::{mpsc, oneshot};

use crate::again::again;
use crate::bind::now;
use crate::columns::NewJobs;
use crate::error::{Result, again as repeat, gone};
use crate::line::Line;
use crate::session::Session;
use crate::statements::Sql;

const WHAT: &str = "enqueue";

/// The most jobs, and bytes of their arguments, that callers are put together for.
const MOST: usize = 2000;
const MOST_BYTES: usize = 4 << 20;

/// What one caller hands in.
struct Basket {
    jobs: Vec<NewJob>,
    reply: oneshot::Sender<Result<(), Error>>,
}

/// The callers' end.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    baskets: mpsc::UnboundedSender<Basket>,
}

impl Desk {
    /// Opens the desk. It closes when the last handle on it is dropped and all that was handed in is answered.
    pub(crate) fn open(line: Line, clock: Option<Arc<dyn Clock>>) -> Self {
        let (baskets, inbox) = mpsc::unbounded_channel();
        tokio::spawn(serve(line, clock, inbox));
        Self { baskets }
    }

    /// Stores all the jobs, or none.
    pub(crate) fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            if jobs.is_empty() {
                return Ok(Vec::new());
            }
            let (reply, answer) = oneshot::channel();
            self.baskets.send(Basket { jobs: jobs.to_vec(), reply }).map_err(|_| gone(WHAT))?;
            answer.await.unwrap_or_else(|_| Err(gone(WHAT)))?;
            Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
        })
    }
}

async fn serve(line: Line, clock: Option<Arc<dyn Clock>>, mut inbox: mpsc::UnboundedReceiver<Basket>) {
    while let Some(first) = inbox.recv().await {
        let mut group = vec![first];
        while has_room(&group) {
            let Ok(next) = inbox.try_recv() else { break };
            group.push(next);
        }
        store(&line, now(clock.as_deref()), group).await;
    }
}

fn has_room(group: &[Basket]) -> bool {
    let jobs = || group.iter().flat_map(|basket| &basket.jobs);
    jobs().count() < MOST && jobs().map(|job| job.arguments.len()).sum::<usize>() < MOST_BYTES
}

/// Stores what a group handed in and answers each. If the server refuses it, one of them is at fault: each is then
/// stored by itself.
async fn store(line: &Line, now: Option<i64>, group: Vec<Basket>) {
    let columns = NewJobs::of(group.iter().flat_map(|basket| &basket.jobs));
    let is_alone = group.len() == 1;
    let stored = line.call(WHAT, move |session| async move {
        match again(|| insert(&session, &columns, now)).await {
            Err(trouble) if trouble.is_refusal() && !is_alone => Ok(false),
            answer => answer.map(|()| true),
        }
    });
    match stored.await {
        Ok(false) => {
            for basket in group {
                Box::pin(store(line, now, vec![basket])).await;
            }
        }
        answer => {
            let answer = answer.map(|_| ());
            for basket in group {
                // A caller that no longer waits does not need the answer.
                let _unheard = basket.reply.send(answer.as_ref().map_err(repeat).copied());
            }
        }
    }
}

/// One transaction, sent together.
async fn insert(session: &Session, jobs: &NewJobs, now: Option<i64>) -> Result<()> {
    let NewJobs { ids, due, waits, priorities, expires, versions, queues, names, .. } = jobs;
    let NewJobs { unique_keys, concurrency_keys, batches, metas, arguments, .. } = jobs;
    let (begun, added, checked, committed) = join4(
        session.run("BEGIN"),
        session.query(
            Sql::Enqueue,
            &[
                &now,
                ids,
                &due.0,
                waits,
                priorities,
                &expires.0,
                versions,
                queues,
                names,
                &unique_keys.0,
                &concurrency_keys.0,
                &batches.0,
                &metas.0,
                arguments,
            ],
        ),
        session.query(Sql::EnqueueAgain, &[ids]),
        session.run("COMMIT"),
    )
    .await;
    begun?;
    added?;
    checked?;
    committed
}
