//! Enqueues many jobs, of one type or of several, in few calls to the store.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use jobs_core::transaction::{lend, within_blocking};
use jobs_core::{BlockingTransaction, Enqueued, Error, NewJob, Transaction};

use crate::enqueue::any_job::AnyJob;
use crate::enqueue::blocking_bridge::BlockingBridge;
use crate::enqueue::bulk_progress::{BulkProgress, Unprepared};
use crate::enqueue::destination::Destination;
use crate::enqueue::partial_enqueue::PartialEnqueue;
use crate::{Client, client::shared::Shared};

/// How many jobs go to the store in one call.
const CHUNK: usize = 4000;

/// The size of arguments that ends a chunk, even if the jobs are fewer.
const CHUNK_BYTES: usize = 8 << 20;

/// Many jobs about to be enqueued. Nothing happens until it is awaited. Made by [`Client::perform_all_later`].
#[must_use = "jobs are enqueued only when this is awaited"]
pub struct PerformAllLater<'a> {
    client: &'a Client,
    jobs: Jobs<'a>,
}

/// Of one type for all iterators: the compiler cannot show that a future which holds a closure over borrowed values is
/// `Send` (<https://github.com/rust-lang/rust/issues/102211>), and a job or a handler must be.
type Jobs<'a> = Box<dyn Iterator<Item = AnyJob> + Send + 'a>;

impl Client {
    /// Stores many jobs, up to 4,000 or 8 MiB of arguments in one call to the store, with one answer for each in their
    /// order.
    ///
    /// No enqueue callback runs, as in Active Job. A unique job whose key is held, also by a job earlier in the list, is
    /// answered as a duplicate. If the iterator is lazy, memory stays bounded by a chunk. It may borrow, also in a job or in
    /// a spawned task: `perform_all_later(orders.iter().map(|order| Ship::new(*order)))`.
    ///
    /// Not cancel safe: chunks that were stored stay stored.
    ///
    /// The await fails with a [`PartialEnqueue`] if a job cannot be stored, or if the store refused or did not answer a
    /// chunk. Chunks before it are stored; the error has their answers.
    pub fn perform_all_later<'a, I>(&'a self, jobs: I) -> PerformAllLater<'a>
    where
        I: IntoIterator<Item: Into<AnyJob> + 'a, IntoIter: Send + 'a>,
    {
        PerformAllLater { client: self, jobs: Box::new(jobs.into_iter().map(Into::into)) }
    }
}

impl PerformAllLater<'_> {
    /// Stores the jobs in a transaction on the store's own database: all of them exist if it commits, else none. Called
    /// last, and awaited.
    ///
    /// Not cancel safe: if the future is dropped, the transaction is to be rolled back.
    ///
    /// # Errors
    /// As without a transaction; roll the transaction back then.
    pub async fn within<D>(self, transaction: &mut impl Transaction<D>) -> Result<Vec<Enqueued>, PartialEnqueue> {
        let mut lent = lend(transaction);
        self.store(Destination::Transaction(&mut lent)).await
    }

    /// As [`within`](Self::within), in a transaction whose driver blocks.
    ///
    /// # Errors
    /// As there.
    pub fn within_blocking<D>(
        self,
        transaction: &impl BlockingTransaction<D>,
    ) -> Result<Vec<Enqueued>, PartialEnqueue> {
        let within = within_blocking(&**self.client.store())?;
        let bridge = BlockingBridge::default();
        let storing = self.store(Destination::Blocking(&bridge));
        bridge.run(storing, |new| within.enqueue(transaction.connection(), new))
    }

    async fn store(mut self, mut destination: Destination<'_>) -> Result<Vec<Enqueued>, PartialEnqueue> {
        let shared = &*self.client.shared;
        let mut progress = BulkProgress::new(shared, destination.is_uncertain());
        let mut taken = 0;
        let mut next = next_chunk(shared, &mut self.jobs, taken);
        loop {
            let chunk = match next {
                Ok(chunk) if chunk.is_empty() => return Ok(progress.end()),
                Ok(chunk) => chunk,
                Err(unprepared) => return Err(progress.reject(unprepared)),
            };
            taken += chunk.len();
            let storing = destination.store(&shared.store, &chunk);
            let (stored, after) = run_while(storing, || {
                progress.count();
                next_chunk(shared, &mut self.jobs, taken)
            })
            .await;
            match stored {
                Ok(answers) => progress.add(chunk, answers),
                Err(error) => return Err(progress.fail(chunk.len(), error)),
            }
            next = after;
        }
    }
}

impl<'a> IntoFuture for PerformAllLater<'a> {
    type Output = Result<Vec<Enqueued>, PartialEnqueue>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.store(Destination::Store))
    }
}

impl fmt::Debug for PerformAllLater<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerformAllLater").field("client", self.client).finish_non_exhaustive()
    }
}

/// The next jobs as they are stored; `taken` were taken before.
fn next_chunk(shared: &Shared, jobs: &mut Jobs<'_>, taken: usize) -> Result<Vec<NewJob>, Unprepared> {
    let (mut chunk, mut bytes): (Vec<NewJob>, _) = (Vec::new(), 0);
    while chunk.len() < CHUNK && bytes < CHUNK_BYTES {
        let Some(job) = jobs.next() else { break };
        let prepared = job.prepare(shared, taken + chunk.len() + 1);
        let job = prepared.map_err(|error| Unprepared { jobs: chunk.len() + 1, error })?;
        bytes += job.arguments.len();
        chunk.push(job);
    }
    Ok(chunk)
}

/// Starts the storing, then does `work` while the store is busy with it.
async fn run_while<T, W>(
    storing: impl Future<Output = Result<T, Error>>,
    work: impl FnOnce() -> W,
) -> (Result<T, Error>, W) {
    let mut storing = pin!(storing);
    let started = poll_fn(|context| match storing.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => Poll::Ready(None),
    })
    .await;
    let worked = work();
    (if let Some(stored) = started { stored } else { storing.await }, worked)
}
