//! Figures of attempts by job and by queue, which a store keeps for the last hour, day and week.
//!
//! ```
//! use jobs::figures::{FigureFilter, TimeRange};
//! use jobs::store::{StoreExt, connect};
//!
//! # async fn example() -> jobs::Result<()> {
//! let store = connect("sqlite:jobs.db").await?;
//! let report = store.require_figures()?.report(&FigureFilter::all(TimeRange::Day)).await?;
//! for job in &report.jobs {
//!     println!("{}: {} attempts, 95 % within {:?}", job.name, job.figures.attempts, job.figures.run.quantile(0.95));
//! }
//! # Ok(())
//! # }
//! ```

pub use jobs_core::{
    AttemptFigures, Deploy, FigureFilter, FigurePoint, FigureReport, FigureRow, FigureRows, FigureStore, FigureUpdate,
    Histogram, JobFigures, MAX_PAIRS, NamedFigures, NewFigures, OTHER, TimeRange,
};
