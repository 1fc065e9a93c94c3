//! Figures of attempts by job and by queue: throughput, errors, run times and waits, over an hour, a day or a week.

mod attempts;
mod deploy;
mod histogram;
pub(crate) mod json;
mod report;
mod row;
mod time_range;
mod update;

pub use attempts::AttemptFigures;
pub use deploy::Deploy;
pub use histogram::Histogram;
pub use report::{FigurePoint, FigureReport, NamedFigures};
pub use row::{FigureFilter, FigureRow, FigureRows, JobFigures, NewFigures};
pub use time_range::TimeRange;
pub use update::{FigureUpdate, MAX_PAIRS, OTHER};
