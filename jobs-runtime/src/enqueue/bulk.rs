//! Enqueues many jobs, of one type or of several, in few calls to the store.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use jobs_core::transaction::{lend, within_blocking};
use jobs_core::{BlockingTransaction, Enqueued, Error, NewJob, Transaction};

use crate::enqueue::any_job::AnyJob;
use crate::enqueue::blocking_bridge::BlockingBridge;
use crate::enqueue::bulk_progress::BulkProgress;
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
        let mut chunk = next_chunk(shared, &mut self.jobs)?;
        while !chunk.is_empty() {
            let storing = destination.store(&shared.store, &chunk);
            let (stored, next) = run_while(storing, || {
                progress.count();
                next_chunk(shared, &mut self.jobs)
            })
            .await;
            match stored {
                Ok(answers) => progress.add(chunk, answers),
                Err(error) => return Err(progress.fail(chunk.len(), error)),
            }
            chunk = match next {
                Ok(next) => next,
                Err(error) => return Err(progress.fail(0, error)),
            };
        }
        Ok(progress.end())
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

fn next_chunk(shared: &Shared, jobs: &mut Jobs<'_>) -> Result<Vec<NewJob>, Error> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    while chunk.len() < CHUNK && bytes < CHUNK_BYTES {
        let Some(job) = jobs.next() else { break };
        let job = job.prepare(shared)?;
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
