//! A job of resque-scheduler that waits for its second.

use jobs_core::{Error, Timestamp};

use crate::Payload;

/// A delayed job: the payload, and the queue that it goes to. It waits in three keys: the list of its second, the set of the
/// seconds in which its text waits, and the schedule (see [`Keys`](crate::Keys)).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DelayedJob {
    /// The job.
    pub payload: Payload,
    /// Its queue.
    pub queue: String,
}

impl DelayedJob {
    /// This job for this queue.
    pub fn new(payload: Payload, queue: impl Into<String>) -> Self {
        Self { payload, queue: queue.into() }
    }

    /// Reads the text of a delayed job.
    ///
    /// # Errors
    /// It is not one: no [payload](Payload::parse), or without a queue. The error [is corrupt](Error::is_corrupt).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let payload = Payload::parse(text)?;
        let queue: Option<String> = payload.fields().read("queue");
        let queue = queue.filter(|queue| !queue.trim().is_empty());
        let queue = queue.ok_or_else(|| Error::corrupt("this delayed job of resque-scheduler names no queue"))?;
        let mut fields = payload.fields().clone();
        fields.remove("queue");
        let text = serde_json::to_string(&fields).unwrap_or_default();
        // The id of a job of Ruby is that of its text in the queue, where it has no queue in it.
        Ok(Self { payload: Payload::of_fields(fields, &text).map_err(Error::corrupt)?, queue })
    }

    /// The text in the list of its second: class, arguments and queue in that order, then what else the payload has. A
    /// scheduler of Ruby moves only the first three.
    pub fn text(&self) -> String {
        let mut fields = jobs_active_job::JsonFields::default();
        for key in ["class", "args", "queue"] {
            match self.payload.fields().get(key) {
                _ if key == "queue" => fields.write(key, &self.queue),
                Some(value) => fields.set(key, value.to_owned()),
                None => {}
            }
        }
        for (key, value) in self.payload.fields().iter().filter(|(key, _)| !["class", "args", "queue"].contains(key)) {
            if let Ok(value) = serde_json::value::RawValue::from_string(value.to_owned()) {
                fields.set(key, value);
            }
        }
        serde_json::to_string(&fields).unwrap_or_default()
    }

    /// The second under which a job waits that is due at this time: the fraction is cut off, as resque-scheduler does.
    pub const fn second_of(due: Timestamp) -> i64 {
        due.as_micros().div_euclid(1_000_000)
    }
}
