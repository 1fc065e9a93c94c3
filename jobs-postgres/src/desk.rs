//! Where jobs come in. While one statement stores jobs, those of other callers gather; when it is back, the next one
//! takes all of them (group commit). There is no timer.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::{join, join3};
use jobs_core::{Clock, Enqueued, Error, JobId, NewJob, StoreFuture};
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;

use crate::again::again;
use crate::bind::{Id, now};
use crate::columns::NewJobs;
use crate::error::{Result, again as repeat, gone};
use crate::line::Line;
use crate::many::{self, MANY};
use crate::parameter::typed;
use crate::session::Session;
use crate::statements::Sql;
use crate::unique::{Asked, asked, sorted, take};

const WHAT: &str = "enqueue";

/// The most jobs, and bytes of their arguments, that callers are put together for.
const MOST: usize = 2000;
const MOST_BYTES: usize = 4 << 20;

/// What one caller hands in.
struct Basket {
    jobs: Vec<NewJob>,
    reply: oneshot::Sender<Result<Vec<Enqueued>, Error>>,
}

/// Which jobs of a group are duplicates, by their places in it, and of which.
type Duplicates = BTreeMap<usize, JobId>;

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
            answer.await.unwrap_or_else(|_| Err(gone(WHAT)))
        })
    }
}

/// Stores jobs without unique keys by themselves: all or none.
pub(crate) fn store_many<'a>(line: &'a Line, now: Option<i64>, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
    Box::pin(async move {
        let (columns, no_keys) = (NewJobs::of(jobs.iter()), BTreeMap::new());
        let stored =
            line.call(WHAT, move |session| async move { again(|| insert(&session, &columns, &no_keys, now)).await });
        stored.await?;
        Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
    })
}

async fn serve(line: Line, clock: Option<Arc<dyn Clock>>, mut inbox: mpsc::UnboundedReceiver<Basket>) {
    while let Some(first) = inbox.recv().await {
        // Callers that were answered together come again together: those that are about to hand in do so first.
        yield_now().await;
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
    let jobs = || group.iter().flat_map(|basket| &basket.jobs);
    let (columns, keys) = (NewJobs::of(jobs()), asked(jobs()));
    let is_alone = group.len() == 1;
    let stored = line.call(WHAT, move |session| async move {
        match again(|| insert(&session, &columns, &keys, now)).await {
            Err(trouble) if trouble.is_refusal() && !is_alone => Ok(None),
            answer => answer.map(Some),
        }
    });
    match stored.await {
        Ok(Some(duplicates)) => answer(group, &duplicates),
        Ok(None) => {
            for basket in group {
                Box::pin(store(line, now, vec![basket])).await;
            }
        }
        Err(error) => {
            for basket in group {
                // A caller that no longer waits does not need the answer.
                let _unheard = basket.reply.send(Err(repeat(&error)));
            }
        }
    }
}

/// Gives each caller the answers for its jobs.
fn answer(group: Vec<Basket>, duplicates: &Duplicates) {
    let mut place = 0;
    for basket in group {
        let mut next = |job: &NewJob| {
            let of = duplicates.get(&place).copied();
            place += 1;
            of.map_or(Enqueued::New(job.id), |of| Enqueued::Duplicate { of })
        };
        let answers = basket.jobs.iter().map(&mut next).collect();
        let _unheard = basket.reply.send(Ok(answers));
    }
}

async fn insert(
    session: &Session,
    jobs: &NewJobs,
    keys: &BTreeMap<usize, Asked>,
    now: Option<i64>,
) -> Result<Duplicates> {
    if keys.is_empty() {
        if jobs.ids.len() >= MANY
            && let Some(copy) = session.prepared(Sql::EnqueueMany)
        {
            match many::insert(session, copy, jobs, now).await {
                Err(trouble) if trouble.is_repeated() => {}
                answer => return answer.map(|()| Duplicates::new()),
            }
        }
        let (begun, added, committed) =
            join3(session.run("BEGIN"), add(session, jobs, &jobs.ids, now), session.run("COMMIT")).await;
        begun?;
        added?;
        return committed.map(|()| Duplicates::new());
    }
    let inserted = insert_unique(session, jobs, keys, now).await;
    if inserted.is_err() {
        // The first error is the one to tell; a connection that cannot even roll back is made anew.
        let _rolled_back = session.run("ROLLBACK").await;
    }
    inserted
}

/// Looks first which jobs are duplicates, in the transaction that stores the others.
async fn insert_unique(
    session: &Session,
    jobs: &NewJobs,
    keys: &BTreeMap<usize, Asked>,
    now: Option<i64>,
) -> Result<Duplicates> {
    let keyed: Vec<Asked> = keys.values().cloned().collect();
    let (begun, answers) = join(session.run("BEGIN"), take(session, &keyed, true, now)).await;
    begun?;
    let (ids, duplicates) = sorted(&jobs.ids, keys, &answers?);
    let (added, committed) = join(add(session, jobs, &ids, now), session.run("COMMIT")).await;
    added?;
    committed.map(|()| duplicates)
}

/// Stores a job in a transaction that is open; the one that it is a duplicate of, if it is one.
pub(crate) async fn store_one(session: &Session, job: &NewJob, now: Option<i64>) -> Result<Option<JobId>> {
    let (jobs, keys) = (NewJobs::of(std::iter::once(job)), asked(std::iter::once(job)));
    let keyed: Vec<Asked> = keys.values().cloned().collect();
    let answers = take(session, &keyed, true, now).await?;
    let (ids, duplicates) = sorted(&jobs.ids, &keys, &answers);
    add(session, &jobs, &ids, now).await?;
    Ok(duplicates.into_values().next())
}

/// Part of a transaction.
async fn add(session: &Session, jobs: &NewJobs, ids: &Vec<Option<Id>>, now: Option<i64>) -> Result<()> {
    let parameters = jobs.parameters(ids, &now);
    let (added, checked) =
        join(session.query(Sql::Enqueue, &typed(&parameters)), session.query(Sql::EnqueueAgain, &[ids])).await;
    added?;
    checked?;
    Ok(())
}
