//! Enqueuing many jobs, of one type or of several.

use std::fmt;
use std::future::poll_fn;
use std::task::Poll;

use jobs_core::{Bulk, Due, Enqueued, Error, Event, Job, JobId, NewJob, StoreFuture, Timestamp, Until};

use crate::enqueue::destination::Destination;
use crate::{Jobs, Options};

/// How many jobs go to the store in one call.
const CHUNK: usize = 4000;

/// How many bytes of arguments do, even if the jobs are fewer.
const CHUNK_BYTES: usize = 8 << 20;

/// A job of any type with its options, for a bulk of mixed types.
pub struct AnyJob {
    options: Options,
    prepare: Prepare,
}

type Prepare = Box<dyn FnOnce(&Jobs, Options) -> Result<NewJob, Error> + Send>;

impl AnyJob {
    /// This job as its definition says.
    pub fn new<J: Job>(job: J) -> Self {
        Self { options: Options::default(), prepare: Box::new(move |jobs, options| jobs.prepare(&job, options)) }
    }

    /// On another queue.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.options.queue = Some(queue.into());
        self
    }

    /// With another priority.
    pub fn priority(mut self, priority: i32) -> Self {
        self.options.priority = Some(priority);
        self
    }

    /// As [`PerformLater::unique_by`](crate::PerformLater::unique_by).
    pub fn unique_by(mut self, key: impl Into<String>) -> Self {
        self.options.unique_by = Some(key.into());
        self
    }

    /// As [`PerformLater::unique_until`](crate::PerformLater::unique_until).
    pub fn unique_until(mut self, until: Until) -> Self {
        self.options.unique_until = Some(until);
        self
    }

    /// As [`PerformLater::unique_for`](crate::PerformLater::unique_for).
    pub fn unique_for(mut self, time: std::time::Duration) -> Self {
        self.options.unique_for = Some(time);
        self
    }

    /// Under this id instead of a new one, so that the enqueue can be repeated.
    pub fn id(mut self, id: JobId) -> Self {
        self.options.id = Some(id);
        self
    }

    /// Not before this long from now, by the store's clock.
    pub fn wait(mut self, wait: std::time::Duration) -> Self {
        self.options.due = Due::In(wait);
        self
    }

    /// Not before this point in time.
    pub fn wait_until(mut self, at: impl Into<Timestamp>) -> Self {
        self.options.due = Due::At(at.into());
        self
    }
}

impl<J: Job> From<J> for AnyJob {
    fn from(job: J) -> Self {
        Self::new(job)
    }
}

impl fmt::Debug for AnyJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyJob").field("options", &self.options).finish_non_exhaustive()
    }
}

/// A bulk that ended before its end: the source of the error that ended it.
///
/// ```
/// # use jobs_runtime::{CutShort, Jobs};
/// # use jobs_core::{Error, Job};
/// # async fn example<J: Job>(jobs: Jobs, many: Vec<J>) -> Result<(), Error> {
/// use std::error::Error as _;
///
/// if let Err(error) = jobs.perform_all_later(many).await {
///     let cut = error.source().and_then(|source| source.downcast_ref::<CutShort>());
///     let stored = cut.map_or(0, |cut| cut.stored.len());
///     println!("go on after {stored} jobs: {error}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct CutShort {
    /// The answers of the store for the jobs that are stored, the first first.
    pub stored: Vec<Enqueued>,
    /// How many jobs after them were handed to the store in one call that it did not answer. They are stored all or
    /// none. If the connection died before the answer, nobody knows which, and to enqueue them anew may run them
    /// twice; if the store refused them, none is.
    pub unanswered: usize,
    cause: Error,
}

impl fmt::Display for CutShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (stored, unanswered) = (self.stored.len(), self.unanswered);
        write!(f, "the bulk ended with {stored} jobs stored and {unanswered} without an answer: {}", self.cause)
    }
}

impl std::error::Error for CutShort {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

impl Jobs {
    /// Stores many jobs, up to 4,000 or 8 MiB of arguments in one call to the store, with one answer for each in their order.
    ///
    /// No enqueue callback runs, as in Active Job. A unique job that is there already, or stands earlier in the list, is
    /// answered as a duplicate. If the iterator is lazy, memory stays bounded by a chunk.
    ///
    /// Not cancel safe: chunks that were stored stay stored.
    ///
    /// # Errors
    /// A job that cannot be stored, or a chunk that the store refused or did not answer. Chunks before it are stored:
    /// the message says how many jobs that is, and the source is a [`CutShort`] with their answers.
    pub async fn perform_all_later<T: Into<AnyJob>>(
        &self,
        jobs: impl IntoIterator<Item = T, IntoIter: Send> + Send,
    ) -> Result<Vec<Enqueued>, Error> {
        self.put_all(jobs, Destination::Store).await
    }

