//! The columns of a new job.

use jobs_active_job::SerializedJob;
use jobs_core::{Error, Timestamp};

use super::time::time_text;
use crate::PayloadObject;

/// The columns of a job that is to be inserted, as Ruby's client fills them. All other columns have their defaults.
///
/// The caller inserts them, in a transaction of its own if the job is to vanish with it:
///
/// ```sql
/// INSERT INTO delayed_jobs (priority, handler, run_at, queue, created_at, updated_at) VALUES (..)
/// ```
///
/// ```
/// use jobs_active_job::{Rails, SerializedJob};
/// use jobs_core::{Clock, SystemClock};
/// use jobs_delayed_job::row::NewRow;
///
/// let id = "5678e537-92ef-433f-903d-9103040d7d94";
/// let (now, rails) = (SystemClock.now(), Rails::default());
/// let mut job = SerializedJob::new("WelcomeJob", id, "mail", "[42]".to_owned(), rails)?;
/// job.set_times(now, None, rails);
/// let row = NewRow::of_active_job(&job, None, now)?;
/// assert_eq!((row.priority, row.queue.as_deref()), (0, Some("mail")));
/// assert!(row.handler.contains("  job_class: WelcomeJob\n"));
/// # Ok::<(), jobs_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRow {
    /// The priority of Ruby: lower numbers run first.
    pub priority: i32,
    /// What is to be performed.
    pub handler: String,
    /// When it is due, as [`time_text`](super::time_text) writes it.
    pub run_at: String,
    /// The queue.
    pub queue: Option<String>,
    /// When it is inserted.
    pub created_at: String,
    /// The same time.
    pub updated_at: String,
}

impl NewRow {
    /// The row of a job of Active Job that is enqueued `now` and due at `due`, `None` for at once. Queue and priority are those of
    /// the job; without a priority it is 0, the default of Delayed Job.
    ///
    /// # Errors
    /// As [`PayloadObject::write_active_job`]; and if the priority is outside of the column's 32 bits. The error
    /// [is invalid](Error::is_invalid).
    pub fn of_active_job(job: &SerializedJob, due: Option<Timestamp>, now: Timestamp) -> Result<Self, Error> {
        let priority = job.priority().unwrap_or(0);
        let priority = i32::try_from(priority).map_err(|cause| {
            Error::invalid(format!("the priority {priority} is outside of the 32 bits that Delayed Job stores"))
                .with_source(cause)
        })?;
        let created_at = time_text(now);
        Ok(Self {
            priority,
            handler: PayloadObject::write_active_job(job)?,
            run_at: due.map_or_else(|| created_at.clone(), time_text),
            queue: job.queue(),
            updated_at: created_at.clone(),
            created_at,
        })
    }
}
