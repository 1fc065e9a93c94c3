//! The capability of a store to keep figures of attempts by job and by queue.

use super::StoreFuture;
use crate::{FigureFilter, FigureReport, FigureRows, NewFigures};

/// The capability of a store to keep figures of attempts by job and by queue, for the last hour, day and week.
///
/// Processes add what ended in them, many attempts with one call. The figures are bounded: rows of a
/// [range](crate::TimeRange) are removed when its steps are over, and a step has at most [`MAX_PAIRS`](crate::MAX_PAIRS) rows.
///
/// **Time.** The store's own clock decides in which step figures are counted: that in which they are added.
pub trait FigureStore: Send + Sync {
    /// Adds figures, as [`FigureUpdate`](crate::FigureUpdate) says, and removes the rows that no range
    /// [keeps](crate::TimeRange::keeps). If a version was started, notes the [deploy](crate::Deploy::after_start).
    ///
    /// All of it is one transaction: racing calls lose nothing. A call that is repeated because its answer was lost may count
    /// twice.
    ///
    /// # Errors
    /// As [`Store`](crate::Store); nothing was added then.
    fn add<'a>(&'a self, new: &'a NewFigures) -> StoreFuture<'a, ()>;

    /// Whether the store counts attempts itself when they are settled, as that of Sidekiq does, so that processes add nothing and
    /// [`add`](Self::add) is refused. Default: no.
    fn counts_attempts(&self) -> bool {
        false
    }

    /// The rows of a range that [match](FigureFilter::matches), with the store's current time and all deploys.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn rows<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureRows>;

    /// The figures that match, put together.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn report<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureReport> {
        Box::pin(async move { Ok(FigureReport::new(filter.range, self.rows(filter).await?)) })
    }
}
