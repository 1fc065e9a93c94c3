//! A job's text in Redis, as Sidekiq writes and reads it, and what it says about the job. Pure: no input, no output.

pub(crate) mod active_job;
pub(crate) mod args;
mod backtrace;
mod encode;
mod failure;
mod id;
mod own;
mod record;
pub(crate) mod times;
mod travel;
mod unreadable;
mod version;

pub(crate) use active_job::Times;
pub(crate) use encode::{Form, RetryField};
pub(crate) use failure::{AfterFailure, FailedRun};
pub(crate) use id::{id_of_unreadable, jid_of};
pub(crate) use jobs_active_job::ClassNames;
use jobs_active_job::{JsonObject, SerializedJob};
use jobs_core::{DEFAULT_QUEUE, Entropy, JobId};
use own::Own;
pub use times::TimeUnit;
pub(crate) use unreadable::{UNREADABLE, shown};
pub(crate) use version::{Fleet, Version};

/// A payload that can be read.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    pub(crate) id: JobId,
    object: JsonObject,
    own: Own,
    /// The job of Rails in it, if it is one of Active Job.
    active_job: Option<SerializedJob>,
}

impl Payload {
    /// Reads a text.
    ///
    /// # Errors
    /// It is not the payload of a job; the text says why.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let object = JsonObject::parse(text).ok_or("it is not a JSON object")?;
        let class: Option<String> = object.get("class");
        let class = class.filter(|class| !class.is_empty()).ok_or("it has no class")?;
        if class == UNREADABLE {
            return Err("it came from Ruby as the text in its args, which is not the payload of a job");
        }
        if object.raw("args").is_none_or(|args| !args.starts_with('[')) {
            return Err("its args are not an array");
        }
        let own: Own = object.get(own::KEY).unwrap_or_default();
        let jid: Option<String> = object.get("jid");
        let active_job = active_job::read(&object)?;
        Ok(Self { id: id::id_of(jid.as_deref(), own.id, text), object, own, active_job })
    }

    /// The text to store.
    pub(crate) fn text(&self) -> String {
        self.object.text()
    }

    /// The queue that it names itself; `default` if it names none.
    pub(crate) fn queue(&self) -> String {
        let named: Option<String> = self.object.get("queue");
        named.filter(|queue| !queue.is_empty()).unwrap_or_else(|| DEFAULT_QUEUE.to_owned())
    }

    /// Whether it belongs to a batch of Sidekiq Pro.
    pub(crate) fn is_in_batch(&self) -> bool {
        self.object.raw("bid").is_some_and(|bid| bid != "null")
    }

    /// With a `jid`, also if it had none: the pages find an entry by it, and two jobs of the same text without one would be one
    /// member of a sorted set.
    pub(crate) fn with_jid(self, entropy: &dyn Entropy) -> Self {
        let has_jid = self.object.get::<String>("jid").is_some_and(|jid| !jid.is_empty());
        if has_jid { self } else { self.with_new_jid(&id::new_jid(entropy)) }
    }

    /// With this `jid`, as a new job.
    pub(crate) fn with_new_jid(mut self, jid: &str) -> Self {
        self.object.set("jid", jid);
        self.id = id::id_of(Some(jid), self.own.id, "");
        self
    }

    /// Whether it names its queue and its `jid`.
    pub(crate) fn is_complete_for(&self, queue: &str) -> bool {
        let is = |key: &str, wanted: fn(&str, &str) -> bool| {
            self.object.get::<String>(key).is_some_and(|text| wanted(&text, queue))
        };
        is("queue", |named, queue| named == queue) && is("jid", |jid, _| !jid.is_empty())
    }

    /// Whether its `jid` is this.
    pub(crate) fn has_jid(&self, jid: &str) -> bool {
        self.object.get::<String>("jid").is_some_and(|own| own.eq_ignore_ascii_case(jid))
    }

    /// Whether Rust enqueued it.
    pub(crate) fn is_ours(&self) -> bool {
        self.own.id.is_some()
    }

    /// Writes `own` into the object, unless there is nothing to write.
    fn save_own(&mut self) {
        if self.own == Own::default() {
            self.object.remove(own::KEY);
        } else {
            self.object.set(own::KEY, &self.own);
        }
    }
}
