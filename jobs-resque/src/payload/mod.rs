//! A job in a queue of Resque: class and arguments, and what they say about the job.

mod changes;
mod encode;
mod own;
mod record;
mod ruby_json;
mod ruby_retry;

use jobs_active_job::{JsonFields, SerializedJob};
use jobs_core::{Error, JobId};
pub(crate) use own::KEY as OWN_KEY;
use own::Own;
pub(crate) use ruby_retry::{attempts, counter_keys};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The class of the wrapper that performs jobs of Active Job, the same in Rails' and in Resque's own adapter.
pub const WRAPPER: &str = "ActiveJob::QueueAdapters::ResqueAdapter::JobWrapper";

/// The namespace of ids that are computed from texts.
const OF_TEXTS: Uuid = Uuid::from_u128(0x3f6c_1d0a_52b8_5c4e_8d75_9a21_c0f4_7e63);

/// A payload that can be read. `Debug` leaves out the arguments.
#[derive(Clone)]
pub struct Payload {
    id: JobId,
    fields: JsonFields,
    own: Own,
    /// The job of Rails in it, if it is one of Active Job.
    active_job: Option<SerializedJob>,
    /// How many attempts resque-retry counts; see [`retry_counters`](Self::retry_counters).
    attempts_of_ruby: u32,
}

impl Payload {
    /// Reads a text. `args` that are null or missing are no arguments.
    ///
    /// # Errors
    /// It is not the payload of a job: no JSON object, no class, `args` that are no list, or the wrapper of Active Job without
    /// a job. The error [is corrupt](Error::is_corrupt) and shows no arguments.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = |why: &str| Error::corrupt(format!("this is not a job of Resque: {why}"));
        let fields = serde_json::from_str(text).map_err(|_secret| refused("it is not a JSON object"))?;
        Self::of_fields(fields).map_err(refused)
    }

    /// The payload with these fields.
    pub(crate) fn of_fields(fields: JsonFields) -> Result<Self, &'static str> {
        if fields.read::<String>("class").is_none_or(|class| class.trim().is_empty()) {
            return Err("it has no class");
        }
        if !fields.get("args").is_none_or(|args| args.get() == "null" || args.get().starts_with('[')) {
            return Err("its args are not a list");
        }
        let active_job = active_job(&fields)?;
        let own: Own = fields.read(own::KEY).unwrap_or_default();
        let id = own.id.unwrap_or_else(|| computed_id(active_job.as_ref(), || text_of_ruby(&fields)));
        Ok(Self { id, fields, own, active_job, attempts_of_ruby: 0 })
    }

    /// The text to store. Class and arguments stand first, as the text of a job is also what Ruby finds it by.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.fields).unwrap_or_default()
    }

    /// The text with class and arguments alone, as Ruby writes it: what is left when Ruby creates the job again.
    pub fn text_of_ruby(&self) -> String {
        text_of_ruby(&self.fields)
    }

    /// The same in a form that does not depend on how the encoder of Ruby spells it. What only we know of the job lies under it
    /// while the job waits in the schedule.
    pub(crate) fn waiting_text(&self) -> String {
        ruby_json::any_spelling(&self.text_of_ruby())
    }

    /// The identity of the job. Resque has none. It is the one that Rust gave the job, otherwise the `job_id` of Active Job,
    /// otherwise one that is computed from class and arguments, however they are spelled: equal jobs of Ruby have the same.
    pub const fn id(&self) -> JobId {
        self.id
    }

    /// Whether Rust enqueued it and its id is still in it.
    pub const fn is_ours(&self) -> bool {
        self.own.id.is_some()
    }

    /// Whether it is a job of Active Job.
    pub const fn is_active_job(&self) -> bool {
        self.active_job.is_some()
    }

    /// The keys, without the namespace, under which resque-retry may count the attempts of this job. A job of Rust has none, nor
    /// one of Active Job, nor one of which a failure of ours is noted down.
    pub(crate) fn retry_counters(&self) -> Vec<String> {
        if self.is_ours() || self.is_active_job() || self.own.failures > 0 {
            return Vec::new();
        }
        let class: String = self.fields.read("class").unwrap_or_default();
        let none = Box::<RawValue>::default();
        counter_keys(&class, self.fields.get("args").unwrap_or(&none))
    }

    /// With as many attempts as resque-retry counts.
    pub(crate) const fn after_attempts_of_ruby(mut self, attempts: u32) -> Self {
        self.attempts_of_ruby = attempts;
        self
    }

    pub(crate) const fn attempts_of_ruby(&self) -> u32 {
        self.attempts_of_ruby
    }

    /// What only we know of it as JSON, if there is anything.
    pub(crate) fn own_text(&self) -> Option<String> {
        (self.own != Own::default()).then(|| serde_json::to_string(&self.own).unwrap_or_default())
    }

    /// With what only we know of it from [`own_text`](Self::own_text).
    pub(crate) fn with_own(mut self, text: &str) -> Self {
        if let Ok(own) = serde_json::from_str::<Own>(text) {
            self.id = own.id.unwrap_or(self.id);
            self.own = own;
            self.save_own();
        }
        self
    }

    /// The payload, unless it is what stands for a text that is not a job.
    pub(crate) fn performable(self) -> Result<Self, Error> {
        if crate::failure::is_unreadable(&self.name()) {
            return Err(Error::corrupt("this stands for a text that is not a job of Resque"));
        }
        Ok(self)
    }

    pub(crate) const fn fields(&self) -> &JsonFields {
        &self.fields
    }

    /// Writes `own` into the fields, unless there is nothing to write.
    fn save_own(&mut self) {
        if self.own == Own::default() {
            self.fields.remove(own::KEY);
        } else {
            self.fields.write(own::KEY, &self.own);
        }
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payload").field("id", &self.id).field("name", &self.name()).finish_non_exhaustive()
    }
}

