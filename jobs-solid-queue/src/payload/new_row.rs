//! New rows of `solid_queue_jobs`: of a job that is enqueued, and of the next attempt of one.

use jobs_active_job::{ClassNames, Rails, SerializedJob};
use jobs_core::{Error, NewJob, Timestamp};
use jobs_sql::Dialect;

use super::arguments::Arguments;
use super::own::RustFields;
use super::{JobRow, RowPayload, active_job_id_of, storable, to_column};

/// The form in which jobs are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowForm {
    pub(crate) names: ClassNames,
    /// The oldest release of Rails in the fleet.
    pub(crate) rails: Rails,
    pub(crate) dialect: Dialect,
}

/// A row to insert. `created_at` and `updated_at` are one time, as Ruby writes them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NewRow {
    pub(crate) queue: String,
    pub(crate) class: String,
    pub(crate) arguments: String,
    /// As in the column: lower numbers first.
    pub(crate) priority: i32,
    pub(crate) active_job_id: String,
    /// When it is due: never NULL.
    pub(crate) scheduled_at: Timestamp,
    pub(crate) concurrency_key: Option<String>,
    pub(crate) created_at: Timestamp,
}

/// What changes in the next attempt of a job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Next<'a> {
    /// Another queue.
    pub(crate) queue: Option<&'a str>,
    /// Another priority, higher first.
    pub(crate) priority: Option<i32>,
    pub(crate) now: Timestamp,
    pub(crate) due: Timestamp,
}

impl NewRow {
    /// The row of a job that the store receives now, as Solid Queue writes it.
    ///
    /// # Errors
    /// Active Job refuses an argument. The error [is invalid](Error::is_invalid).
    pub(crate) fn of(job: &NewJob, form: RowForm, now: Timestamp) -> Result<Self, Error> {
        let due = storable(job.due.at(now));
        let class = form.names.class_of(&job.name);
        let active_job_id = active_job_id_of(job.id);
        let kept = Arguments::of(job, form.rails)?;
        let mut serialized = SerializedJob::new(&class, &active_job_id, &job.queue, kept.list, form.rails)?;
        let priority = to_column(job.priority);
        serialized.set_priority((priority != 0).then_some(priority.into()));
        // Solid Queue gives a job that is due at once the time of the call.
        serialized.set_times(now, Some(due), form.rails);
        let own = RustFields {
            names: kept.names,
            text: kept.text,
            version: (job.version != 1).then_some(job.version),
            expires: job.expires_at.map(Timestamp::as_micros),
            batch_id: job.batch_id.clone(),
            ..RustFields::default()
        };
        let mut payload = RowPayload { job: serialized, own };
        payload.set_meta(job.meta.as_deref());
        Ok(Self {
            queue: job.queue.clone(),
            class: column_text(&class),
            arguments: payload.text(form.dialect),
            priority,
            active_job_id,
            scheduled_at: due,
            concurrency_key: job.concurrency_key.as_deref().map(column_text),
            created_at: now,
        })
    }

    /// Whether it was due when the store received it.
    pub(crate) fn is_due(&self) -> bool {
        self.scheduled_at <= self.created_at
    }

    /// Whether it needs a permit before it is ready.
    pub(crate) fn is_limited(&self) -> bool {
        self.is_due() && self.concurrency_key.is_some()
    }

    /// The row of the next attempt, as Active Job's `retry_on` makes it: another row of the same job, with what `payload`
    /// says of it. The row before it is finished.
    pub(crate) fn of_next(row: &JobRow, mut payload: RowPayload, next: &Next<'_>, form: RowForm) -> Self {
        let (due, received) = (storable(next.due), payload.received_at(row));
        let queue = next.queue.unwrap_or(&row.queue);
        // A number can always be written.
        let _written = payload.job.set("provider_job_id", &row.id);
        payload.job.set_queue(queue);
        let priority = next.priority.map_or(row.priority, |priority| to_column(priority).into());
        if next.priority.is_some() {
            payload.job.set_priority(Some(priority));
        }
        payload.job.set_times(next.now, Some(due), form.rails);
        payload.own.at = Some(received.as_micros());
        Self {
            queue: queue.to_owned(),
            class: row.class.clone(),
            arguments: payload.text(form.dialect),
            priority: i32::try_from(priority).unwrap_or(i32::MAX),
            active_job_id: active_job_id_of(row.job_id()),
            scheduled_at: due,
            concurrency_key: row.concurrency_key.clone(),
            created_at: next.now,
        }
    }
}

/// The text for a column. PostgreSQL has no texts with the character NUL; the serialized job has it.
fn column_text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
