//! Writes a new job as Sidekiq's client would.

use jobs_active_job::{ClassNames, JsonObject, PlainArguments};
use jobs_core::{Error, NewJob, Timestamp};

use super::Payload;
use super::active_job::{self, Times};
use super::args;
use super::id::jid_of;
use super::own::{self, Own};
use super::times::TimeUnit;
use super::travel;

/// The form in which jobs are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub(crate) names: ClassNames,
    /// Whether they are jobs of Active Job for Ruby.
    pub(crate) is_active_job: bool,
    /// What jobs of Sidekiq itself say of retries.
    pub(crate) retries: RetryField,
}

/// The key `retry` of a new job for Ruby.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryField {
    /// Retries by Sidekiq's default, which every process knows.
    True,
    /// Those of the class. A process that cannot load the class takes it for `false`.
    Null,
}

impl Payload {
    /// The payload of a job that the store receives now and that is due at `due`. It has no `enqueued_at` yet.
    ///
    /// # Errors
    /// Its arguments cannot be written in this form: one that Active Job refuses, or a keyword of a job that is none of Active
    /// Job. The error [is invalid](Error::is_invalid).
    pub(crate) fn of_new(job: &NewJob, form: Form, times: &Times) -> Result<Self, Error> {
        let Times { unit, now, due, .. } = *times;
        if !form.is_active_job {
            args::check_plain(job)?;
        }
        let args = if form.is_active_job {
            PlainArguments::of_text(&job.arguments)
        } else {
            PlainArguments::of(job, "Sidekiq")?
        };
        let mut object = JsonObject::default();
        let is_of_class = form.retries == RetryField::Null && !form.is_active_job;
        object.set("retry", (!is_of_class).then_some(true));
        object.set("queue", &job.queue);
        let class = form.names.class_of(&job.name);
        if form.is_active_job {
            active_job::write(&mut object, job, &class, times)?;
        } else {
            object.set("class", &class);
            object.set("args", &args.list);
        }
        object.set("jid", jid_of(job.id));
        object.set("created_at", unit.json(now));
        travel::write(&mut object, job.meta.as_deref(), unit);
        let is_list = form.is_active_job || args.text.is_some();
        let own = Own {
            id: Some(job.id),
            names: args.names.filter(|_| !is_list),
            text: args.text.filter(|_| !form.is_active_job),
            priority: job.priority,
            version: (job.version != 1).then_some(job.version),
            meta: job.meta.clone(),
            at: Some(now.as_micros()),
            due: (due > now).then_some(due.as_micros()),
            expires: job.expires_at.map(Timestamp::as_micros),
            concurrency_key: job.concurrency_key.clone(),
            batch_id: job.batch_id.clone(),
            errors: Vec::new(),
        };
        object.set(own::KEY, &own);
        let active_job = if form.is_active_job { active_job::read(&object).unwrap_or_default() } else { None };
        Ok(Self { id: job.id, object, own, active_job })
    }

    /// A new payload for a list, pushed at this time: it lacks nothing else.
    pub(crate) fn pushed_new(mut self, unit: TimeUnit, now: Timestamp) -> Self {
        self.object.set("enqueued_at", unit.json(now));
        self
    }
}
