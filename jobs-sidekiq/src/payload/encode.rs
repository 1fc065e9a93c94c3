//! Writes a new job as Sidekiq's client would.

use jobs_core::{Meta, NewJob, Timestamp};

use super::Payload;
use super::args::Args;
use super::id::jid_of;
use super::names::Names;
use super::object::Object;
use super::own::{self, Own};
use super::times::TimeUnit;

impl Payload {
    /// The payload of a job that the store receives now and that is due at `due`. It has no `enqueued_at` yet.
    pub(crate) fn of_new(job: &NewJob, names: Names, unit: TimeUnit, now: Timestamp, due: Timestamp) -> Self {
        let args = Args::of(&job.arguments);
        let mut object = Object::default();
        object.set("retry", true);
        object.set("queue", &job.queue);
        object.set("class", names.class_of(&job.name));
        object.set("args", &args.list);
        object.set("jid", jid_of(job.id));
        object.set("created_at", unit.json(now));
        let tags = Meta::parse(job.meta.as_deref()).map(|meta| meta.tags).unwrap_or_default();
        if !tags.is_empty() {
            object.set("tags", tags);
        }
        let own = Own {
            id: Some(job.id),
            names: args.names.filter(|_| args.text.is_none()),
            text: args.text,
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
        Self { id: job.id, object, own }
    }
}