    pub(crate) async fn put_all<T: Into<AnyJob>>(
        &self,
        jobs: impl IntoIterator<Item = T, IntoIter: Send> + Send,
        mut destination: Destination<'_>,
    ) -> Result<Vec<Enqueued>, Error> {
        let mut jobs = jobs.into_iter();
        let mut progress = BulkProgress::of(self, destination.is_uncertain());
        let mut chunk = self.chunk(&mut jobs)?;
        while !chunk.is_empty() {
            let storing = destination.put(&*self.shared.store, &chunk);
            let (stored, made) = run_while(storing, || {
                progress.count();
                self.chunk(&mut jobs)
            })
            .await;
            match stored {
                Ok(answers) => progress.add(chunk, answers),
                Err(error) => return Err(progress.cut_short(chunk.len(), error)),
            }
            chunk = match made {
                Ok(made) => made,
                Err(error) => return Err(progress.cut_short(0, error)),
            };
        }
        Ok(progress.end())
    }

    fn chunk<T: Into<AnyJob>>(&self, jobs: &mut impl Iterator<Item = T>) -> Result<Vec<NewJob>, Error> {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while chunk.len() < CHUNK && bytes < CHUNK_BYTES {
            let Some(job) = jobs.next().map(Into::into) else { break };
            let job = (job.prepare)(self, job.options)?;
            bytes += job.arguments.len();
            chunk.push(job);
        }
        Ok(chunk)
    }
}

/// What has become of a bulk so far.
struct BulkProgress<'a> {
    jobs: &'a Jobs,
    /// The event of its end.
    told: fn(Bulk) -> Event,
    bulk: Bulk,
    answers: Vec<Enqueued>,
    /// Those that are stored last and not counted yet.
    last: Vec<NewJob>,
}

impl<'a> BulkProgress<'a> {
    fn of(jobs: &'a Jobs, is_uncertain: bool) -> Self {
        let told = if is_uncertain { Event::EnqueuedAllWithin } else { Event::EnqueuedAll };
        Self { jobs, told, bulk: Bulk::default(), answers: Vec::new(), last: Vec::new() }
    }

    /// These were stored; those before them are counted.
    fn add(&mut self, chunk: Vec<NewJob>, answers: Vec<Enqueued>) {
        self.answers.extend(answers);
        self.last = chunk;
    }

    /// Counts those that were stored last, by their names; tells of the others.
    fn count(&mut self) {
        let last = std::mem::take(&mut self.last);
        let answers = &self.answers[self.answers.len() - last.len()..];
        let (stored, others): (Vec<_>, Vec<_>) =
            last.iter().zip(answers).partition(|(_, answer)| matches!(answer, Enqueued::New(_)));
        for (job, answer) in others {
            self.jobs.announce(job, answer, false);
        }
        self.bulk.add(stored.into_iter().map(|(job, _)| job.name.as_str()));
    }

    fn end(mut self) -> Vec<Enqueued> {
        self.tell();
        self.answers
    }

    /// The bulk ends here; its error says how much of it is stored.
    fn cut_short(mut self, unanswered: usize, error: Error) -> Error {
        self.bulk.failed = unanswered;
        self.tell();
        let message = match self.answers.len() {
            0 => error.to_string(),
            count => format!("{error} (the {count} jobs before it are stored)"),
        };
        error.in_words_by(message, |cause| CutShort { stored: self.answers, unanswered, cause })
    }

    fn tell(&mut self) {
        self.count();
        let bulk = std::mem::take(&mut self.bulk);
        if bulk != Bulk::default() {
            self.jobs.shared.events.emit(|| (self.told)(bulk));
        }
    }
}

/// The store begins before `work` is done here, so that both go on at once.
async fn run_while<T, W>(mut storing: StoreFuture<'_, T>, work: impl FnOnce() -> W) -> (Result<T, Error>, W) {
    let begun = poll_fn(|context| match storing.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => Poll::Ready(None),
    })
    .await;
    let worked = work();
    (if let Some(stored) = begun { stored } else { storing.await }, worked)
}
