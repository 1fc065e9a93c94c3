//! A failure record: an entry of the list `failed`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jobs_active_job::JsonFields;
use jobs_core::{Error, ErrorRecord, Timestamp};
use serde_json::value::RawValue;

use crate::Payload;
use crate::times::{failed_at_text, read_time};

/// A failure record, in the form that Resque's pages show and retry. Keys that are not known here are kept.
#[derive(Clone)]
pub struct FailureRecord {
    fields: JsonFields,
}

/// The classes of records of texts that are not jobs.
const UNREADABLE_TEXT: &str = "jobs::UnreadableText";
const UNREADABLE_BYTES: &str = "jobs::UnreadableBytes";

impl FailureRecord {
    /// The record of a failed run: the causes of the error are the backtrace.
    pub fn new(payload: &Payload, error: &ErrorRecord, worker: &str, queue: &str, now: Timestamp) -> Self {
        let mut fields = JsonFields::default();
        fields.write("failed_at", &failed_at_text(now));
        fields.write("payload", payload.fields());
        write_end(&mut fields, error, worker, queue);
        Self { fields }
    }

    /// The record of a text that cannot be performed, so that it does not get lost and does not break the pages, which need a
    /// class. An object of a queue with a class stands there as it is. Any other text is the only argument of a class of its
    /// own, in base64 if it is not UTF-8.
    pub fn of_unreadable(text: &[u8], error: &ErrorRecord, worker: &str, queue: &str, now: Timestamp) -> Self {
        let object: Option<JsonFields> = serde_json::from_slice(text).ok();
        let object = object.filter(|object| !queue.is_empty() && object.read::<String>("class").is_some());
        let mut fields = JsonFields::default();
        fields.write("failed_at", &failed_at_text(now));
        fields.write("payload", &object.unwrap_or_else(|| stand_in(text)));
        write_end(&mut fields, error, worker, queue);
        Self { fields }
    }

    /// Reads a record of Ruby or of ours.
    ///
    /// # Errors
    /// It is not a JSON object. The error [is corrupt](Error::is_corrupt).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fields = serde_json::from_str(text);
        let fields = fields.map_err(|_secret| Error::corrupt("a failure record of Resque is not a JSON object"))?;
        Ok(Self { fields })
    }

    /// The text to store.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.fields).unwrap_or_default()
    }

    /// The text of the job that failed.
    pub fn payload_text(&self) -> &str {
        self.fields.get("payload").map_or("null", RawValue::get)
    }

    /// The job that failed.
    ///
    /// # Errors
    /// As those of [`Payload::parse`].
    pub fn payload(&self) -> Result<Payload, Error> {
        Payload::parse(self.payload_text())
    }

    /// The bytes that were not a job, of a record of [`of_unreadable`](Self::of_unreadable).
    pub fn unreadable(&self) -> Option<Vec<u8>> {
        let payload = self.payload().ok()?;
        let [argument]: [String; 1] = serde_json::from_str(&payload.arguments()).ok()?;
        match payload.name().as_str() {
            UNREADABLE_TEXT => Some(argument.into_bytes()),
            UNREADABLE_BYTES => STANDARD.decode(argument).ok(),
            _ => None,
        }
    }

    /// The queue that the job was taken from.
    pub fn queue(&self) -> Option<String> {
        self.fields.read("queue")
    }

    /// The worker that performed it.
    pub fn worker(&self) -> Option<String> {
        self.fields.read("worker")
    }

    /// When it failed.
    pub fn failed_at(&self) -> Option<Timestamp> {
        read_time(&self.fields.read::<String>("failed_at")?)
    }

    /// When somebody enqueued the job again, if anybody did. The record stays.
    pub fn retried_at(&self) -> Option<Timestamp> {
        read_time(&self.fields.read::<String>("retried_at")?)
    }

    /// Whether somebody enqueued the job again. A text that is no time counts too.
    pub fn was_retried(&self) -> bool {
        self.fields.get("retried_at").is_some()
    }

    /// The error: class, message, and the lines of the backtrace as its causes.
    pub fn error(&self) -> ErrorRecord {
        let text = |key: &str| self.fields.read::<String>(key).unwrap_or_default();
        let mut error = ErrorRecord::new(text("exception"), text("error"));
        error.causes = self.fields.read("backtrace").unwrap_or_default();
        error.at = self.failed_at().unwrap_or_default();
        error.attempt = self.payload().map_or(1, |payload| payload.failures().max(1));
        error
    }

    /// The record of a job that was enqueued again now. All else stays byte for byte.
    pub fn retried(mut self, now: Timestamp) -> Self {
        self.fields.write("retried_at", &failed_at_text(now));
        self
    }
}

impl std::fmt::Debug for FailureRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut record = f.debug_struct("FailureRecord");
        record.field("failed_at", &self.failed_at()).field("queue", &self.queue()).finish_non_exhaustive()
    }
}

/// Whether this class stands for a text that is not a job.
pub(crate) fn is_unreadable(class: &str) -> bool {
    [UNREADABLE_TEXT, UNREADABLE_BYTES].contains(&class)
}

/// A payload that stands for a text that is not a job.
fn stand_in(text: &[u8]) -> JsonFields {
    let (class, argument) = match std::str::from_utf8(text) {
        Ok(text) => (UNREADABLE_TEXT, text.to_owned()),
        Err(_) => (UNREADABLE_BYTES, STANDARD.encode(text)),
    };
    let mut payload = JsonFields::default();
    payload.write("class", class);
    payload.write("args", &[argument]);
    payload
}

fn write_end(fields: &mut JsonFields, error: &ErrorRecord, worker: &str, queue: &str) {
    let error = &*error.bounded();
    fields.write("exception", if error.class.is_empty() { "jobs::Error" } else { &error.class });
    fields.write("error", &error.message);
    fields.write("backtrace", &error.causes);
    fields.write("worker", worker);
    fields.write("queue", queue);
}
