//! A job of resque-scheduler that waits for its second.

use jobs_active_job::JsonFields;
use jobs_core::{Error, Timestamp};
use serde_json::value::RawValue;

use crate::Payload;
use crate::payload::{OWN_KEY, value_of_ruby};

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
        Ok(Self { payload: Payload::of_fields(fields).map_err(Error::corrupt)?, queue })
    }

    /// All of it as one text: class, arguments and queue in that order, then what else the payload has.
    pub fn text(&self) -> String {
        self.text_with("", |value| RawValue::from_string(value.to_owned()).unwrap_or_default())
    }

    /// The text in the list of its second, and in the two other keys of resque-scheduler. What only we know of the job is not
    /// in it: a scheduler of Ruby would lose it, and Ruby finds the job by this text, which is as Ruby would write it.
    pub fn listed_text(&self) -> String {
        self.text_with(OWN_KEY, value_of_ruby)
    }

    fn text_with(&self, left_out: &str, value_of: impl Fn(&str) -> Box<RawValue>) -> String {
        let (given, mut fields) = (self.payload.fields(), JsonFields::default());
        for key in ["class", "args"] {
            if let Some(value) = given.get(key) {
                fields.set(key, value_of(value.get()));
            }
        }
        fields.write("queue", &self.queue);
        let is_written = |key| ["class", "args", "queue", left_out].contains(&key);
        for (key, value) in given.iter().filter(|(key, _)| !is_written(*key)) {
            fields.set(key, value_of(value));
        }
        serde_json::to_string(&fields).unwrap_or_default()
    }

    /// The second under which a job waits that is due at this time: the fraction is cut off, as resque-scheduler does.
    pub const fn second_of(due: Timestamp) -> i64 {
        due.as_micros().div_euclid(1_000_000)
    }
}

/// An entry of the schedule: a text in the list of a second, with what only we know of the job.
#[derive(Clone, Debug)]
pub(crate) struct DelayedEntry {
    pub(crate) second: i64,
    pub(crate) text: Vec<u8>,
    /// The member of `jobs_rs:waiting:..` that belongs to it: a number of fixed length, a colon, and JSON.
    pub(crate) member: Option<String>,
    job: Option<DelayedJob>,
}

/// The longest member of the schedule that is a second, as the scripts have it: no second of a calendar is longer.
const MEMBER_LEN_MAX: usize = 17;

/// The second of a member of the schedule; `None` if it is not a whole number, under which resque-scheduler finds no jobs.
pub(crate) fn second_of_member(member: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(member).ok().filter(|text| text.len() <= MEMBER_LEN_MAX)?;
    text.parse().ok().filter(|second: &i64| second.to_string() == text)
}

/// How long the number and the colon are.
const MEMBER_HEAD: usize = 16;

impl DelayedEntry {
    pub(crate) fn new(second: i64, text: Vec<u8>) -> Self {
        let job = std::str::from_utf8(&text).ok().and_then(|text| DelayedJob::parse(text).ok());
        Self { second, text, member: None, job }
    }

    /// With the member that belongs to it.
    pub(crate) fn with(mut self, member: String) -> Self {
        if let (Some(job), Some(own)) = (&mut self.job, member.get(MEMBER_HEAD..)) {
            job.payload = job.payload.clone().with_own(own);
        }
        self.member = Some(member);
        self
    }

    /// The name under which members for this text stand: what is left of it when Ruby has moved it to its queue.
    pub(crate) fn key(&self) -> String {
        self.job.as_ref().map(|job| job.payload.waiting_text()).unwrap_or_default()
    }

    /// The job; `None` if the text is none.
    pub(crate) const fn job(&self) -> Option<&DelayedJob> {
        self.job.as_ref()
    }

    /// When it is due: to the microsecond if we know it, otherwise at its second.
    pub(crate) fn due(&self) -> Timestamp {
        let exact = self.member.as_ref().and(self.job.as_ref()).and_then(|job| job.payload.due_at());
        let exact = exact.filter(|due| DelayedJob::second_of(*due) == self.second);
        exact.unwrap_or_else(|| Timestamp::from_micros(self.second.saturating_mul(1_000_000)))
    }
}
