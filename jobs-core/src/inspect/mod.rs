//! The capability of a store to read what it holds.

mod argument_view;
mod breakdown;
mod cursor;
mod failures;
mod filter;
mod find_process;
mod health;
pub mod json;
mod message_pattern;
mod page_builder;
mod queue_list_builder;
mod snapshot;
mod stats;

pub use argument_view::ArgumentView;
pub use breakdown::{Breakdown, JobKind};
pub use cursor::{Cursor, IdRange};
pub use failures::{FailureGroup, FailureGrouping, FailureKey, Failures};
pub use filter::{Content, Filter, Order, Page, Period, contains_text};
pub use find_process::find_process;
pub use health::{Check, Health, HealthLimits};
pub use message_pattern::message_pattern;
pub use page_builder::PageBuilder;
pub use queue_list_builder::QueueListBuilder;
pub use snapshot::OldestSnapshot;
pub use stats::{Counts, JobStats, Totals};

use crate::StoreFuture;
use crate::{JobId, JobRecord, ProcessRecord, QueueRecord, State, Timestamp};

/// How many failed jobs are read with one call to group them, which bounds the memory.
const FAILURES_AT_ONCE: usize = 2000;

/// Reads what is stored and changes nothing.
pub trait Inspect: Send + Sync {
    /// The job, in any state; `None` if it never existed or has been pruned. It has the errors that are kept
    /// ([`error_limits`](crate::error_limits)), also if an older version of the store kept more of them.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn find(&self, id: JobId) -> StoreFuture<'_, Option<JobRecord>>;

    /// Jobs that match, at most [`filter.page_size`](Filter::page_size), and where the next page starts. The order is
    /// roughly that in which jobs were enqueued: stores with tables of their own sort by id, because ids increase with time.
    ///
    /// A store reads no more than about [`filter.window`](Filter::window) jobs for a page, or those of one state if there
    /// are few of them: a page may have fewer jobs than its size, or none, and a next page nevertheless. [`Page::next`] is
    /// `None` after the last page.
    ///
    /// The jobs have what [`filter.content`](Filter::content) says. A store with long arguments or many errors does not read
    /// more than that.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page>;

    /// Where this job is in the list: the jobs after and before it are those after and before this cursor. It is the id of
    /// the job, unless the store sorts its jobs in another way.
    fn cursor_at(&self, job: &JobRecord) -> Cursor {
        job.id.into()
    }

    /// How many jobs there are in each state.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn counts(&self) -> StoreFuture<'_, Counts>;

    /// The queues that hold ready jobs or are paused, sorted by name. A store that counts the jobs of each queue by state
    /// ([`QueueRecord::counts`]) shows every queue with a job that is not finished or discarded.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>>;

    /// The registered processes, the oldest first.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn processes(&self) -> StoreFuture<'_, Vec<ProcessRecord>>;

    /// Counts, queues, processes and [totals](JobStats::totals), with the store's current time: what a dashboard or a
    /// monitor reads every few seconds.
    ///
    /// A store that can read all of it at one moment should; its documentation says what that costs. Another store calls
    /// [`stats_at`](Self::stats_at) with its own time.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn stats(&self) -> StoreFuture<'_, JobStats>;

    /// Counts, queues and processes, read one after the other, as the figures of this time, without totals.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn stats_at(&self, now: Timestamp) -> StoreFuture<'_, JobStats> {
        Box::pin(async move {
            let mut stats = JobStats::at(now);
            stats.counts = self.counts().await?;
            stats.queues = self.queues().await?;
            stats.processes = self.processes().await?;
            Ok(stats)
        })
    }

    /// The failed jobs in [groups](FailureGroup), the newest first or from the position of an earlier answer on. At most
    /// `limit` jobs are read, so that the time is bounded; the answer says how many that were and where to go on.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn failures(&self, after: Option<Cursor>, limit: usize) -> StoreFuture<'_, Failures> {
        Box::pin(async move {
            let filter = Filter::state(State::Failed).newest_first().summaries();
            let (mut failures, mut next) = (FailureGrouping::default(), after);
            loop {
                let left = limit.saturating_sub(usize::try_from(failures.read()).unwrap_or(usize::MAX));
                let part = Filter { limit: left.clamp(1, FAILURES_AT_ONCE), before: next.take(), ..filter.clone() };
                let page = self.page(&part).await?;
                failures.add(&page.jobs);
                next = page.next;
                if next.is_none() || left <= page.jobs.len() {
                    return Ok(failures.finish(next));
                }
            }
        })
    }

    /// Jobs that match, as [`page`](Self::page), from as many pages as it takes to find `filter.limit` jobs or the last
    /// one. Each job is returned at most once; jobs that change their state meanwhile may be missed.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn list<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<JobRecord>> {
        Box::pin(async move {
            let mut found = self.page(filter).await?;
            while found.jobs.len() < filter.page_size() {
                let Some(next) = found.next.take() else { break };
                let mut rest = filter.clone().going_on(next);
                rest.limit = filter.page_size() - found.jobs.len();
                let page = self.page(&rest).await?;
                found.jobs.extend(page.jobs);
                found.next = page.next;
            }
            Ok(found.jobs)
        })
    }
}
