//! Collects jobs and enqueues them after a commit on a database that is not the store's.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;

use jobs_core::{Enqueued, Error, Job};

use crate::enqueue::destination::Destination;
use crate::enqueue::options::EnqueueOptions;
use crate::{Client, PerformLater};

/// Jobs that are enqueued once their transaction was committed. Made by [`Client::after_commit`].
///
/// For a store in another database than the transaction's, as Active Job's `enqueue_after_transaction_commit`: a worker
/// performs a job only when its data can be seen, and a transaction that is rolled back leaves no job. If the
/// transaction is on the store's own database, use [`within`](PerformLater::within), which leaves no gap.
///
/// **The gap.** A process that dies after the commit and before [`flush`](Self::flush) has returned loses the
/// jobs that are not stored by then.
///
/// ```
/// # use jobs_core::{Error, Job};
/// # use jobs_runtime::{JobExt, Client};
/// # async fn example(
/// #     client: &Client,
/// #     receipt: impl Job,
/// #     commit: impl Future<Output = Result<(), Error>>,
/// # ) -> Result<(), Error> {
/// let mut buffer = client.after_commit();
/// receipt.enqueue().after_commit(&mut buffer);
/// commit.await?;
/// buffer.flush().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "the jobs are enqueued by `flush`; if this is dropped, they are lost"]
pub struct AfterCommit {
    jobs: Client,
    waiting: VecDeque<Box<dyn Waiting>>,
    /// The answers for those that are enqueued already.
    answers: Vec<Enqueued>,
}

impl Client {
    /// Starts to collect jobs that are enqueued through this client after a commit.
    pub fn after_commit(&self) -> AfterCommit {
        AfterCommit { jobs: self.clone(), waiting: VecDeque::new(), answers: Vec::new() }
    }
}

impl<J: Job> PerformLater<J> {
    /// Enqueues the job when [`AfterCommit::flush`] is called. Nothing is done before: callbacks run then, and propagated
    /// values are captured then.
    ///
    /// The client is the one that `buffer` was made from; [`on`](Self::on) has no effect.
    pub fn after_commit(self, buffer: &mut AfterCommit) {
        let (job, mut options) = self.into_parts();
        // The id is chosen now, so that the enqueue can be repeated.
        options.id.get_or_insert_with(|| buffer.jobs.next_id());
        buffer.waiting.push_back(Box::new(Later { job, options }));
    }
}

impl AfterCommit {
    /// How many jobs wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The transaction was committed: enqueues the jobs, in the order in which they were given. One answer for each.
    ///
    /// Cancel safe: it may be called again. Jobs that are stored are not stored twice while they are kept: until they
    /// finish, and then for `keep_finished`, at least five minutes. Callbacks of the job that was being enqueued may run again.
    ///
    /// # Errors
    /// As [`Client::enqueue`], for the first job that could not be enqueued. That job and the jobs after it still wait:
    /// call this again while the error [is transient](Error::is_transient).
    pub async fn flush(&mut self) -> Result<Vec<Enqueued>, Error> {
        while let Some(first) = self.waiting.front() {
            let answer = first.enqueue(&self.jobs).await;
            let left = self.waiting.len();
            self.answers.push(answer.map_err(|error| still_waiting(left, error))?);
            self.waiting.pop_front();
        }
        Ok(std::mem::take(&mut self.answers))
    }
}

fn still_waiting(left: usize, error: Error) -> Error {
    let message = format!("{error} ({left} jobs still wait to be enqueued after the commit)");
    error.context(message)
}

/// A job that waits, of any type.
trait Waiting: Send {
    fn enqueue<'a>(&'a self, jobs: &'a Client) -> Pin<Box<dyn Future<Output = Result<Enqueued, Error>> + Send + 'a>>;
}

struct Later<J> {
    job: J,
    options: EnqueueOptions,
}

impl<J: Job> Waiting for Later<J> {
    fn enqueue<'a>(&'a self, jobs: &'a Client) -> Pin<Box<dyn Future<Output = Result<Enqueued, Error>> + Send + 'a>> {
        Box::pin(jobs.enqueue_to(&self.job, self.options.clone(), Destination::Store))
    }
}

impl fmt::Debug for AfterCommit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}
