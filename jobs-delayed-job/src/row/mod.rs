//! Rows of the table `delayed_jobs`: what their columns say, and the columns of a new job.

mod last_error;
mod new_row;
mod stored;
mod time;

pub use last_error::{last_error_of, last_error_text};
pub use new_row::NewRow;
pub use stored::{MAX_ATTEMPTS, MAX_RUN_TIME, Row, retry_wait};
pub(crate) use time::storable;
pub use time::{parse_time, time_text};