/// The identity of a text that is not a job.
pub(crate) fn id_of_text(text: &[u8]) -> JobId {
    JobId::from_bytes(*Uuid::new_v5(&OF_TEXTS, text).as_bytes())
}

fn active_job(fields: &JsonFields) -> Result<Option<SerializedJob>, &'static str> {
    if fields.read::<String>("class").is_none_or(|class| class != WRAPPER) {
        return Ok(None);
    }
    let list: Vec<Box<RawValue>> = fields.read("args").unwrap_or_default();
    let job = list.first().and_then(|first| SerializedJob::parse(first.get()).ok());
    job.map(Some).ok_or("its class is the wrapper of Active Job, and its first argument is not a job of Active Job")
}

/// A value as Ruby writes it again.
pub(crate) fn value_of_ruby(value: &str) -> Box<RawValue> {
    RawValue::from_string(ruby_json::of_ruby(value)).unwrap_or_default()
}

/// Class and arguments. Ruby creates a job without arguments with an empty list.
fn text_of_ruby(fields: &JsonFields) -> String {
    let value = |key| fields.get(key).map_or("null", RawValue::get);
    let args = Some(value("args")).filter(|args| *args != "null").unwrap_or("[]");
    let mut of_ruby = JsonFields::default();
    of_ruby.set("class", value_of_ruby(value("class")));
    of_ruby.set("args", value_of_ruby(args));
    serde_json::to_string(&of_ruby).unwrap_or_default()
}

fn computed_id(active_job: Option<&SerializedJob>, text: impl FnOnce() -> String) -> JobId {
    let of_rails = active_job.and_then(SerializedJob::job_id);
    let uuid = of_rails.as_deref().and_then(|id| Uuid::parse_str(id).ok());
    let uuid = uuid.unwrap_or_else(|| Uuid::new_v5(&OF_TEXTS, of_rails.unwrap_or_else(text).as_bytes()));
    JobId::from_bytes(*uuid.as_bytes())
}
