//! What a worker performs: the text under `worker:<id>`.

use jobs_active_job::JsonFields;
use jobs_core::{Error, Timestamp};
use serde_json::value::RawValue;

use crate::times::{read_time, run_at_text};

/// A job that a worker performs. The text stays in Redis until the run has ended; so it is also what is left of a worker that
/// was killed.
#[derive(Clone, Debug)]
pub struct RunningJob {
    fields: JsonFields,
}

/// The key that tells two runs of equal payloads apart. Ruby ignores it.
const TOKEN: &str = "token";

impl RunningJob {
    /// A job that was taken from this queue. `payload` is its text as it was in the queue; `token` names this run.
    ///
    /// # Errors
    /// `payload` is not JSON: Resque's pages would not open with it. The error [is corrupt](Error::is_corrupt).
    pub fn new(queue: &str, run_at: Timestamp, payload: &str, token: &str) -> Result<Self, Error> {
        let payload = RawValue::from_string(payload.to_owned())
            .map_err(|cause| Error::corrupt("the payload of a job is not JSON").with_source(cause))?;
        let mut fields = JsonFields::default();
        fields.write("queue", queue);
        fields.write("run_at", &run_at_text(run_at));
        fields.set("payload", payload);
        fields.write(TOKEN, token);
        Ok(Self { fields })
    }

    /// Reads what a worker of Ruby or of ours wrote.
    ///
    /// # Errors
    /// It is not an object with a payload. The error [is corrupt](Error::is_corrupt).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fields: Option<JsonFields> = serde_json::from_str(text).ok();
        let fields = fields.filter(|fields| fields.get("payload").is_some());
        let fields = fields.ok_or_else(|| Error::corrupt("the job of a worker is not an object with a payload"))?;
        Ok(Self { fields })
    }

    /// The text to store.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.fields).unwrap_or_default()
    }

    /// The queue that the job was taken from.
    pub fn queue(&self) -> Option<String> {
        self.fields.read("queue")
    }

    /// When the run began, to the second.
    pub fn run_at(&self) -> Option<Timestamp> {
        read_time(&self.fields.read::<String>("run_at")?)
    }

    /// The text of the job, as it was in the queue.
    pub fn payload(&self) -> &str {
        self.fields.get("payload").map_or("null", RawValue::get)
    }

    /// The name of this run, if a worker of ours performs it.
    pub fn token(&self) -> Option<String> {
        self.fields.read(TOKEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_job_has_queue_time_payload_and_the_name_of_the_run() {
        let at = Timestamp::from_micros(1_795_971_002_999_999);
        let running = RunningJob::new("slow", at, r#"{"class":"Slow","args":[1.0]}"#, "7").unwrap();
        let text = running.text();
        let expected =
            r#"{"queue":"slow","run_at":"2026-11-29T16:50:02Z","payload":{"class":"Slow","args":[1.0]},"token":"7"}"#;
        assert_eq!(text, expected);
        let read = RunningJob::parse(&text).unwrap();
        assert_eq!((read.queue().as_deref(), read.token().as_deref()), (Some("slow"), Some("7")));
        assert_eq!(read.payload(), r#"{"class":"Slow","args":[1.0]}"#);
        assert_eq!(read.run_at(), Some(Timestamp::from_micros(1_795_971_002_000_000)));
    }

    #[test]
    fn a_text_that_would_break_the_pages_of_resque_is_refused() {
        for payload in ["", "no json", "{\"class\":", "{} {}"] {
            assert!(RunningJob::new("slow", Timestamp::default(), payload, "7").unwrap_err().is_corrupt(), "{payload}");
        }
        for text in ["", "[]", "{}", "null"] {
            assert!(RunningJob::parse(text).unwrap_err().is_corrupt(), "{text}");
        }
    }
}
